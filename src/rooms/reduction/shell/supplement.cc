#include "rooms/reduction/shell/supplement.h"

#include <algorithm>
#include <map>

#include "rooms/reduction/shell/stored_batch.h"

namespace tanpuhui {

std::vector<BatchLine> gains_of(const CorrectionContent& content) {
  std::map<AccountId, BatchLine> lines;
  for (const CorrectionLine& line : content.lines) {
    if (line.takes_back()) continue;
    BatchLine& gain = lines.try_emplace(line.account, BatchLine{line.account, {}}).first->second;
    gain.reduction += line.after - line.before;
    gain.plain_records += line.plain_after - line.plain_before;
    gain.records = std::max<std::int64_t>(1, gain.plain_records);
  }
  std::vector<BatchLine> gains;
  for (const auto& [account, line] : lines) gains.push_back(line);
  return gains;
}

BatchId open_supplement(const Office& office, const StoredCorrection& correction) {
  Database& database = office.database;
  BatchContent content = new_batch_of(database, correction.scenario);
  content.period_from = correction.first_day;
  content.period_until = correction.last_day;
  content.rulebook_hash = office.book.hash;
  content.acts_digest = correction.digest;
  content.lines = gains_of(correction.content);
  const auto rule = office.book.signing.on(office.today());
  save_batch(database, content, correction.scenario, rule && rule->held_for_notice);
  database.statement("UPDATE batches SET corrects = ? WHERE batch_id = ?")
      .bind(correction.content.case_number)
      .bind(content.id.value)
      .run();
  return content.id;
}

std::optional<BatchId> find_supplement(Database& database, std::int64_t case_number) {
  auto row = database.statement("SELECT batch_id FROM batches WHERE corrects = ?");
  row.bind(case_number);
  return row.step() ? std::optional(BatchId{row.integer(0)}) : std::nullopt;
}

std::optional<std::int64_t> corrected_by(Database& database, BatchId batch) {
  auto row = database.statement("SELECT corrects FROM batches WHERE batch_id = ?");
  row.bind(batch.value);
  return row.step() && !row.is_null(0) ? std::optional(row.integer(0)) : std::nullopt;
}

}  // namespace tanpuhui
