#include "governance/verification.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/decimal.h"
#include "base/words.h"
#include "cases/standings.h"
#include "governance/facts.h"

namespace tanpuhui {
namespace {

constexpr std::ptrdiff_t periods_in_a_row = 3;

/// Words of a field, as "V-101, V-102" names people.
std::set<std::string> listed_in(const Case& matter, const std::string& field) {
  std::set<std::string> words;
  std::string word;
  for (const char c : matter.field(field) + " ")
    if (c != ' ' && c != ',' && c != ';')
      word += c;
    else if (!word.empty())
      words.insert(std::exchange(word, {}));
  return words;
}

/// Other cases of the asking case's procedure, the newest first.
std::vector<StoredCase> siblings_of(const FactAsked& asked) {
  CaseFilter filter{asked.stored.matter.procedure};
  filter.limit = 1'000'000;
  std::vector<StoredCase> cases = list_cases(asked.database, filter);
  std::erase_if(cases, [&](const StoredCase& other) { return other.number == asked.stored.number; });
  return cases;
}

/// Refused, taken back, removed: nothing can be done in it any more.
bool has_ended(const FactAsked& asked, const Case& matter) {
  return std::ranges::none_of(asked.book.actions, [&](const ActionRule& action) {
    return action.procedure == matter.procedure && is_one_of(action.when, matter.state);
  });
}

bool staff_in_one_body(const FactAsked& asked) {
  const std::set<std::string> staff = listed_in(asked.stored.matter, "staff");
  const auto said = parse_fixed(asked.stored.matter.field("qualified_staff"), 0);
  if (!said || std::ssize(staff) < *said) return false;
  return std::ranges::none_of(siblings_of(asked), [&](const StoredCase& other) {
    const std::set<std::string> theirs = listed_in(other.matter, "staff");
    return !has_ended(asked, other.matter) &&
           std::ranges::any_of(staff, [&](const std::string& person) { return theirs.contains(person); });
  });
}

bool lead_rotates(const FactAsked& asked) {
  const std::string lead = asked.stored.matter.field("lead"), object = asked.stored.matter.field("object");
  std::map<EntryId, std::string> leads;  // of tasks whose report was accepted, in that order
  for (const Standing& task : standings_of(asked.database, verification_thing))
    if (const auto done = find_case(asked.database, task.case_number); done && done->matter.field("object") == object)
      leads[task.entry] = done->matter.field("lead");
  if (std::ssize(leads) < periods_in_a_row) return true;
  const auto last = std::prev(leads.end(), periods_in_a_row);
  return std::any_of(last, leads.end(), [&](const auto& task) { return task.second != lead; });
}

bool is_of_the_body(const FactAsked& asked) {
  const auto body = case_in_field(asked.database, asked.stored.matter, "body");
  return body && body->matter.applicant.unit == asked.request.actor.unit;
}

}  // namespace

std::map<std::string, FactFinder> verification_facts() {
  return {{"staff_in_one_body", staff_in_one_body}, {"lead_rotates", lead_rotates}, {"is_of_the_body", is_of_the_body}};
}

}  // namespace tanpuhui
