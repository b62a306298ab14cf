/// A year of rides: intake, seal and the closing of its batch, against plain appends of the same records.
#include <fmt/format.h>

#include "bench/cases.h"
#include "bench/engine.h"
#include "bench/measure.h"
#include "bench/year.h"
#include "rooms/activity/shell/line_source.h"

namespace tanpuhui {
namespace {

struct Row {
  std::string record_id, subject, started_at, ended_at, distance_km;
};

std::string value_of(std::string_view line, std::string_view name) {
  const auto at = line.find("\"" + std::string(name) + "\"");
  const auto begin = line.find('"', line.find(':', at)) + 1;
  return std::string(line.substr(begin, line.find('"', begin) - begin));
}

std::vector<Row> read_rows(const RideFiles& files) {
  std::vector<Row> rows;
  for (const std::string& file : files.records) {
    LineSource source(file);
    for (std::string_view line; source.next(line);)
      rows.push_back({value_of(line, "record_id"), value_of(line, "subject"), value_of(line, "started_at"),
                      value_of(line, "ended_at"), value_of(line, "distance_km")});
  }
  return rows;
}

double append_records_rate(const Ground& ground, const std::vector<Row>& rows, Appended how) {
  return append_rate(
      ground, "record_id TEXT, subject TEXT, started_at TEXT, ended_at TEXT, distance_km TEXT", std::ssize(rows),
      [&rows](Statement& insert, std::int64_t row) {
        const Row& values = rows[static_cast<std::size_t>(row)];
        insert.bind(values.record_id).bind(values.subject).bind(values.started_at);
        insert.bind(values.ended_at).bind(values.distance_km);
      },
      how);
}

}  // namespace

CaseResult measure_seal(const Ground& ground) {
  CaseResult result{"seal",
                    "a year of records: intake, seal (repeats, overlaps, caps, formula) and closing of the batch; "
                    "against plain appends of the same records to one table without keys"};
  const RideFiles files = year_of_rides(ground);
  const std::vector<Row> rows = read_rows(files);
  const std::int64_t count = std::ssize(rows);
  Figure plain{"plain appends of the records", "rows/s", {}}, many{"the same, many rows a statement", "rows/s", {}};
  Figure ours{"intake, seal and batch", "records/s", {}};
  Figure intake{"intake alone", "records/s", {}}, seal{"seal alone", "records/s", {}};
  Figure batch{"closing of the batch alone", "records/s", {}};
  for (int round = 0; round < rounds; ++round) {
    plain.rounds.push_back(append_records_rate(ground, rows, Appended::raw));
    if (!ground.on_server()) many.rounds.push_back(append_records_rate(ground, rows, Appended::as_the_store_does));
    RideProgramme programme(ground, "year", files);
    const Stopwatch all;
    for (const std::string& file : files.records) programme.ingest(file);
    const double taken_in = all.seconds();
    programme.seal();
    const double sealed = all.seconds();
    programme.compute(day_of({2025, 1, 1}), day_of({2025, 12, 31}));
    const double closed = all.seconds();
    move_log(programme.database());
    ours.rounds.push_back(all.rate(count));
    intake.rounds.push_back(static_cast<double>(count) / taken_in);
    seal.rounds.push_back(static_cast<double>(count) / (sealed - taken_in));
    batch.rounds.push_back(static_cast<double>(count) / (closed - sealed));
    ground.say(fmt::format("seal: round {} of {}", round + 1, rounds));
  }
  Figure ratio{"intake, seal and batch / plain appends", "ratio", ratios(ours.rounds, plain.rounds), {}};
  if (!ground.on_server()) ratio.goal = at_least(0.25);
  result.figures = {plain, ours, ratio, intake, seal, batch};
  if (!many.rounds.empty()) result.figures.insert(result.figures.begin() + 1, many);
  result.notes.push_back(fmt::format("{} records in {} files", count, files.records.size()));
  return result;
}

}  // namespace tanpuhui
