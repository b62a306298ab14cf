#include "rooms/activity/shell/find_sealed_acts.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "rooms/activity/acts.h"
#include "rooms/activity/shell/segment_bytes.h"

namespace tanpuhui {
namespace {

SealedRound read_round(const Statement& row) {
  SealedRound round{ScenarioId{row.integer(0)}, Day{static_cast<std::int32_t>(row.integer(1))}, row.integer(2)};
  if (!row.is_null(3)) round.batch = BatchId{row.integer(3)};
  round.segments = row.integer(4);
  return round;
}

std::vector<SealedRound> read_rounds(Statement& rows) {
  std::vector<SealedRound> rounds;
  while (rows.step()) rounds.push_back(read_round(rows));
  return rounds;
}

SealedAct read_row(const Statement& row) {
  SealedAct act;
  act.account.value = row.integer(0);
  act.n = row.integer(1);
  act.started_at.ms = row.integer(2);
  act.duration_ms = row.integer(3);
  act.record_suffix = row.text(4);
  act.revision = row.integer(5);
  act.withdrawn = row.integer(6) != 0;
  act.outcome = static_cast<Outcome>(row.integer(7));
  act.inputs = row.blob(8);
  act.reduction_mg = row.integer(9);
  return act;
}

#define TANPUHUI_ROUND_COLUMNS "scenario_id, day, round, batch_id, segments"
#define TANPUHUI_ROUND "SELECT " TANPUHUI_ROUND_COLUMNS " FROM sealed_days "
#define TANPUHUI_ROW_COLUMNS \
  "account_id, n, started_at, duration_ms, record_suffix, revision, withdrawn, outcome, inputs, reduction_mg"
constexpr int row_columns = 10;
#define TANPUHUI_SEGMENT_COLUMNS "n, row_count, codec, bytes"
constexpr int segment_columns = 4;
#define TANPUHUI_OF_ROUND "WHERE scenario_id = ? AND day = ? AND round = ? "

Statement& bind_round(Statement& statement, const SealedRound& round) {
  return statement.bind(round.scenario.value).bind(round.day.number).bind(round.round);
}

[[noreturn]] void report_damage(const Database& database, const SealedRound& round, const std::string& what) {
  throw DamagedActs(fmt::format("{}: scenario {}, {}, round {}: {}; restore the programme from a backup",
                                database.path(), round.scenario.value, format_day(round.day), round.round, what));
}

ActSegment read_segment(const Database& database, const SealedRound& round, const Statement& row) {
  if (row.integer(2) != segment_codec)
    report_damage(database, round,
                  fmt::format("segment {} is of a kind that this program does not know", row.integer(0)));
  auto columns = expand_segment(row.blob(3));
  auto segment = columns ? ActSegment::read(*std::move(columns)) : std::nullopt;
  if (!segment || static_cast<std::int64_t>(segment->size()) != row.integer(1))
    report_damage(database, round, fmt::format("segment {} of its acts is damaged", row.integer(0)));
  return *std::move(segment);
}

/// Which of the rounds a row speaks of, by the three columns from `first` on.
const SealedRound& round_of(std::span<const SealedRound> rounds, const Statement& row, int first) {
  const auto found = std::ranges::find_if(rounds, [&](const SealedRound& round) {
    return round.scenario.value == row.integer(first) && round.day.number == row.integer(first + 1) &&
           round.round == row.integer(first + 2);
  });
  TANPUHUI_REQUIRE(found != rounds.end(), "only rounds that were asked for are answered");
  return *found;
}

}  // namespace

std::vector<SealedRound> list_rounds(Database& database, ScenarioId scenario, Day from, Day until) {
  auto rows = database.statement(TANPUHUI_ROUND "WHERE scenario_id = ? AND day BETWEEN ? AND ? ORDER BY day, round");
  rows.bind(scenario.value).bind(from.number).bind(until.number);
  return read_rounds(rows);
}

std::vector<SealedRound> list_rounds(Database& database, BatchId batch) {
  auto rows = database.statement(TANPUHUI_ROUND "WHERE batch_id = ? ORDER BY scenario_id, day, round");
  rows.bind(batch.value);
  return read_rounds(rows);
}

std::vector<SealedRound> list_rounds(Database& database, AccountId account, Day until) {
  // Rounds in rows are few, the days not posted yet; of packed ones account_days tells which.
  auto rows = database.statement(
      TANPUHUI_ROUND
      "WHERE segments = 0 AND day <= ? UNION ALL "
      "SELECT d.scenario_id, d.day, d.round, d.batch_id, d.segments FROM account_days a JOIN sealed_days d ON "
      "d.scenario_id = a.scenario_id AND d.round = a.round AND d.day BETWEEN a.span * 32 AND a.span * 32 + 31 "
      "WHERE a.account_id = ? AND d.day <= ? AND d.segments > 0 AND "
      "((a.days >> CAST(d.day - a.span * 32 AS integer)) & 1) = 1 ORDER BY 2 DESC, 1, 3");
  rows.bind(until.number).bind(account.value).bind(until.number);
  return read_rounds(rows);
}

std::optional<SealedRound> find_round(Database& database, ScenarioId scenario, Day day, std::int64_t round) {
  auto row = database.statement(TANPUHUI_ROUND TANPUHUI_OF_ROUND);
  row.bind(scenario.value).bind(day.number).bind(round);
  if (!row.step()) return std::nullopt;
  return read_round(row);
}

void for_each_act(Database& database, const SealedRound& round, const SeeAct& see) {
  if (round.segments == 0) {
    auto rows =
        database.scan("SELECT " TANPUHUI_ROW_COLUMNS " FROM sealed_acts " TANPUHUI_OF_ROUND "ORDER BY account_id, n");
    bind_round(rows, round);
    while (rows.step()) see(read_row(rows));
    return;
  }
  auto rows = database.scan("SELECT " TANPUHUI_SEGMENT_COLUMNS " FROM act_segments " TANPUHUI_OF_ROUND "ORDER BY n");
  bind_round(rows, round);
  Bytes inputs;
  std::int64_t found = 0;
  for (; rows.step(); ++found) {
    const ActSegment segment = read_segment(database, round, rows);
    for (std::size_t row = 0; row < segment.size(); ++row) see(segment.at(row, inputs));
  }
  if (found != round.segments)
    report_damage(database, round, fmt::format("{} of {} segments of its acts are there", found, round.segments));
}

void for_each_act_of(Database& database, std::span<const SealedRound> rounds, AccountId account, const SeeActOf& see) {
  auto rows = database.statement("SELECT " TANPUHUI_ROW_COLUMNS
                                 ", scenario_id, day, round FROM sealed_acts " TANPUHUI_OF_ROUND "AND account_id = ?");
  auto segments = database.statement("SELECT " TANPUHUI_SEGMENT_COLUMNS
                                     ", scenario_id, day, round FROM act_segments " TANPUHUI_OF_ROUND
                                     "AND first_account <= ? AND last_account >= ?");
  for (const SealedRound& round : rounds)
    if (round.segments == 0)
      bind_round(rows, round).bind(account.value).add();
    else
      bind_round(segments, round).bind(account.value).bind(account.value).add();
  while (rows.step()) see(round_of(rounds, rows, row_columns), read_row(rows));
  Bytes inputs;
  while (segments.step()) {
    const SealedRound& round = round_of(rounds, segments, segment_columns);
    const ActSegment segment = read_segment(database, round, segments);
    for (std::size_t row = segment.first_of(account); row < segment.size() && segment.account(row) == account; ++row)
      see(round, segment.at(row, inputs));
  }
}

void read_inputs(const Database& database, const SealedAct& act, std::span<std::int64_t> inputs) {
  if (!read_fields(act.inputs, inputs)) throw Fault(database.path() + ": sealed_acts.inputs cannot be read");
}

// A shift rounds down, before 1970 too.
DayBit day_bit(Day day) {
  const std::int64_t span = std::int64_t{day.number} >> 5;
  return {span, std::int64_t{1} << (day.number - span * days_a_span)};
}

Day day_of_bit(std::int64_t span, int number) { return Day{static_cast<std::int32_t>(span * days_a_span + number)}; }

#undef TANPUHUI_OF_ROUND
#undef TANPUHUI_SEGMENT_COLUMNS
#undef TANPUHUI_ROW_COLUMNS
#undef TANPUHUI_ROUND
#undef TANPUHUI_ROUND_COLUMNS

}  // namespace tanpuhui
