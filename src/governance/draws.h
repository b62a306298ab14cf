#pragma once
/// Draws for cases: experts for a panel, scenarios and projects for a spot check. The pool is what the registers hold
/// now; the lot is procedure/draw.h's.
///
///   TANPUHUI_TRY(const Draw draw, draw_for(ground, stored, rule, 3));
///   request.fields["drawn"] = joined(draw.drawn());  files["draw"] = format_draw(draw, sha256);
///
/// Basis: js24.a7, sip25.a4p2, sip25.a13p4
#include <limits>

#include "cases/work_on_case.h"
#include "procedure/draw.h"

namespace tanpuhui {

inline const std::string draw_document = "draw";
inline const std::string drawn_field = "drawn";  ///< of the case: the names, "a, b"

/// `asked`: how many, at least what the rule says. Experts with an interest in the case, of the applicant's unit or the
/// applicant are not in the pool. Refused: VER-01 a draw stands whose names are all still in the pool, or the pool is
/// too small; PRO-01 the case's last act is in no block of the log yet.
Result<Draw> draw_for(const FactGround& at, const StoredCase& stored, const DrawRule& rule, std::size_t asked);

/// The entry whose block gives the seed: the case's last act before the entry that draws, or its opening.
EntryId entry_before_draw(Database& database, std::int64_t case_number,
                          EntryId draw = EntryId{std::numeric_limits<std::int64_t>::max()});

/// The rule by which that action of the procedure draws; null: it draws nothing.
const DrawRule* find_draw_rule(const Rulebook& book, const std::string& procedure, const std::string& action, Day day);

/// `draw_agrees`: the document is the draw that the rule gives now for as many names as the field lists.
/// `expert_drawn`: who acts was drawn, or nobody was.
std::map<std::string, FactFinder> draw_facts();

}  // namespace tanpuhui
