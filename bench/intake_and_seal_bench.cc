/// Intake and seal of a year of real rides against plain appends of the same records to one table without keys.
///
///   intake_and_seal_bench MIBICI_OUT_FOLDER [SCRATCH_FOLDER]
///
/// The folder is what examples/partners/mibici/convert.py wrote. Prints the rates, the ratio (goal: 0.15) and the peak
/// of memory after a month and after the year in one file (goal: it does not grow with the file).
#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

#include "measure.h"
#include "rooms/activity/shell/ingest.h"
#include "rooms/activity/shell/record_reader.h"
#include "rooms/activity/shell/seal_days.h"
#include "rooms/participants/shell/consents.h"
#include "rooms/scenario/shell/record_scenario.h"

namespace tanpuhui {
namespace {

constexpr std::string_view scenario_name = "mibici-ride";
constexpr std::size_t rows_a_commit = 50'000;  // as ingest commits

struct Row {
  std::string record_id, subject, started_at, ended_at, distance_km;
};

std::vector<std::string> month_files(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& file : std::filesystem::directory_iterator(folder + "/records"))
    files.push_back(file.path().string());
  std::ranges::sort(files);
  return files;
}

std::string unpacked(const std::string& path) {
  gzFile in = gzopen(path.c_str(), "rb");
  std::string text;
  std::vector<char> piece(1 << 20);
  for (int count = 0; (count = gzread(in, piece.data(), static_cast<unsigned>(piece.size()))) > 0;)
    text.append(piece.data(), static_cast<std::size_t>(count));
  gzclose(in);
  return text;
}

std::string value_of(std::string_view line, std::string_view name) {
  const auto at = line.find("\"" + std::string(name) + "\"");
  const auto begin = line.find('"', line.find(':', at)) + 1;
  return std::string(line.substr(begin, line.find('"', begin) - begin));
}

std::vector<Row> read_rows(const std::string& text) {
  std::vector<Row> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    rows.push_back({value_of(line, "record_id"), value_of(line, "subject"), value_of(line, "started_at"),
                    value_of(line, "ended_at"), value_of(line, "distance_km")});
  return rows;
}

double append_rate(const TemporaryFolder& scratch, const std::vector<Row>& rows) {
  Database database = Database::open_writer(scratch / "plain.db");
  database.execute(
      "CREATE TABLE records (record_id TEXT, subject TEXT, started_at TEXT, ended_at TEXT, distance_km TEXT)");
  const Stopwatch watch;
  for (std::size_t at = 0; at < rows.size(); at += rows_a_commit) {
    Transaction transaction(database);
    auto insert = database.statement("INSERT INTO records VALUES (?, ?, ?, ?, ?)");
    for (std::size_t i = at; i < std::min(rows.size(), at + rows_a_commit); ++i) {
      insert.bind(rows[i].record_id).bind(rows[i].subject).bind(rows[i].started_at);
      insert.bind(rows[i].ended_at).bind(rows[i].distance_km).run();
    }
    transaction.commit();
  }
  return static_cast<double>(rows.size()) / watch.seconds();
}

/// A programme with the scenario and its consents.
struct Programme {
  Programme(const std::string& path, const std::string& folder)
      : database(Database::open_writer(path)), writer(database, sha256) {
    migrate(database);
    ScenarioRecord record{std::string(scenario_name), "骑行", "rides", "partner", "bike-demo/v1", methodology.hash,
                          day_of({2025, 1, 1}),       {},     366,     {}};
    scenario = record_scenario(office, record, new_command_id(office.now)).value();
    const Bytes salt(32, 7);
    load_consents(office, salt, folder + "/consents.csv").value();
  }

  void ingest(const std::string& file) {
    IngestOptions options;
    options.scenario = scenario;
    options.rules = {std::string(scenario_name), &methodology, book.zone, 366, office.now};
    ingest_file(database, file, options);
  }
  SealReport seal() {
    SealOptions options;
    options.scenario = scenario;
    options.scenario_name = scenario_name;
    options.methodology = &methodology;
    options.zone = book.zone;
    options.until = day_of({2025, 12, 31});
    options.now = office.now;
    return seal_days(database, options);
  }

  Methodology methodology = bike_methodology();
  Rulebook book = js24_book();
  Database database;
  Writer writer;
  Office office{database, writer, book, start_of(day_of({2026, 1, 1}), Zone{480})};
  ScenarioId scenario;
};

int run(const std::string& folder, const std::string& scratch_folder) {
  const std::vector<std::string> files = month_files(folder);
  const TemporaryFolder scratch(scratch_folder);

  Programme months(scratch / "months.db", folder);
  months.ingest(files.front());
  const std::int64_t memory_month = proc_figure("status", "VmHWM:");
  {
    std::ofstream year(scratch / "year.ndjson", std::ios::binary);
    for (const std::string& file : files) year << unpacked(file);
  }
  const std::int64_t memory_before = proc_figure("status", "VmHWM:");
  Programme whole(scratch / "year.db", folder);
  whole.ingest(scratch / "year.ndjson");
  const std::int64_t memory_year = proc_figure("status", "VmHWM:");
  fmt::print("memory: {} KB at most after a month, {} KB after the year in one file (ratio {:.2f}, before it {} KB)\n",
             memory_month, memory_year, static_cast<double>(memory_year) / static_cast<double>(memory_month),
             memory_before);

  Programme timed(scratch / "timed.db", folder);
  const Stopwatch watch;
  for (const std::string& file : files) timed.ingest(file);
  const double intake = watch.seconds();
  const SealReport sealed = timed.seal();
  const double both = watch.seconds();

  std::string all;
  for (const std::string& file : files) all += unpacked(file);
  const std::vector<Row> rows = read_rows(all);
  const double plain = append_rate(scratch, rows);
  const double ours = static_cast<double>(rows.size()) / both;
  fmt::print(
      "intake {:.2f} s, seal {:.2f} s of {} records ({} sealed): {:.0f} records/s\nplain appends: {:.0f} rows/s\n"
      "ratio {:.3f} (goal 0.15)\n",
      intake, both - intake, rows.size(), sealed.rows, ours, plain, ours / plain);
  return ours / plain >= 0.15 ? 0 : 1;
}

}  // namespace
}  // namespace tanpuhui

int main(int count, char** arguments) {
  if (count < 2) {
    fmt::print(stderr, "usage: intake_and_seal_bench MIBICI_OUT_FOLDER [SCRATCH_FOLDER]\n");
    return 2;
  }
  return tanpuhui::run(arguments[1], count > 2 ? arguments[2] : "/tmp");
}
