/// Intake without storing against simdjson alone over the same lines; then file after file into one programme.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>

#include <fmt/format.h>
#include <simdjson.h>

#include "bench/cases.h"
#include "bench/engine.h"
#include "bench/measure.h"
#include "bench/rides.h"
#include "rooms/activity/shell/intake_chunk.h"
#include "rooms/activity/shell/record_file.h"

namespace tanpuhui {
namespace {

namespace ondemand = simdjson::ondemand;
using Texts = std::vector<simdjson::padded_string>;

constexpr int files_before = 18, days_a_file = 10;  // the last three are the 19th to the 21st

// With these a file of ten days has a million records.
std::int64_t riders(const Ground& ground) { return ground.size(300, 73'500); }

/// Unpacked, in memory.
Texts load_lines(const std::vector<std::string>& files) {
  Texts texts;
  for (const std::string& file : files) {
    LineSource source(file);
    std::string text;
    for (std::string_view line; source.next(line);) text.append(line).push_back('\n');
    texts.emplace_back(text);
  }
  return texts;
}

// Every field of every line, its text unescaped; nothing is made of it.
std::int64_t parse(const simdjson::padded_string& text, ondemand::parser& parser, std::size_t& bytes) {
  std::int64_t lines = 0;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end; ++lines) {
    const auto* stop = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    const auto size = static_cast<std::size_t>(stop - at);
    auto document = parser.iterate(at, size, static_cast<std::size_t>(end - at) + simdjson::SIMDJSON_PADDING);
    ondemand::object object = document.get_object();
    for (auto field : object) {
      std::string_view value;
      if (field.value().get_string().get(value)) value = {};
      bytes += value.size();
    }
    at = stop + 1;
  }
  return lines;
}

double parse_rate(const Texts& texts) {
  ondemand::parser parser;
  std::int64_t lines = 0;
  std::size_t bytes = 0;
  const Stopwatch watch;
  for (const auto& text : texts) lines += parse(text, parser, bytes);
  const double rate = watch.rate(lines);
  TANPUHUI_REQUIRE(bytes > 0, "the lines hold something");
  return rate;
}

/// All that `ingest_file` does, in transactions like its own, but no row is written.
double intake_rate(RideProgramme& programme, const std::vector<std::string>& files) {
  const IngestOptions options = programme.ingest_options();
  std::int64_t lines = 0, rows_kept = 0;
  const Stopwatch watch;
  for (const std::string& path : files) {
    auto digest = std::async(std::launch::async, [&path] { return digest_file(path); });
    Intake intake(options.rules);
    ConsentBook consents(programme.database(), options.scenario);
    RecordFile file(path, intake);
    HeldChunks held;
    const auto is_made = [&] { return digest.wait_for(std::chrono::seconds(0)) == std::future_status::ready; };
    read_in_chunks(file, {intake, consents, {}}, options.chunk_lines, {},
                   [&](IntakeChunk& chunk, const ChunkLines& at) {
                     {
                       const ReadTransaction one_state(programme.database());
                       held.add(pack_chunk(chunk, at));
                     }
                     if (digest.valid()) {
                       if (at.more && !held.full() && !is_made()) return;
                       TANPUHUI_REQUIRE(digest.get(), "the file can be read");
                     }
                     for (const PackedChunk& packed : held.release()) {
                       const Transaction transaction(programme.database());
                       for (const PackedChunk::Run& run : packed.runs) rows_kept += run.rows;
                     }
                   });
    lines += file.records();
  }
  const double rate = watch.rate(lines);
  TANPUHUI_REQUIRE(rows_kept > 0, "records pass the intake");
  return rate;
}

void measure_without_storing(const Ground& ground, const RideFiles& files, CaseResult& result) {
  RideProgramme programme(ground, "intake", files);
  settle(programme.database());
  const Texts texts = load_lines(files.records);
  Figure alone{"simdjson alone", "lines/s", {}}, ours{"intake without storing", "records/s", {}};
  for (int round = 0; round < rounds; ++round) {
    alone.rounds.push_back(parse_rate(texts));
    ours.rounds.push_back(intake_rate(programme, files.records));
  }
  Figure ratio{"intake without storing / simdjson alone", "ratio", ratios(ours.rounds, alone.rounds), at_least(0.2)};
  result.figures.insert(result.figures.end(), {alone, ours, ratio});
}

/// Files of ten days each, a file at a time: drawn, taken in and removed.
class GrowingProgramme {
 public:
  GrowingProgramme(const Ground& ground, const std::string& name, const RideFiles& files, Beside beside)
      : programme_(ground, name, files, beside), path_(ground.file("growing.ndjson")), persons_(riders(ground)) {}

  Database& database() { return programme_.database(); }
  std::int64_t rows() const { return rows_; }

  /// Records a second.
  double take_next() {
    write_rides(path_, {persons_, day_of({2025, 1, 1}) + days_a_file * files_++, days_a_file});
    const Stopwatch watch;
    const std::int64_t lines = programme_.ingest(path_);
    const double rate = watch.rate(lines);
    std::filesystem::remove(path_);
    rows_ += lines;
    return rate;
  }

 private:
  RideProgramme programme_;
  std::string path_;
  std::int64_t persons_, rows_ = 0;
  int files_ = 0;
};

void measure_growth(const Ground& ground, CaseResult& result) {
  const RideFiles files = draw_rides(ground, riders(ground), 0, 0);
  GrowingProgramme grown(ground, "growth", files, Beside::nothing);
  const std::int64_t before = bytes_written(grown.database());
  const auto take_next = [&] {
    const double rate = grown.take_next();
    result.figures.push_back({"intake of a further file, by records", "records/s", {rate}, {}, grown.rows()});
    return rate;
  };
  for (int i = 0; i < files_before; ++i) {
    take_next();
    ground.say(fmt::format("intake: {} of {} files", i + 1, files_before));
  }
  const double count = static_cast<double>(grown.rows());
  const double written = static_cast<double>(bytes_written(grown.database()) - before);
  // Each beside the second file of a new programme, both settled: what disturbs the one disturbs the other.
  std::vector<double> twentieth, second;
  for (int round = 0; round < rounds; ++round) {
    GrowingProgramme young(ground, "young", files, Beside::another);
    young.take_next();
    settle(young.database());
    second.push_back(young.take_next());
    settle(grown.database());
    twentieth.push_back(take_next());
    ground.say(fmt::format("intake: old and new, round {} of {}", round + 1, rounds));
  }
  settle(grown.database());
  const double bytes = static_cast<double>(table_bytes(grown.database(), "arrived_runs"));
  result.figures.push_back(
      {"the 20th file / the 2nd", "ratio", ratios(twentieth, second), at_least(0.8), grown.rows()});
  result.figures.push_back({"record on disk", "bytes", {bytes / static_cast<double>(grown.rows())}});
  result.figures.push_back({"written a record", "bytes", {written / count}});
  result.notes.push_back(
      fmt::format("{} records in {} files of {} persons; the 20th: the last {}, each beside the second file of a new "
                  "programme",
                  grown.rows(), files_before + rounds, riders(ground), rounds));
}

// One file, then one of four times the days by the same persons.
void measure_memory(const Ground& ground, CaseResult& result) {
  Figure figures[] = {{"memory for one file", "MB", {}}, {"memory for a file four times as long", "MB", {}}};
  for (int i = 0; i < 2; ++i) {
    const RideFiles files =
        draw_rides(ground, ground.size(50, 3'000), static_cast<int>(ground.size(20, 60)) * (i == 0 ? 1 : 4), 1);
    for (int round = 0; round < rounds; ++round)
      figures[i].rounds.push_back(peak_mb([&] {
        RideProgramme programme(ground, "memory", files);
        keep_cache_small(programme.database());
        programme.ingest(files.records.front());
      }));
    result.figures.push_back(figures[i]);
  }
  result.figures.push_back({"memory for a file four times as long / for one", "ratio",
                            ratios(figures[1].rounds, figures[0].rounds), at_most(1.25)});
}

}  // namespace

CaseResult measure_intake(const Ground& ground) {
  CaseResult result{"intake",
                    "records of a partner's file: read, checked, packed; against simdjson alone over the same "
                    "lines, and against itself as history grows"};
  measure_memory(ground, result);
  const std::string& given = ground.options().records;
  measure_without_storing(
      ground, given.empty() ? draw_rides(ground, riders(ground), days_a_file, 1) : find_rides(given), result);
  measure_growth(ground, result);
  return result;
}

}  // namespace tanpuhui
