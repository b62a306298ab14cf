/// Intake and seal of a year of real rides against plain appends of the same records to one table without keys.
///
///   intake_and_seal_bench MIBICI_OUT_FOLDER [SCRATCH_FOLDER]
///
/// The folder is what examples/partners/mibici/convert.py wrote. Prints the rates, the ratio (goal: 0.15) and the peak
/// of memory of a quarter and of the year in one file (goal: it does not grow with the file).
#include <algorithm>
#include <span>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

#include "year_of_rides.h"

namespace tanpuhui {
namespace {

constexpr std::size_t rows_a_commit = 50'000;  // as ingest commits

struct Row {
  std::string record_id, subject, started_at, ended_at, distance_km;
};

void unpack(const std::string& path, std::ostream& out) {
  gzFile in = gzopen(path.c_str(), "rb");
  std::vector<char> piece(1 << 16);
  for (int count = 0; (count = gzread(in, piece.data(), static_cast<unsigned>(piece.size()))) > 0;)
    out.write(piece.data(), count);
  gzclose(in);
}

void unpack_all(std::span<const std::string> files, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  for (const std::string& file : files) unpack(file, out);
}

std::string value_of(std::string_view line, std::string_view name) {
  const auto at = line.find("\"" + std::string(name) + "\"");
  const auto begin = line.find('"', line.find(':', at)) + 1;
  return std::string(line.substr(begin, line.find('"', begin) - begin));
}

std::vector<Row> read_rows(std::istream& lines) {
  std::vector<Row> rows;
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

int run(const std::string& folder, const std::string& scratch_folder) {
  const std::vector<std::string> files = month_files(folder);
  const TemporaryFolder scratch(scratch_folder);

  unpack_all(std::span(files).first(3), scratch / "quarter.ndjson");
  unpack_all(files, scratch / "year.ndjson");
  // The page cache fills up to 64 MB and then stays; it is made small here, so that it is full in both.
  const auto peak_of = [&](const std::string& name) {
    return peak_kb([&] {
      Programme programme(scratch / (name + ".db"), folder);
      programme.database.execute("PRAGMA cache_size = -4096");
      programme.ingest(scratch / (name + ".ndjson"));
    });
  };
  const std::int64_t quarter = peak_of("quarter"), year = peak_of("year");
  fmt::print("memory: at most {} KB for a quarter in one file, {} KB for the year in one file: ratio {:.2f}\n", quarter,
             year, static_cast<double>(year) / static_cast<double>(quarter));

  Programme timed(scratch / "timed.db", folder);
  const Stopwatch watch;
  for (const std::string& file : files) timed.ingest(file);
  const double intake = watch.seconds();
  const SealReport sealed = timed.seal();
  const double both = watch.seconds();

  std::ifstream lines(scratch / "year.ndjson");
  const std::vector<Row> rows = read_rows(lines);
  const double plain = append_rate(scratch, rows);
  const double ours = static_cast<double>(rows.size()) / both;
  fmt::print(
      "intake {:.2f} s, seal {:.2f} s of {} records ({} sealed): {:.0f} records/s\nplain appends: {:.0f} rows/s\n"
      "ratio {:.3f} (goal 0.15)\n",
      intake, both - intake, rows.size(), sealed.rows, ours, plain, ours / plain);
  return ours / plain >= 0.15 && year < quarter * 5 / 4 ? 0 : 1;
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
