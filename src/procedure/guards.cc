#include "procedure/guards.h"

#include <algorithm>
#include <charconv>

#include "base/words.h"
#include "procedure/terms.h"

namespace tanpuhui {
namespace {

using Words = std::vector<std::string>;

std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

class GuardCheck {
 public:
  GuardCheck(const GuardRule& guard, const Circumstances& at) : guard_(guard), at_(at) {}

  std::optional<Refusal> operator()(const DocumentsThere& test) const {
    Words missing;
    for (const std::string& kind : test.kinds)
      if (!at_.matter.documents.contains(kind)) missing.push_back(kind);
    return missing.empty() ? holds() : no({{"missing", joined(missing)}});
  }
  std::optional<Refusal> operator()(const FieldsFilled& test) const {
    Words missing;
    for (const std::string& field : test.fields)
      if (at_.matter.field(field).empty()) missing.push_back(field);
    return missing.empty() ? holds() : no({{"missing", joined(missing)}});
  }
  std::optional<Refusal> operator()(const FieldOneOf& test) const {
    return is_one_of(test.words, at_.matter.field(test.field)) ? holds()
                                                               : no_with(test.field, "asked", joined(test.words));
  }
  std::optional<Refusal> operator()(const FieldNotInFuture& test) const {
    const auto day = parse_day(at_.matter.field(test.field));
    return day && *day <= today() ? holds() : no_with(test.field, "today", format_day(today()));
  }
  std::optional<Refusal> operator()(const FieldNotBefore& test) const {
    const auto day = parse_day(at_.matter.field(test.field));
    const Day first = test.day.value_or(today());
    return day && *day >= first ? holds() : no_with(test.field, "not_before", format_day(first));
  }
  std::optional<Refusal> operator()(const FieldAtLeast& test) const {
    const auto number = whole_number(at_.matter.field(test.field));
    return number && *number >= test.least ? holds() : no_with(test.field, "at_least", std::to_string(test.least));
  }
  std::optional<Refusal> operator()(const FieldNotListed& test) const {
    const auto list = at_.facts.lists.find(test.list);
    const bool listed = list != at_.facts.lists.end() && list->second.contains(at_.matter.field(test.field));
    return listed ? no_with(test.field, "list", test.list) : holds();
  }
  std::optional<Refusal> operator()(const FieldNamesCase& test) const {
    if (test.may_be_empty && at_.matter.field(test.field).empty()) return holds();
    const auto linked = at_.facts.linked.find(test.field);
    if (linked == at_.facts.linked.end()) return no_with(test.field, "state", "");
    const bool fits = linked->second.procedure == test.procedure && is_one_of(test.states, linked->second.state);
    return fits ? holds() : no_with(test.field, "state", linked->second.state);
  }
  std::optional<Refusal> operator()(const ApplicantIs& test) const {
    const std::string& kind = at_.matter.applicant.kind;
    return is_one_of(test.kinds, kind) ? holds() : no({{"applicant", kind}, {"asked", joined(test.kinds)}});
  }
  std::optional<Refusal> operator()(const ApplicantFree& test) const {
    const auto measures = at_.facts.lists.find(sanctions_list);
    if (measures == at_.facts.lists.end()) return holds();
    for (const std::string& measure : measures->second)
      if (is_one_of(test.measures, measure)) return no({{"measure", measure}});
    return holds();
  }
  std::optional<Refusal> operator()(const NoneOpen& test) const {
    const ProcedureRule* procedure = at_.book.find(at_.book.procedures, test.procedure, today());
    for (const RelatedCase& other : at_.facts.about) {
      if (other.procedure != test.procedure) continue;
      const ProcedureState* state = procedure == nullptr ? nullptr : procedure->find_state(other.state);
      if (state == nullptr || !state->rests) return no({{"open", test.procedure}, {"state", other.state}});
    }
    return holds();
  }
  std::optional<Refusal> operator()(const OneExists& test) const {
    for (const RelatedCase& other : at_.facts.about)
      if (other.procedure == test.procedure && is_one_of(test.states, other.state)) return holds();
    return no({{"asked", test.procedure}, {"in_states", joined(test.states)}});
  }
  std::optional<Refusal> operator()(const VotedFor& test) const {
    const VoteTally tally = tally_of(at_.matter, test.action);
    const int votes = tally.for_it + tally.against;
    if (votes >= test.votes_min && tally.for_it * test.share_in >= votes * test.share_of) return holds();
    return no({{"votes", std::to_string(votes)},
               {"votes_for", std::to_string(tally.for_it)},
               {"votes_min", std::to_string(test.votes_min)},
               {"share", std::to_string(test.share_of) + "/" + std::to_string(test.share_in)}});
  }
  std::optional<Refusal> operator()(const DeadlinePassed& test) const {
    for (const RunningDeadline& deadline : deadlines_of(at_.book, at_.calendar, at_.matter, at_.now)) {
      if (deadline.rule->id != test.deadline) continue;
      if (!deadline.overdue) return no({{"last_day", format_day(deadline.due.last_day)}});
      const auto last_day = finalise(deadline.due);
      return last_day ? holds() : last_day.error();
    }
    return no({{"deadline", test.deadline}, {"running", "no"}});
  }
  std::optional<Refusal> operator()(const FactSaid& test) const {
    return at_.facts.said.contains(test.fact) ? holds() : no({{"fact", test.fact}});
  }

 private:
  using NamedFacts = std::vector<std::pair<std::string, std::string>>;

  static std::optional<Refusal> holds() { return std::nullopt; }
  Day today() const { return day_at(at_.now, at_.book.zone); }

  std::optional<Refusal> no(NamedFacts facts) const {
    std::string details;
    for (const auto& [name, value] : facts) details += (details.empty() ? "" : ", ") + name + " = " + value;
    Refusal refusal = refuse(guard_.code, guard_.basis);
    refusal.facts = std::move(facts);
    return refusal.says(guard_.zh + "（" + details + "）", guard_.en + " (" + details + ")")
        .mend(guard_.remedy_zh, guard_.remedy_en);
  }
  std::optional<Refusal> no_with(const std::string& field, const std::string& name, const std::string& value) const {
    return no({{field, at_.matter.field(field)}, {name, value}});
  }

  const GuardRule& guard_;
  const Circumstances& at_;
};

bool replaces_a_document(const CaseAct& act) {
  return std::ranges::any_of(act.documents, [](const auto& entry) { return entry.second.version > 1; });
}

}  // namespace

std::optional<Refusal> refuse_by_guard(const GuardRule& guard, const Circumstances& at) {
  return std::visit(GuardCheck(guard, at), guard.test);
}

VoteTally tally_of(const Case& matter, const std::string& action) {
  std::map<std::string, Vote> last_words;
  for (const CaseAct& act : matter.history) {
    if (replaces_a_document(act)) last_words.clear();
    if (act.action == action && act.vote != Vote::none) last_words[act.person] = act.vote;
  }
  VoteTally tally;
  for (const auto& [person, vote] : last_words) ++(vote == Vote::for_it ? tally.for_it : tally.against);
  return tally;
}

}  // namespace tanpuhui
