#pragma once
/// A case of a procedure as a value, and what somebody asks to do with it. Everything else - deadlines, notices, what
/// may be done - is derived from these, the book and the calendar, and never stored.
///
///   Case matter = begin_case(procedure, applicant);
///   TANPUHUI_TRY(const CaseStep step, decide_step(book, calendar, matter, facts, request, now));
///   apply_step(matter, step);
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "rulebook/procedure_rules.h"

namespace tanpuhui {

/// Who applied, or whom a case that the scheme opened is about. One of person and unit may be empty.
struct Applicant {
  std::string person, unit;
  std::string kind;  ///< person, organisation, public_institution
};

/// Of one kind in one case there is one document at a time; a replaced one gets the next version.
struct CaseDocument {
  int version = 1;
  Digest digest{};
  bool operator==(const CaseDocument&) const = default;
};

enum class Vote { none, for_it, against };

/// One entry of the history.
struct CaseAct {
  std::string person, unit, role;
  std::string action, from, to;
  Instant at;
  std::string reason;
  std::map<std::string, CaseDocument> documents;  ///< brought or replaced by it
  std::map<std::string, std::string> fields;      ///< filled or changed by it
  Vote vote = Vote::none;
  bool complete = true;  ///< false: one of several signatures, after which others are still missing
  std::string basis;
};

struct Case {
  std::string procedure, state;
  Applicant applicant;
  std::map<std::string, std::string> fields;
  std::map<std::string, CaseDocument> documents;
  std::vector<CaseAct> history;

  /// Empty when it is not filled.
  std::string field(const std::string& name) const;
};

Case begin_case(const ProcedureRule& procedure, Applicant applicant);

struct Actor {
  std::string person, unit;
  std::set<std::string> roles;  ///< all that the person holds
  std::string region = {};      ///< code of the division in which roles of party `local` act; empty: none
};

/// The field of a case that says in which division what it is about lies.
inline const std::string region_field = "region";

struct StepRequest {
  std::string action;
  Actor actor;
  std::string role;  ///< the one of the actor's in which the act is done
  std::string reason;
  std::map<std::string, Digest> documents;
  std::map<std::string, std::string> fields;
  Vote vote = Vote::none;
};

/// A case that has to do with this one.
struct RelatedCase {
  std::string procedure, state;
};

/// Of `CaseFacts::lists`: the measures that are in force against the applicant.
inline const std::string sanctions_list = "sanctions";

/// What the world outside of the case says; the shell of a room gathers it.
struct CaseFacts {
  std::map<std::string, RelatedCase> linked;           ///< the cases that fields name, by field
  std::vector<RelatedCase> about;                      ///< cases about this one
  std::map<std::string, std::set<std::string>> lists;  ///< lists of the platform
  std::set<std::string> said;                          ///< facts that rooms vouch for
  std::set<std::string> conflicts;                     ///< persons with a conflict of interest in this case
};

}  // namespace tanpuhui
