#include "rooms/reduction/shell/compute_correction.h"

#include <algorithm>

#include "crypto/hash.h"
#include "rooms/activity/shell/find_sums_without.h"

namespace tanpuhui {
namespace {

Refusal decided_already(std::int64_t case_number) {
  return refuse("HLD-01")
      .because("case", std::to_string(case_number))
      .says("该修正已作出决定，不再重新核算", "this correction has been decided and is not computed again")
      .mend("另开案件办理新的修正", "open another case for a further correction");
}

Refusal another_waits(std::int64_t case_number) {
  return refuse("HLD-01")
      .because("case", std::to_string(case_number))
      .says("另一修正已决定、尚未记账", "another correction has been decided and is not posted yet")
      .mend("先完成该修正的记账", "post that one first");
}

Refusal nothing_changes() {
  return refuse("HLD-01")
      .says("剔除这些记录后，各账户数额不变", "without these records no account's amount is another one")
      .mend("核对记录清单", "check the list of records");
}

Refusal losses_are_carried(const Methodology& methodology) {
  return refuse("HLD-01")
      .because("methodology", methodology.id)
      .says("该方法学将亏损结转至以后批次，平台尚不能核算其修正",
            "this methodology carries losses from batch to batch: the platform cannot compute its corrections yet")
      .mend("由运营机构联系平台", "ask the platform's makers");
}

Refusal below_zero(const CorrectionLine& line) {
  return refuse("HLD-01")
      .because("account", std::to_string(line.account.value))
      .because("batch", std::to_string(line.batch.value))
      .says("该账户在此批次中的数额会低于零：涉及先前修正补发的数额",
            "the account's amount of this batch would fall below zero: it concerns what an earlier correction added")
      .mend("由运营机构联系平台", "ask the platform's makers");
}

Refusal not_posted(BatchId batch) {
  return refuse("ISS-03")
      .because("batch", std::to_string(batch.value))
      .says("相关批次尚未登记", "a batch of these records is not posted yet")
      .mend("登记后再核算修正", "post it first, then compute the correction");
}

Refusal other_methodology(BatchId batch) {
  return refuse("ISS-03")
      .because("batch", std::to_string(batch.value))
      .says("相关批次按另一版本方法学核算", "a batch of these records was computed under another methodology")
      .mend("以该版本登记场景后再核算", "compute it while the scenario stands under that version");
}

void save_records(Database& database, const CorrectionContent& content) {
  database.statement("DELETE FROM faulty_records WHERE case_number = ?").bind(content.case_number).run();
  auto insert = database.statement("INSERT INTO faulty_records(case_number, record_id, fault) VALUES (?, ?, ?)");
  for (const FaultyRecord& record : content.records)
    insert.bind(content.case_number)
        .bind(std::string_view(record.record_id))
        .bind(static_cast<int>(record.fault))
        .add();
  insert.run();
}

void save_lines(Database& database, const CorrectionContent& content) {
  database.statement("DELETE FROM correction_lines WHERE case_number = ?").bind(content.case_number).run();
  auto insert = database.statement(
      "INSERT INTO correction_lines(case_number, account_id, batch_id, before_mg, after_mg, plain_before, plain_after) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const CorrectionLine& line : content.lines) {
    insert.bind(content.case_number).bind(line.account.value).bind(line.batch.value).bind(line.before.count());
    insert.bind(line.after.count()).bind(line.plain_before).bind(line.plain_after).add();
  }
  insert.run();
}

// Makes or replaces what is computed for the case; it is not decided yet.
void save_correction(Database& database, const StoredCorrection& correction) {
  const CorrectionContent& content = correction.content;
  database
      .statement(
          "INSERT INTO corrections(case_number, scenario_id, responsible, first_day, last_day, built_on, last_batch, "
          "list_digest, digest, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'computed') ON CONFLICT (case_number) DO "
          "UPDATE SET scenario_id = excluded.scenario_id, responsible = excluded.responsible, first_day = "
          "excluded.first_day, last_day = excluded.last_day, built_on = excluded.built_on, last_batch = "
          "excluded.last_batch, list_digest = excluded.list_digest, digest = excluded.digest WHERE corrections.state = "
          "'computed'")
      .bind(content.case_number)
      .bind(correction.scenario.value)
      .bind(std::string_view(content.responsible))
      .bind(correction.first_day.number)
      .bind(correction.last_day.number)
      .bind(correction.built_on)
      .bind(correction.last_batch.value)
      .bind(ByteView(correction.list_digest))
      .bind(ByteView(correction.digest))
      .queue(1);
  save_records(database, content);
  save_lines(database, content);
}

std::optional<std::int64_t> find_waiting(Database& database) {
  auto row = database.statement("SELECT case_number FROM corrections WHERE state = 'decided'");
  return row.step() ? std::optional(row.integer(0)) : std::nullopt;
}

/// What a line comes to before this correction: as it was issued, and as earlier ones left it.
CorrectionLine line_before(Database& database, AccountId account, BatchId batch) {
  CorrectionLine line{account, batch, {}, {}};
  auto issued =
      database.statement("SELECT reduction_mg, plain_records FROM batch_lines WHERE batch_id = ? AND account_id = ?");
  issued.bind(batch.value).bind(account.value);
  if (issued.step()) line.before = Milligrams(issued.integer(0)), line.plain_before = issued.integer(1);
  auto earlier = database.statement(
      "SELECT CAST(coalesce(sum(after_mg - before_mg), 0) AS BIGINT), CAST(coalesce(sum(plain_after - plain_before), "
      "0) AS BIGINT) FROM correction_lines l JOIN corrections c ON c.case_number = l.case_number WHERE l.batch_id = ? "
      "AND l.account_id = ? AND c.sequence IS NOT NULL AND (l.after_mg < l.before_mg OR l.plain_after < "
      "l.plain_before)");
  earlier.bind(batch.value).bind(account.value).step();
  line.before += Milligrams(earlier.integer(0));
  line.plain_before += earlier.integer(1);
  return line;
}

CorrectionLine line_of(Database& database, const SumChange& change, bool bears_reductions) {
  CorrectionLine line = line_before(database, change.account, change.batch.value_or(BatchId{}));
  line.after = line.before + change.reduction;
  line.plain_after = line.plain_before + (bears_reductions ? 0 : change.records);
  return line;
}

Result<Done> check_batch(Database& database, const SumChange& change, const Methodology& methodology) {
  if (!change.batch) return Done{};
  auto row = database.statement("SELECT state, methodology_hash FROM batches WHERE batch_id = ?");
  row.bind(change.batch->value);
  TANPUHUI_REQUIRE(row.step(), "a closed day belongs to a batch");
  if (row.text(0) != "posted") return not_posted(*change.batch);
  if (!std::ranges::equal(row.blob(1), methodology.hash)) return other_methodology(*change.batch);
  return Done{};
}

Result<StoredCorrection> compute(const Office& office, const CorrectionRequest& request) {
  Database& database = office.database;
  TANPUHUI_TRY(const std::vector<FaultyRecord> records, parse_faulty_records(request.list));
  SumsRequest sums{request.scenario, request.methodology, office.book.zone, {}, {}, request.progress};
  for (const std::int64_t earlier : list_decided_corrections(database, request.scenario))
    leave_out(sums.before, find_correction(database, earlier)->content.records);
  leave_out(sums.now, records);
  TANPUHUI_TRY(const SumsFound found, find_sums_without(database, sums));
  StoredCorrection correction;
  correction.scenario = request.scenario;
  correction.first_day = sums.now.begin()->first;
  correction.last_day = sums.now.rbegin()->first;
  correction.built_on = last_correction(database);
  correction.last_batch = BatchId{database.statement("SELECT coalesce(max(batch_id), 0) FROM batches").run_integer()};
  correction.content.case_number = request.case_number;
  correction.content.responsible = request.responsible;
  correction.content.records = records;
  correction.list_digest = sha256(as_bytes(request.list));
  for (const SumChange& change : found.changes) {
    if (const auto fits = check_batch(database, change, *request.methodology); !fits) return fits.error();
    const CorrectionLine line = line_of(database, change, request.methodology->bears_reductions());
    if (line.after < Milligrams() || line.plain_after < 0) return below_zero(line);
    if (line.before != line.after || line.plain_before != line.plain_after) correction.content.lines.push_back(line);
  }
  if (correction.content.lines.empty()) return nothing_changes();
  return correction;
}

}  // namespace

Result<StoredCorrection> compute_correction(const Office& office, const CorrectionRequest& request) {
  Database& database = office.database;
  const Job alone(database);
  const auto standing = find_correction(database, request.case_number);
  if (standing && standing->state != "computed") return office.on_its_basis(decided_already(request.case_number));
  if (const auto waiting = find_waiting(database)) return office.on_its_basis(another_waits(*waiting));
  if (request.methodology->reduction.negative == "carry")
    return office.on_its_basis(losses_are_carried(*request.methodology));
  auto correction = compute(office, request);
  if (!correction) return office.on_its_basis(correction.error());
  auto name = database.statement("SELECT name FROM scenarios WHERE scenario_id = ?");
  name.bind(request.scenario.value).step();
  correction->content.scenario = std::string(name.text(0));
  correction->digest = correction_digest(correction->content, sha256);
  Transaction transaction(database);
  save_correction(database, *correction);
  transaction.commit();
  return *correction;
}

}  // namespace tanpuhui
