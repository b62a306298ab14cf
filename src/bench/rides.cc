#include "bench/rides.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "cases/standings.h"
#include "rooms/participants/shell/consents.h"
#include "rooms/reduction/shell/compute_batch.h"
#include "rooms/reduction/shell/sign_batch.h"
#include "rooms/reduction/shell/signers.h"
#include "rooms/scenario/shell/record_scenario.h"

namespace tanpuhui {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view methodology_name = "bike-demo/v1", drawn_scenario = "bench-ride";
constexpr std::int64_t lateness_days = 366;
const Day year_begins = day_of({2025, 1, 1}), year_ends = day_of({2025, 12, 31});
constexpr std::array<std::uint64_t, 3> in_a_hundred = {62, 62, 12};  // to work, home, now and then a third one

class Lines {
 public:
  explicit Lines(const std::string& path) : path_(path), out_(path, std::ios::binary) {}
  template <class... Values>
  void add(fmt::format_string<Values...> text, Values&&... values) {
    fmt::format_to(std::back_inserter(buffer_), text, std::forward<Values>(values)...);
    if (buffer_.size() > (1U << 20U)) flush();
  }
  void close() {
    flush();
    out_.close();
    if (!out_) throw Fault(path_ + ": cannot be written");
  }

 private:
  void flush() {
    out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    buffer_.clear();
  }
  std::string path_;
  std::ofstream out_;
  fmt::memory_buffer buffer_;
};

void add_clock(Lines& out, std::string_view name, std::string_view day, std::uint64_t seconds) {
  out.add(R"(,"{}":"{}T{:02}:{:02}:{:02}+08:00")", name, day, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

// 700 m to 6 km at 9 to 17 km/h: within the methodology's checks.
void add_ride(Lines& out, Day day, std::string_view day_text, std::int64_t person, std::uint64_t number,
              std::uint64_t dice) {
  const std::uint64_t start = (420 + number * 330 + dice % 90) * 60 + dice / 90 % 60;
  const std::uint64_t metres = 700 + dice / 5400 % 5300, seconds = metres * 36 / (90 + dice / 28'620'000 % 80);
  out.add(R"({{"scenario":"{}","record_id":"{}-{:08}{}","subject":"rider-{:08}")", drawn_scenario,
          format_compact_day(day), person, number, person);
  add_clock(out, "started_at", day_text, start);
  add_clock(out, "ended_at", day_text, start + seconds);
  out.add(R"(,"distance_km":"{}.{:03}"}})"
          "\n",
          metres / 1000, metres % 1000);
}

}  // namespace

const Methodology& bicycle_methodology(const Ground& ground) {
  const auto found = ground.options().methodologies->find(std::string(methodology_name));
  if (found == ground.options().methodologies->end())
    throw Fault(fmt::format("the benchmarks need the methodology {}", methodology_name));
  return found->second;
}

void write_consents(const std::string& path, std::int64_t persons) {
  Lines out(path);
  out.add("scenario,subject,person,from_at,until_at,text_version\n");
  for (std::int64_t person = 0; person < persons; ++person)
    out.add("{0},rider-{1:08},person-{1:08},2025-01-01T00:00:00+08:00,,v1\n", drawn_scenario, person);
  out.close();
}

std::int64_t write_rides(const std::string& path, const RideDraw& draw) {
  Lines out(path);
  std::int64_t count = 0;
  for (int i = 0; i < draw.days; ++i) {
    const Day day = draw.first + i;
    const std::string day_text = format_day(day);
    for (std::uint64_t number = 0; number < in_a_hundred.size(); ++number)
      for (std::int64_t person = 0; person < draw.persons; ++person) {
        const std::uint64_t dice = mix_bits(
            static_cast<std::uint64_t>((day.number * 4 + static_cast<std::int64_t>(number)) * 10'000'000 + person));
        if (dice % 100 >= in_a_hundred[number]) continue;
        add_ride(out, day, day_text, person, number, dice / 100);
        ++count;
      }
  }
  out.close();
  return count;
}

RideFiles draw_rides(const Ground& ground, std::int64_t persons, int days, int files) {
  RideFiles drawn{std::string(drawn_scenario), ground.file("consents.csv"), {}};
  write_consents(drawn.consents, persons);
  for (int i = 0; i < files; ++i) {
    const int first = days * i / files, next = days * (i + 1) / files;
    drawn.records.push_back(ground.file(fmt::format("rides-{:02}.ndjson", i)));
    write_rides(drawn.records.back(), {persons, year_begins + first, next - first});
  }
  return drawn;
}

RideFiles find_rides(const std::string& folder) {
  RideFiles found{"", folder + "/consents.csv", {}};
  std::ifstream consents(found.consents);
  std::string line;
  std::getline(consents, line);
  std::getline(consents, line);
  found.scenario = line.substr(0, line.find(','));
  std::error_code problem;
  for (const auto& file : fs::directory_iterator(folder + "/records", problem))
    found.records.push_back(file.path().string());
  if (found.scenario.empty() || problem || found.records.empty())
    throw Fault(folder +
                ": holds no consents.csv and no records/; name a folder that a converter of examples/partners wrote");
  std::ranges::sort(found.records);
  return found;
}

RideProgramme::RideProgramme(const Ground& ground, const std::string& name, const RideFiles& files, Beside beside)
    : methodology_(bicycle_methodology(ground)),
      programme_(ground, name, start_of(year_ends + 1, ground.options().book->zone), beside),
      scenario_name_(files.scenario) {
  ScenarioRecord record;
  record.name = scenario_name_;
  record.title_zh = "骑行";
  record.title_en = "rides";
  record.developer = "partner";
  record.methodology = methodology_name;
  record.methodology_hash = methodology_.hash;
  record.live_from = year_begins;
  record.lateness_days = lateness_days;
  record.partner_key = partner_.verify_key().bytes();
  record.case_number = 1;
  // As its case and that of the methodology would have left them.
  add_standing(database(), EntryId{}, {std::string(scenario_thing), "1", "live", year_begins, {}, 1});
  add_standing(database(), EntryId{},
               {std::string(methodology_thing),
                std::string(methodology_name),
                "in_force",
                year_begins,
                {},
                2,
                to_hex(methodology_.hash)});
  const auto id = [this] { return new_command_id(office().now); };
  scenario_ = must(record_scenario(office(), record, id()));
  must(record_key(office(), key_holder(Signer::authority, scenario_name_), authority_.verify_key().bytes(), id()));
  must(load_consents(office(), Bytes(32, 7), files.consents));
}

IngestOptions RideProgramme::ingest_options() const {
  IngestOptions options;
  options.scenario = scenario_;
  options.rules = {scenario_name_, &methodology_, programme_.office().book.zone, lateness_days,
                   programme_.office().now};
  return options;
}

std::int64_t RideProgramme::ingest(const std::string& file) {
  const IngestReport report = ingest_file(database(), file, ingest_options());
  if (report.file_outcome != Outcome::received) throw Fault(file + ": was not taken in");
  return report.lines;
}

SealReport RideProgramme::seal() {
  SealOptions options;
  options.scenario = scenario_;
  options.scenario_name = scenario_name_;
  options.methodology = &methodology_;
  options.zone = office().book.zone;
  options.until = year_ends;
  options.now = office().now;
  return seal_days(database(), options);
}

BatchId RideProgramme::compute(Day from, Day until) {
  return must(compute_batch(office(), {scenario_, from, until, true}));
}

void RideProgramme::sign(BatchId batch) {
  const Digest digest = digest_to_sign(database(), batch);
  must(sign_batch(office(), batch, {Signer::partner, "", partner_.sign(digest)}));
  must(sign_batch(office(), batch, {Signer::authority, "", authority_.sign(digest)}));
}

}  // namespace tanpuhui
