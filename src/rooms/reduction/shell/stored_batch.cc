#include "rooms/reduction/shell/stored_batch.h"

#include <algorithm>

#include "base/fault.h"
#include "crypto/hash.h"

namespace tanpuhui {
namespace {

void save_content(Database& database, const BatchContent& content, ScenarioId scenario, bool held) {
  const Digest digest = batch_digest(content, sha256);
  database
      .statement(
          "INSERT INTO batches(batch_id, scenario_id, period_from, period_until, methodology, methodology_hash, "
          "rulebook_hash, acts_digest, digest, persons, records, issued_mg, serial_next_mg, state, held) VALUES "
          "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'computed', ?)")
      .bind(content.id.value)
      .bind(scenario.value)
      .bind(content.period_from.number)
      .bind(content.period_until.number)
      .bind(std::string_view(content.methodology))
      .bind(ByteView(content.methodology_hash))
      .bind(ByteView(content.rulebook_hash))
      .bind(ByteView(content.acts_digest))
      .bind(ByteView(digest))
      .bind(static_cast<std::int64_t>(content.lines.size()))
      .bind(content.records())
      .bind(content.total().count())
      .bind(held ? 1 : 0)
      .run();
}

void save_lines(Database& database, const BatchContent& content) {
  auto insert = database.statement(
      "INSERT INTO batch_lines(batch_id, account_id, reduction_mg, records, plain_records, carried_in_mg, "
      "carried_out_mg) VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const BatchLine& line : content.lines) {
    insert.bind(content.id.value).bind(line.account.value).bind(line.reduction.count()).bind(line.records);
    insert.bind(line.plain_records).bind(line.carried_in.count()).bind(line.carried_out.count()).add();
  }
  insert.run();
}

}  // namespace

BatchContent new_batch_of(Database& database, ScenarioId scenario) {
  auto row = database.statement("SELECT name, methodology, methodology_hash FROM scenarios WHERE scenario_id = ?");
  row.bind(scenario.value);
  TANPUHUI_REQUIRE(row.step(), "a batch belongs to a scenario");
  BatchContent content;
  content.id = BatchId{database.statement("SELECT coalesce(max(batch_id), 0) + 1 FROM batches").run_integer()};
  content.scenario = std::string(row.text(0));
  content.methodology = std::string(row.text(1));
  content.methodology_hash = read_digest(row.blob(2));
  return content;
}

void save_batch(Database& database, const BatchContent& content, ScenarioId scenario, bool held) {
  save_content(database, content, scenario, held);
  save_lines(database, content);
}

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
