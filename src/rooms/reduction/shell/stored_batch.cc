#include "rooms/reduction/shell/stored_batch.h"

#include <algorithm>

#include "base/fault.h"

namespace tanpuhui {

BatchContent load_batch(Database& database, BatchId batch) {
  auto row = database.statement(
      "SELECT s.name, b.period_from, b.period_until, b.methodology, b.methodology_hash, b.rulebook_hash, b.acts_digest "
      "FROM batches b JOIN scenarios s ON s.scenario_id = b.scenario_id WHERE b.batch_id = ?");
  row.bind(batch.value);
  if (!row.step()) throw Fault("there is no batch " + std::to_string(batch.value) + "; see `tanpuhui batch list`");
  BatchContent content;
  content.id = batch;
  content.scenario = std::string(row.text(0));
  content.period_from = Day{static_cast<std::int32_t>(row.integer(1))};
  content.period_until = Day{static_cast<std::int32_t>(row.integer(2))};
  content.methodology = std::string(row.text(3));
  content.methodology_hash = read_digest(row.blob(4));
  content.rulebook_hash = read_digest(row.blob(5));
  content.acts_digest = read_digest(row.blob(6));
  content.lines = load_lines(database, batch);
  return content;
}

std::vector<BatchLine> load_lines(Database& database, BatchId batch) {
  std::vector<BatchLine> lines;
  auto rows = database.statement(
      "SELECT account_id, reduction_mg, records, plain_records, carried_in_mg, carried_out_mg FROM batch_lines "
      "WHERE batch_id = ? ORDER BY account_id");
  rows.bind(batch.value);
  while (rows.step())
    lines.push_back({AccountId{rows.integer(0)}, Milligrams(rows.integer(1)), rows.integer(2), rows.integer(3),
                     Milligrams(rows.integer(4)), Milligrams(rows.integer(5))});
  return lines;
}

std::vector<BatchId> list_batches_to_post(Database& database) {
  std::vector<BatchId> batches;
  auto rows = database.statement("SELECT batch_id FROM batches WHERE state IN ('signed', 'posting') ORDER BY batch_id");
  while (rows.step()) batches.push_back(BatchId{rows.integer(0)});
  return batches;
}

Digest read_digest(ByteView bytes) {
  Digest digest{};
  TANPUHUI_REQUIRE(bytes.size() == digest.size(), "a stored digest has 32 bytes");
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

}  // namespace tanpuhui
