#include "rooms/reduction/shell/find_corrections.h"

#include "rooms/reduction/shell/stored_batch.h"

namespace tanpuhui {
namespace {

Day read_day(const Statement& row, int column) { return Day{static_cast<std::int32_t>(row.integer(column))}; }

std::vector<FaultyRecord> load_records(Database& database, std::int64_t case_number) {
  std::vector<FaultyRecord> records;
  auto rows =
      database.statement("SELECT record_id, fault FROM faulty_records WHERE case_number = ? ORDER BY record_id");
  rows.bind(case_number);
  while (rows.step()) records.push_back({std::string(rows.text(0)), static_cast<RecordFault>(rows.integer(1))});
  return records;
}

}  // namespace

std::optional<StoredCorrection> find_correction(Database& database, std::int64_t case_number) {
  auto row = database.statement(
      "SELECT c.scenario_id, s.name, c.responsible, c.first_day, c.last_day, c.built_on, c.list_digest, c.digest, "
      "c.state, c.sequence, c.last_batch "
      "FROM corrections c JOIN scenarios s ON s.scenario_id = c.scenario_id WHERE c.case_number = ?");
  row.bind(case_number);
  if (!row.step()) return std::nullopt;
  StoredCorrection found;
  found.scenario = ScenarioId{row.integer(0)};
  found.content = {case_number, std::string(row.text(1)), std::string(row.text(2)), {}, {}};
  found.first_day = read_day(row, 3);
  found.last_day = read_day(row, 4);
  found.built_on = row.integer(5);
  found.list_digest = read_digest(row.blob(6));
  found.digest = read_digest(row.blob(7));
  found.state = std::string(row.text(8));
  if (!row.is_null(9)) found.sequence = row.integer(9);
  found.last_batch = BatchId{row.integer(10)};
  found.content.records = load_records(database, case_number);
  for (const PostedLine& posted : list_posted_lines(database, case_number)) found.content.lines.push_back(posted.line);
  return found;
}

void leave_out(LeftOutRecords& left_out, const std::vector<FaultyRecord>& records) {
  for (const FaultyRecord& record : records) {
    const auto id = split_record_id(record.record_id);
    TANPUHUI_REQUIRE(id, "a listed record has an id");
    bool& accepted_only = left_out[id->first].try_emplace(id->second, true).first->second;
    accepted_only = accepted_only && record.fault == RecordFault::replaced;
  }
}

std::vector<std::int64_t> list_decided_corrections(Database& database, ScenarioId scenario) {
  std::vector<std::int64_t> cases;
  auto rows = database.statement(
      "SELECT case_number FROM corrections WHERE scenario_id = ? AND sequence IS NOT NULL ORDER BY sequence");
  rows.bind(scenario.value);
  while (rows.step()) cases.push_back(rows.integer(0));
  return cases;
}

std::int64_t last_correction(Database& database) {
  return database.statement("SELECT coalesce(max(sequence), 0) FROM corrections").run_integer();
}

std::string correction_basis(const Rulebook& book) {
  for (const ActionRule& action : book.actions)
    if (action.effect == correction_posted_effect) return action.basis;
  return book.basis_of("HLD-01");
}

Refusal no_correction(std::int64_t case_number) {
  return refuse("HLD-01")
      .because("case", std::to_string(case_number))
      .says("该案件尚未核算修正数量", "no correction has been computed for this case")
      .mend("先运行 correction compute", "run `correction compute` first");
}

std::vector<PostedLine> list_posted_lines(Database& database, std::int64_t case_number) {
  std::vector<PostedLine> lines;
  auto rows = database.statement(
      "SELECT account_id, batch_id, before_mg, after_mg, plain_before, plain_after, coalesce(posted_by, 0), "
      "reversed_points, overdrawn_points, taken_back_mg, missing_mg FROM correction_lines WHERE case_number = ? "
      "ORDER BY account_id, batch_id");
  rows.bind(case_number);
  while (rows.step()) {
    const CorrectionLine line{AccountId{rows.integer(0)},  BatchId{rows.integer(1)}, Milligrams(rows.integer(2)),
                              Milligrams(rows.integer(3)), rows.integer(4),          rows.integer(5)};
    lines.push_back({line, EntryId{rows.integer(6)}, Points(rows.integer(7)), Points(rows.integer(8)),
                     Milligrams(rows.integer(9)), Milligrams(rows.integer(10))});
  }
  return lines;
}

Milligrams find_taken_from_providers(Database& database, std::int64_t case_number) {
  auto row = database.statement(
      "SELECT CAST(coalesce(sum(taken_mg), 0) AS BIGINT) FROM correction_takings WHERE case_number = ?");
  return Milligrams(row.bind(case_number).run_integer());
}

Milligrams find_due(Database& database, std::int64_t case_number, EntryId as_of) {
  auto row = database.statement(
      "SELECT CAST(coalesce(sum(due_mg), 0) - (SELECT coalesce(sum(mg), 0) FROM correction_covers WHERE case_number = "
      "? "
      "AND entry_id <= ?) AS BIGINT) FROM correction_dues WHERE case_number = ?");
  return Milligrams(row.bind(case_number).bind(as_of.value).bind(case_number).run_integer());
}

}  // namespace tanpuhui
