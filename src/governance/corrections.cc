#include "governance/corrections.h"

#include <set>

#include "base/decimal.h"
#include "cases/standings.h"
#include "rooms/reduction/shell/find_corrections.h"
#include "rooms/reduction/shell/find_issuance.h"

namespace tanpuhui {
namespace {

/// The list of records that the case holds, or that the step brings.
std::optional<Digest> list_of(const Case& matter, const StepRequest* request) {
  if (request != nullptr)
    if (const auto brought = request->documents.find(correction_list_document); brought != request->documents.end())
      return brought->second;
  const auto held = matter.documents.find(correction_list_document);
  return held == matter.documents.end() ? std::nullopt : std::optional(held->second.digest);
}

bool says_the_same(const Case& matter, const std::optional<Digest>& list, const StoredCorrection& correction) {
  const auto amount = parse_fixed(matter.field("amount_kg"), 6);
  return matter.field("scenario") == correction.content.scenario &&
         matter.field("responsible_party") == correction.content.responsible && amount &&
         *amount == correction.content.taken_back().count() && list == correction.list_digest;
}

bool computed(const FactAsked& asked) {
  const auto correction = find_correction(asked.database, asked.stored.number);
  return correction && says_the_same(asked.stored.matter, list_of(asked.stored.matter, &asked.request), *correction);
}

Refusal not_what_was_computed() {
  return refuse("HLD-01")
      .says("案件所写与平台核算的修正不一致", "the case does not say what the platform computed")
      .mend("按记录清单重新核算，再提出修正", "compute it from the case's list of records and propose it again");
}

Refusal another_came_between() {
  return refuse("HLD-01")
      .says("核算之后另有修正作出决定", "another correction was decided since this one was computed")
      .mend("重新核算后再决定", "compute it again, then decide");
}

Refusal lines_wait() {
  return refuse("HLD-01")
      .says("修正尚未全部记账", "not every account of the correction has its entry yet")
      .mend("先运行 correction post", "run `correction post` first");
}

Standing standing_of(const StepTaken& step, std::string word, std::string detail = {}) {
  Standing standing{std::string(correction_thing), std::to_string(step.stored.number), std::move(word),
                    step.office.today()};
  standing.case_number = step.stored.number;
  standing.detail = std::move(detail);
  return standing;
}

Result<RowChange> decide(const StepTaken& step) {
  Database& database = step.office.database;
  const auto correction = find_correction(database, step.stored.number);
  if (!correction) return no_correction(step.stored.number);
  const Case& matter = step.stored.matter;
  if (!says_the_same(matter, list_of(matter, nullptr), *correction)) return not_what_was_computed();
  if (correction->built_on != last_correction(database)) return another_came_between();
  const Standing decided = standing_of(step, "decided", to_hex(correction->digest));
  return RowChange([decided, turn = correction->built_on + 1](Database& store, EntryId entry) {
    add_standing(store, entry, decided);
    store
        .statement(
            "UPDATE corrections SET state = 'decided', sequence = ? WHERE case_number = ? AND state = 'computed'")
        .bind(turn)
        .bind(decided.case_number)
        .queue(1);
  });
}

/// Batches that an objection held until they were corrected.
std::vector<Standing> released_by(const StepTaken& step, const CorrectionContent& content) {
  std::set<BatchId> batches;
  for (const CorrectionLine& line : content.lines) batches.insert(line.batch);
  std::vector<Standing> released;
  for (const BatchId batch : batches) {
    const auto now =
        standing_now(step.office.database, issuance_thing, std::to_string(batch.value), step.office.today());
    if (!now || now->word != "under_correction") continue;
    Standing& standing = released.emplace_back(*now);
    standing.word = "released";
    standing.from = step.office.today();
    standing.case_number = step.stored.number;
  }
  return released;
}

Result<RowChange> posted(const StepTaken& step) {
  const auto correction = find_correction(step.office.database, step.stored.number);
  if (!correction) return no_correction(step.stored.number);
  if (correction->state != "posted") return lines_wait();
  const Standing posted = standing_of(step, "posted");
  return RowChange([posted, released = released_by(step, correction->content)](Database& store, EntryId entry) {
    add_standing(store, entry, posted);
    for (const Standing& standing : released) {
      add_standing(store, entry, standing);
      store.statement("UPDATE batches SET held = 0 WHERE batch_id = ?").bind(std::stoll(standing.name)).run();
    }
  });
}

Result<RowChange> notified(const StepTaken& step) {
  const Standing told = standing_of(step, "notified");
  return RowChange([told](Database& store, EntryId entry) { add_standing(store, entry, told); });
}

}  // namespace

std::map<std::string, Effect> correction_effects() {
  return {{"correction_decided", decide},
          {std::string(correction_posted_effect), posted},
          {"correction_notified", notified}};
}

std::map<std::string, FactFinder> correction_facts() { return {{"correction_computed", computed}}; }

}  // namespace tanpuhui
