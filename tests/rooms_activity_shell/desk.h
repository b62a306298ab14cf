#pragma once
/// A programme in a folder of its own, with the bike methodology and ten persons u0 to u9 who have agreed.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "crypto/hash.h"
#include "rooms/activity/shell/find_acts.h"
#include "rooms/activity/shell/ingest.h"
#include "rooms/activity/shell/seal_days.h"
#include "store/migrations.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {

inline const Methodology& bike() {
  static const Methodology methodology = bike_methodology();
  return methodology;
}

constexpr Zone zone{480};
constexpr ScenarioId bikes{1};
inline const Day monday = *parse_day("2025-03-03");
inline Instant at(std::string_view clock, Day day = monday) {
  return *parse_instant(format_day(day) + "T" + std::string(clock) + "+08:00");
}

struct Ride {
  std::string id;
  std::string person = "u0";
  std::string from = "08:00:00";
  std::string until = "08:20:00";
  std::string km = "3.000";
  Day day = monday;
  std::string more = {};  ///< e.g. `,"revision":1`
};

inline std::string line_of(const Ride& ride) {
  const std::string day = format_day(ride.day);
  return R"({"scenario":"bikes","record_id":")" + format_compact_day(ride.day) + "-" + ride.id + R"(","subject":")" +
         ride.person + R"(","started_at":")" + day + "T" + ride.from + R"(+08:00","ended_at":")" + day + "T" +
         ride.until + R"(+08:00","distance_km":")" + ride.km + "\"" + ride.more + "}\n";
}

inline std::string lines_of(const std::vector<Ride>& rides) {
  std::string text;
  for (const Ride& ride : rides) text += line_of(ride);
  return text;
}

class RideDesk {
 public:
  explicit RideDesk(const std::string& path) : database(Database::open_writer(test_location(path))) {
    migrate(database);
    for (int i = 0; i < 10; ++i) agree("u" + std::to_string(i), 1000 + i, at("00:00:00", monday - 30));
  }

  void agree(const std::string& subject, std::int64_t account, Instant from) {
    database
        .statement(
            "INSERT INTO consents(scenario_id, subject, account_id, person_ref, from_at, text_version) "
            "VALUES (?, ?, ?, ?, ?, 'test')")
        .bind(bikes.value)
        .bind(subject)
        .bind(account)
        .bind(subject)
        .bind(from.ms)
        .run();
  }

  IngestOptions options() const {
    IngestOptions options;
    options.scenario = bikes;
    options.rules = {"bikes", &bike(), zone, 30, now};
    return options;
  }
  IngestReport ingest(const std::string& path) { return ingest_file(database, path, options()); }

  SealReport seal(Day until = monday + 20) {
    SealOptions options;
    options.scenario = bikes;
    options.scenario_name = "bikes";
    options.methodology = &bike();
    options.zone = zone;
    options.until = until;
    options.now = now;
    options.threads = threads;
    return seal_days(database, options);
  }
  Digest digest() { return sealed_digest(database, bikes, monday - 30, monday + 30); }
  std::int64_t count(const std::string& sql) { return database.statement(sql).run_integer(); }
  void close(Day day) {
    database.statement("UPDATE sealed_days SET batch_id = 7 WHERE day = ? AND batch_id IS NULL").bind(day.number).run();
  }

  Database database;
  Instant now = at("12:00:00", monday + 10);
  std::size_t threads = 2;
};

class Folder : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_ / name; }

  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }
  std::string packed(const std::string& name, const std::string& content) const {
    gzFile out = gzopen(path(name).c_str(), "wb");
    gzwrite(out, content.data(), static_cast<unsigned>(content.size()));
    gzclose(out);
    return path(name);
  }
  std::string first_half(const std::string& from, const std::string& name) const {
    std::filesystem::copy_file(from, path(name));
    std::filesystem::resize_file(path(name), std::filesystem::file_size(from) / 2);
    return path(name);
  }

 private:
  TemporaryFolder folder_;
};

/// Some hundred rides of all persons over `days`, with copies, conflicts, revisions, overlaps and refused ones.
inline std::vector<Ride> busy_days(int days, int rides_a_day) {
  std::vector<Ride> rides;
  std::uint64_t state = 5;
  const auto pick = [&state](int below) {
    state = mix_bits(state);
    return static_cast<int>(state % static_cast<unsigned>(below));
  };
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  for (int day = 0; day < days; ++day)
    for (int i = 0; i < rides_a_day; ++i) {
      const std::string hour = two(pick(24));
      const int minute = pick(30);
      rides.push_back({std::to_string(pick(rides_a_day)), "u" + std::to_string(pick(11)),
                       hour + ":" + two(minute) + ":00", hour + ":" + two(minute + pick(30)) + ":00",
                       std::to_string(pick(6)) + ".000", monday + day, pick(5) == 0 ? ",\"revision\":1" : ""});
    }
  return rides;
}

}  // namespace tanpuhui
