#pragma once
/// `rulebooks/<book>/cases/*.toml`: sentences that a jurist can sign, and what the engine must answer. The form is
/// described in docs/RULEBOOKS.md.
///
///   TANPUHUI_TRY(const std::vector<LawCase> cases, read_law_cases(file));
///   const Played played = play_case(book, calendar, cases[0]);
///   played.answer == cases[0].expect && played.problem.empty()
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "calendar/calendar.h"
#include "procedure/case.h"
#include "rulebook/rulebook.h"
#include "toml/toml.h"

namespace tanpuhui {

struct ToldStep {
  Day on;
  int minute = 600;  ///< of the day
  std::string by, does;
  std::string as, unit;  ///< empty: the person of that role, the role's own unit
  std::string reason;
  std::vector<std::string> documents;
  std::map<std::string, std::string> fields;
  Vote vote = Vote::none;
  bool conflict = false;
};

/// Of a rule that is no procedure, by name; only what belongs to the rule is filled.
struct ValueQuestion {
  std::string rule;
  std::string holder, asset, act;
  std::string purpose, by;
  std::string signer, delegation;
  std::string honour;
  Day on, available_on;
  std::int64_t reduction_mg = 0;
  std::int64_t acts = 0, points = 0, bearing = 0, plain = 0, takes_bearing = 0;
};

struct LawCase {
  std::string id, basis;
  std::string zh, en;
  std::string expect;     ///< "granted", or the code of the refusal
  std::string waits_for;  ///< a room that is not built yet; empty: none
  std::string file;
  int line = 0;

  std::optional<ValueQuestion> value;  ///< none: a story in a procedure
  std::string procedure, state, applicant;
  std::vector<std::string> documents, facts;
  std::map<std::string, std::string> fields, linked, about;
  std::map<std::string, std::vector<std::string>> lists;
  std::vector<ToldStep> given;
  ToldStep asks;
};

Result<std::vector<LawCase>, TextErrors> read_law_cases(const SourceFile& file);

struct Played {
  std::string answer;   ///< "granted" or a code
  std::string problem;  ///< why the story itself cannot be told: an unknown name, a step before the last refused
  std::string said;     ///< the refusal in words
};
Played play_case(const Rulebook& book, const Calendar& calendar, const LawCase& told);

/// A rule that is no procedure, asked: granted, or the refusal that a room would give.
Result<Done> ask_value(const Rulebook& book, const Calendar& calendar, const ValueQuestion& question);

}  // namespace tanpuhui
