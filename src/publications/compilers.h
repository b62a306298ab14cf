#pragma once
/// The compilers, one function a publication; compiler.cc has their table.
#include <optional>
#include <string>
#include <vector>

#include "cases/stored_case.h"
#include "publications/compiler.h"

namespace tanpuhui {

struct Compilation {
  const PublicationSources& sources;
  const PublicationRule& rule;
  EntryId as_of;
  Instant as_of_at;
  std::optional<Period> period;

  Day as_of_day() const { return day_at(as_of_at, sources.book.zone); }
  /// No publication shows fewer persons than this, also where the book names no number. Basis: requirements section 7
  int group_min() const;
};

using Rows = std::vector<Row>;

// compile_figures.cc: sums of the ledger
Result<Rows> compile_monthly_figures(const Compilation& at);
Result<Rows> compile_yearly_report(const Compilation& at);
Result<Rows> compile_issuances(const Compilation& at);

// compile_statements.cc: numbered statements of the ledger
Result<Rows> compile_retirements(const Compilation& at);
Result<Rows> compile_neutrality_certificates(const Compilation& at);

// compile_corrections.cc: what was found wrong
Result<Rows> compile_corrections(const Compilation& at);

// compile_notices.cc: what is on public notice
Result<Rows> compile_methodology_notices(const Compilation& at);
Result<Rows> compile_object_notices(const Compilation& at);
Result<Rows> compile_exits(const Compilation& at);

// compile_registers.cc: what was decided
Result<Rows> compile_rules(const Compilation& at);
Result<Rows> compile_methodology_catalogue(const Compilation& at);
Result<Rows> compile_register(const Compilation& at);
Result<Rows> compile_points_rules(const Compilation& at);
Result<Rows> compile_verification_bodies(const Compilation& at);
Result<Rows> compile_disqualifications(const Compilation& at);
Result<Rows> compile_complaint_statistics(const Compilation& at);

// What the registers share (case_facts.cc).
std::vector<StoredCase> cases_of(const Compilation& at, const std::string& procedure);
/// Also of one that nobody registered.
bool is_person(Database& database, AccountId account);
/// An organisation by name; of a person only that it is one.
Cell applicant_of(const Case& matter);
/// A field; unknown when it is not filled.
Cell field_of(const Case& matter, const std::string& field);
/// The first of the fields that is filled, else `case 12`.
std::string name_of(const StoredCase& stored, const std::vector<std::string>& fields);
/// `sha256:...` of the document; unknown when the case has none.
Cell document_of(const Case& matter, const std::string& kind);
/// The methodology that the field names, by its name; `no methodology` when none is.
Cell methodology_of(const Compilation& at, const Case& matter);
/// The last act with one of the actions that was completed; null when there is none.
const CaseAct* last_act(const Case& matter, const std::vector<std::string>& actions);
/// The first act from which one of the effects followed, by the book's words for its actions; of a case that was
/// brought in, the act that brought it to where one of them leads.
const CaseAct* first_act_with(const Compilation& at, const Case& matter, const std::vector<std::string>& effects);
/// The first act that led to the state.
const CaseAct* first_entry(const Case& matter, const std::string& state);
Cell day_of_act(const Compilation& at, const CaseAct* act);
/// Where anybody may object: to the platform, naming what it is about.
Cell objection_channel(const std::string& about);

}  // namespace tanpuhui
