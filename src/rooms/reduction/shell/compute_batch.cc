#include "rooms/reduction/shell/compute_batch.h"

#include <unordered_map>

#include "base/cbor.h"
#include "crypto/hash.h"
#include "rooms/activity/shell/find_acts.h"
#include "rooms/reduction/shell/stored_batch.h"

namespace tanpuhui {
namespace {

void bind_period(Statement& statement, const BatchRequest& request) {
  statement.bind(request.scenario.value).bind(request.from.number).bind(request.until.number);
}

std::optional<BatchId> find_batch(Database& database, const BatchRequest& request) {
  auto row = database.statement(
      "SELECT max(batch_id) FROM batches WHERE scenario_id = ? AND period_from = ? AND period_until = ?");
  bind_period(row, request);
  if (!row.step() || row.is_null(0)) return std::nullopt;
  return BatchId{row.integer(0)};
}

// The digests of the open days of a period, in order of day and round: what the batch takes in.
std::optional<Digest> open_acts_digest(Database& database, const BatchRequest& request) {
  CborWriter out;
  bool any = false;
  auto rows = database.statement(
      "SELECT day, round, digest FROM sealed_days WHERE scenario_id = ? AND day BETWEEN ? AND ? AND batch_id IS NULL "
      "ORDER BY day, round");
  bind_period(rows, request);
  for (; rows.step(); any = true) out.array(3).integer(rows.integer(0)).integer(rows.integer(1)).bytes(rows.blob(2));
  if (!any) return std::nullopt;
  return sha256(out.result());
}

using Carried = std::unordered_map<AccountId, Milligrams>;

// Each batch takes in what the one before left, so what all lines of an account added is what its last one left.
Carried open_carries(Database& database, ScenarioId scenario) {
  Carried carried;
  auto rows = database.statement(
      "SELECT l.account_id, CAST(sum(l.carried_out_mg - l.carried_in_mg) AS BIGINT) FROM batch_lines l JOIN batches b "
      "ON b.batch_id = l.batch_id WHERE b.scenario_id = ? AND l.carried_in_mg + l.carried_out_mg < 0 "
      "GROUP BY l.account_id");
  rows.bind(scenario.value);
  while (rows.step()) carried.emplace(AccountId{rows.integer(0)}, Milligrams(rows.integer(1)));
  return carried;
}

// Accepted ones; where they bear reductions, those that saved or lost something.
std::string acts_that_count(bool bear_reductions) {
  const std::string accepted = "a.outcome = " + std::to_string(static_cast<int>(Outcome::accepted));
  return bear_reductions ? accepted + " AND a.reduction_mg <> 0" : accepted;
}

// Open rounds are rows, never segments: the database can add them up.
std::vector<BatchLine> lines_of_open_acts(Database& database, const BatchRequest& request) {
  const Carried carried = open_carries(database, request.scenario);
  std::vector<BatchLine> lines;
  auto rows = database.statement(
      "SELECT a.account_id, CAST(sum(a.reduction_mg) AS BIGINT), count(*) FROM sealed_days d JOIN sealed_acts a ON "
      "a.scenario_id = d.scenario_id AND a.day = d.day AND a.round = d.round WHERE d.scenario_id = ? AND d.day "
      "BETWEEN ? AND ? AND d.batch_id IS NULL AND " +
      acts_that_count(request.bears_reductions) + " GROUP BY a.account_id ORDER BY a.account_id");
  bind_period(rows, request);
  while (rows.step()) {
    const AccountId account{rows.integer(0)};
    const std::int64_t records = rows.integer(2);
    const auto before = carried.find(account);
    lines.push_back(line_of({account, Milligrams(rows.integer(1)), records, request.bears_reductions ? 0 : records},
                            before == carried.end() ? Milligrams() : before->second));
  }
  return lines;
}

BatchContent content_of(const Office& office, const BatchRequest& request, const Digest& acts) {
  BatchContent content = new_batch_of(office.database, request.scenario);
  content.period_from = request.from;
  content.period_until = request.until;
  content.rulebook_hash = office.book.hash;
  content.acts_digest = acts;
  content.lines = lines_of_open_acts(office.database, request);
  return content;
}

void close_days(Database& database, BatchId batch, const BatchRequest& request) {
  auto update = database.statement(
      "UPDATE sealed_days SET batch_id = ? WHERE scenario_id = ? AND day BETWEEN ? AND ? AND batch_id IS NULL");
  update.bind(batch.value);
  bind_period(update, request);
  update.run();
}

Refusal nothing_to_issue(const BatchRequest& request) {
  return refuse("ISS-02")
      .because("period_from", format_day(request.from))
      .because("period_until", format_day(request.until))
      .says("该期间没有待签发的记录", "there is nothing left to issue in this period")
      .mend("先封存该期间的记录", "seal the acts of the period first");
}

}  // namespace

Result<BatchId> compute_batch(const Office& office, const BatchRequest& request) {
  Database& database = office.database;
  const Job alone(database);
  Transaction transaction(database);
  const std::optional<Digest> acts = open_acts_digest(database, request);
  if (!acts) {
    if (const auto standing = find_batch(database, request)) return *standing;
    return office.on_its_basis(nothing_to_issue(request));
  }
  const BatchContent content = content_of(office, request, *acts);
  if (content.lines.empty()) return office.on_its_basis(nothing_to_issue(request));
  // Days that close into a batch that nobody can post would be lost.
  if (content.plain_records() > 0)
    if (const auto rule = grant_rule_on(office.book, office.today(), content); !rule)
      return office.on_its_basis(rule.error());
  TANPUHUI_TRY(const SigningRule rule, office.book.signing.on(office.today()));
  save_batch(database, content, request.scenario, rule.held_for_notice);
  close_days(database, content.id, request);
  transaction.commit();
  return content.id;
}

}  // namespace tanpuhui
