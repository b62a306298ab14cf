#pragma once
/// Who acts, in which procedures, under which conditions and by when: typed as the law files state it.
/// docs/RULEBOOKS.md says what each block means; `src/procedure` carries it out.
#include <string>
#include <variant>
#include <vector>

#include "rulebook/rules.h"

namespace tanpuhui {

/// On whose side a role acts. Whoever is neither applicant nor public acts for the scheme.
enum class Party {
  applicant,
  operator_,
  authority,
  department,
  local,
  expert,
  verifier,
  oversight,
  administrator,
  public_
};

struct RoleRule : Rule {
  std::string id;
  std::string zh, en;
  Party party = Party::applicant;
  std::vector<std::string> excludes;  ///< roles that nobody may hold beside it; one side may name the other

  bool acts_for_scheme() const { return party != Party::applicant && party != Party::public_; }
};

struct ProcedureState {
  std::string id;
  std::string zh, en;
  bool rests = false;  ///< a case may stay here; cases in other states are open
};

struct ProcedureRule : Rule {
  std::string id;
  std::string zh, en;
  std::string starts;
  std::vector<ProcedureState> states;

  /// Null when the procedure has no such state.
  const ProcedureState* find_state(const std::string& state) const;
};

struct ActionRule : Rule {
  std::string procedure, id;
  std::string zh, en;
  std::vector<std::string> when;        ///< states in which it may be taken
  std::string to;                       ///< empty: the state stays
  std::vector<std::string> by;          ///< one of these roles
  bool together = false;                ///< every one of the roles must act, each by another person
  std::vector<std::string> apart_from;  ///< not by a person who took one of these actions in the case
  std::vector<std::string> needs;       ///< guards, asked in this order
  std::vector<std::string> lapses;      ///< guards: when one no longer holds, the platform takes the action by itself
  bool needs_reason = false;
  bool votes = false;
  std::string publishes;  ///< a publication; empty: none
  std::string effect;     ///< what a room does with it; empty: nothing
};

// What a guard may ask. Each is one line of the table in docs/RULEBOOKS.md.
struct DocumentsThere {
  std::vector<std::string> kinds;
};
struct FieldsFilled {
  std::vector<std::string> fields;
};
struct FieldOneOf {
  std::string field;
  std::vector<std::string> words;
};
struct FieldNotInFuture {
  std::string field;
};
struct FieldNotBefore {
  std::string field;
  std::optional<Day> day;  ///< none: today
};
struct FieldAtLeast {
  std::string field;
  std::int64_t least = 0;
};
struct FieldNotListed {
  std::string field, list;
};
struct FieldNamesCase {
  std::string field, procedure;
  std::vector<std::string> states;
  bool may_be_empty = false;
};
struct ApplicantIs {
  std::vector<std::string> kinds;
};
struct ApplicantFree {
  std::vector<std::string> measures;  ///< none of them is in force against the applicant
};
struct NoneOpen {
  std::string procedure;
};
struct OneExists {
  std::string procedure;
  std::vector<std::string> states;
};
struct VotedFor {
  std::string action;
  int share_of = 1, share_in = 1;  ///< 2/3: two of three
  int votes_min = 1;
};
struct DeadlinePassed {
  std::string deadline;
};
struct FactSaid {
  std::string fact;
};
using GuardTest = std::variant<DocumentsThere, FieldsFilled, FieldOneOf, FieldNotInFuture, FieldNotBefore, FieldAtLeast,
                               FieldNotListed, FieldNamesCase, ApplicantIs, ApplicantFree, NoneOpen, OneExists,
                               VotedFor, DeadlinePassed, FactSaid>;

struct GuardRule : Rule {
  std::string id, code;
  std::string zh, en;
  std::string remedy_zh, remedy_en;
  GuardTest test;
};

struct DeadlineRule : Rule {
  std::string id, procedure;
  std::string zh, en;
  std::vector<std::string> starts, ends;  ///< actions
  int days = 0;
  bool working = true;     ///< counted in working days, else in calendar days
  std::string days_field;  ///< a field of the case that says how many; empty: always `days`
  std::vector<std::string> paused_by, resumed_by;
  std::vector<std::int64_t> remind_after;  ///< counted like the term itself
  std::string owner, escalates_to;         ///< roles
};

enum class DrawnFrom { experts, objects };

/// Names that are drawn by lot for a case, in an action of it. A share of the pool, and no fewer than `least`.
struct DrawRule : Rule {
  std::string id, procedure, action;
  std::string zh, en;
  DrawnFrom from = DrawnFrom::experts;
  int share_percent = 0;  ///< rounded up; 0: only `least` counts
  int least = 1;
};

struct NoticeRule : Rule {
  std::string id, procedure;
  std::string zh, en;
  std::vector<std::string> opens, closes;  ///< actions
  int working_days_min = 0;
  std::vector<std::string> before;  ///< states that no way may reach around it
  std::string code;
};

}  // namespace tanpuhui
