#include "governance/facts.h"

#include "base/region.h"
#include "cases/listings.h"
#include "governance/methodology_effects.h"
#include "governance/standing_effects.h"
#include "publications/issues.h"

namespace tanpuhui {
namespace {

bool stands(const FactAsked& asked, std::string_view kind, const std::string& name, std::string_view word) {
  const auto standing = standing_now(asked.database, kind, name, asked.today);
  return standing && standing->word == word;
}

// The kind that its developer stated; its formula is checked against it when it is published.
bool methodology_kind_fits(const FactAsked& asked) {
  const auto methodology = case_in_field(asked.database, asked.stored.matter, "methodology");
  return methodology && methodology->matter.field("kind") == asked.stored.matter.procedure;
}

bool became_national(const FactAsked& asked) {
  return is_listed(asked.database, "ccer_methodologies", asked.stored.matter.field("methodology_subject"), 0);
}

// Documents that the step itself would bring are no issue.
bool issue_agrees(const FactAsked& asked) {
  return asked.stored.matter.procedure == issue_procedure && asked.request.documents.empty() &&
         figures_agree({asked.database, asked.book, asked.calendar}, asked.stored);
}

}  // namespace

std::optional<StoredCase> case_in_field(Database& database, const Case& matter, const std::string& field) {
  const std::string number = matter.field(field);
  return find_related(database, number) ? find_case(database, std::stoll(number)) : std::nullopt;
}

std::map<std::string, FactFinder> known_facts() {
  return {
      {"conformance_passed",
       [](const FactAsked& asked) {
         return stands(asked, conformance_thing, std::to_string(asked.stored.number), "passed");
       }},
      {figures_agree_fact, issue_agrees},
      {"methodology_kind_fits", methodology_kind_fits},
      {"region_in_programme",
       [](const FactAsked& asked) { return lies_in(asked.stored.matter.field(region_field), asked.book.region); }},
      {"became_national", became_national},
      {"figures_unchanged", [](const FactAsked& asked) { return !asked.request.documents.contains(formula_document); }},
      {"keeps_the_roster",
       [](const FactAsked& asked) { return asked.request.actor.unit == asked.stored.matter.field("institution"); }},
      {"is_the_transferee",
       [](const FactAsked& asked) { return asked.request.actor.unit == asked.stored.matter.field("transferee"); }},
      {"parties_eligible",
       [](const FactAsked& asked) {
         return !stands(asked, sanction_thing, holder_of(asked.stored.matter), "in_force") &&
                !stands(asked, sanction_thing, asked.stored.matter.field("transferee"), "in_force");
       }},
  };
}

}  // namespace tanpuhui
