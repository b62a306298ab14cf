#include "governance/issuance.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/words.h"
#include "cases/standings.h"
#include "governance/facts.h"
#include "rooms/reduction/shell/find_issuance.h"
#include "rooms/reduction/shell/stored_batch.h"
#include "rooms/reduction/shell/supplement.h"
#include "rooms/scenario/shell/find_scenario.h"

namespace tanpuhui {
namespace {

std::optional<Day> day_of_field(const Case& matter, const std::string& field) {
  const auto day = parse_day(matter.field(field));
  return day ? std::optional(*day) : std::nullopt;
}

/// What a case of issuance applies for, as far as it says so.
struct Application {
  std::int64_t case_number = 0;
  std::optional<StoredCase> object;  ///< the case of the scenario or project
  std::optional<Scenario> scenario;  ///< what was recorded under it
  std::optional<Day> from, until;
  std::optional<Milligrams> amount;
};

std::optional<StoredCase> object_of(Database& database, const Case& matter) {
  auto scenario = case_in_field(database, matter, "scenario");
  return scenario ? std::move(scenario) : case_in_field(database, matter, "project");
}

Application application_of(Database& database, const StoredCase& stored) {
  Application asked{stored.number, object_of(database, stored.matter), {}, {}, {}, {}};
  if (asked.object) asked.scenario = find_scenario_of_case(database, asked.object->number);
  asked.from = day_of_field(stored.matter, "period_from");
  asked.until = day_of_field(stored.matter, "period_to");
  if (const auto amount = parse_fixed(stored.matter.field("amount_kg"), 6)) asked.amount = Milligrams(*amount);
  return asked;
}

/// Issued for the object by other cases, the last one first.
std::vector<Issuance> issued_to_others(Database& database, const Application& asked) {
  std::vector<Issuance> issuances;
  if (asked.scenario) issuances = list_issuances(database, asked.scenario->id);
  std::erase_if(issuances, [&](const Issuance& issuance) { return issuance.case_number == asked.case_number; });
  return issuances;
}

bool in_operation(Database& database, const Application& asked) {
  static const std::vector<std::string> ends{"deregistered", "exited", "terminated", "closed"};
  if (!asked.object) return false;
  const auto started = day_of_field(asked.object->matter, "operation_started_on");
  if (started && *asked.from < *started) return false;
  return std::ranges::none_of(standings_of_object(database, asked.object->number), [&](const Standing& standing) {
    return is_one_of(ends, standing.word) && standing.from < *asked.until;
  });
}

/// The batch that is applied for; none when the platform computed none of that period and amount.
std::optional<BatchId> batch_of(Database& database, const Application& asked) {
  if (!asked.scenario || !asked.from || !asked.until || !asked.amount) return std::nullopt;
  auto rows = database.statement(
      "SELECT batch_id FROM batches WHERE scenario_id = ? AND period_from = ? AND period_until = ? AND issued_mg = ? "
      "ORDER BY batch_id DESC");
  rows.bind(asked.scenario->id.value).bind(asked.from->number).bind(asked.until->number).bind(asked.amount->count());
  while (rows.step()) {
    const BatchId batch{rows.integer(0)};
    const auto issued = find_issuance(database, batch);
    if (!issued || issued->case_number == asked.case_number) return batch;
  }
  return std::nullopt;
}

bool period_free(const FactAsked& asked) {
  const Application wanted = application_of(asked.database, asked.stored);
  if (!wanted.from || !wanted.until || *wanted.until < *wanted.from || !in_operation(asked.database, wanted))
    return false;
  // What a correction adds belongs to a period that was issued before.
  const auto batch = batch_of(asked.database, wanted);
  if (batch && corrected_by(asked.database, *batch)) return true;
  return std::ranges::none_of(issued_to_others(asked.database, wanted), [&](const Issuance& issued) {
    return issued.period_from <= *wanted.until && *wanted.from <= issued.period_until;
  });
}

bool none_issued_within_a_year(const FactAsked& asked) {
  const Application wanted = application_of(asked.database, asked.stored);
  return std::ranges::none_of(issued_to_others(asked.database, wanted),
                              [&](const Issuance& issued) { return asked.today < add_years(issued.issued_on, 1); });
}

Refusal no_batch() {
  return refuse("ISS-03")
      .says("平台未就该监测期核算出该数量", "the platform has computed no batch of this period and amount")
      .mend("先核算批次，再按核算结果申请", "compute the batch first, and apply for its amount");
}

Refusal partner_has_not_signed(BatchId batch) {
  return refuse("ISS-01")
      .because("batch", std::to_string(batch.value))
      .says("合作方尚未签署该批次", "the partner has not signed the batch")
      .mend("由合作方对批次摘要签名后再签发", "let the partner sign the digest of the batch first");
}

Standing standing_of(const StepTaken& step, BatchId batch, std::string word, std::string digest) {
  Standing standing{std::string(issuance_thing), std::to_string(batch.value), std::move(word), step.office.today()};
  standing.case_number = step.stored.number;
  standing.detail = std::move(digest);
  return standing;
}

Result<RowChange> issue(const StepTaken& step) {
  Database& database = step.office.database;
  const auto batch = batch_of(database, application_of(database, step.stored));
  if (!batch) return no_batch();
  auto row = database.statement("SELECT digest, partner_signature IS NOT NULL FROM batches WHERE batch_id = ?");
  row.bind(batch->value).step();
  if (row.integer(1) == 0) return partner_has_not_signed(*batch);
  const Standing issued = standing_of(step, *batch, "issued", to_hex(row.blob(0)));
  return RowChange([issued, batch = *batch](Database& store, EntryId entry) {
    add_standing(store, entry, issued);
    store.statement("UPDATE batches SET state = 'signed', issued_by_case = ? WHERE batch_id = ? AND state = 'computed'")
        .bind(issued.case_number)
        .bind(batch.value)
        .run();
  });
}

/// What became of the batch that this case issued.
Effect issued_becomes(const std::string& word, bool usable) {
  return [=](const StepTaken& step) -> Result<RowChange> {
    Database& database = step.office.database;
    const auto batch = batch_of(database, application_of(database, step.stored));
    if (!batch) return no_batch();
    const Standing standing = standing_of(step, *batch, word, "");
    return RowChange([=, batch = *batch](Database& store, EntryId entry) {
      add_standing(store, entry, standing);
      if (usable) store.statement("UPDATE batches SET held = 0 WHERE batch_id = ?").bind(batch.value).run();
    });
  };
}

}  // namespace

std::map<std::string, Effect> issuance_effects() {
  return {{"reductions_issued", issue},
          {"notice_hold_lifted", issued_becomes("released", true)},
          {"correction_opened", issued_becomes("under_correction", false)}};
}

std::map<std::string, FactFinder> issuance_facts() {
  return {{"period_free", period_free},
          {"none_issued_within_a_year", none_issued_within_a_year},
          {"amount_equals_engine", [](const FactAsked& asked) {
             return batch_of(asked.database, application_of(asked.database, asked.stored)).has_value();
           }}};
}

}  // namespace tanpuhui
