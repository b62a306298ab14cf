#include "rooms/activity/shell/pack_rounds.h"

#include <algorithm>
#include <csignal>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desk.h"
#include "rooms/activity/shell/delete_evidence.h"
#include "rooms/activity/shell/dry_run.h"
#include "rooms/activity/shell/find_sealed_acts.h"

namespace tanpuhui {
namespace {

using Counts = std::map<std::string, std::int64_t>;

std::vector<std::string> lines_of(const std::vector<FoundAct>& acts) {
  std::vector<std::string> lines;
  for (const FoundAct& act : acts)
    lines.push_back(fmt::format("{} {} {} {} {} {} {} {} {}", act.scenario.value, act.record_id, act.round,
                                act.started_at.ms, act.duration_ms, static_cast<int>(act.outcome), to_hex(act.fields),
                                act.reduction.count(), act.batch ? act.batch->value : 0));
  return lines;
}

class packing : public Folder {
 protected:
  void SetUp() override { desk_.emplace(make("city.db")); }

  RideDesk make(const std::string& name) {
    RideDesk desk(path(name));
    desk.database
        .statement(
            "INSERT INTO scenarios VALUES (1, 'bikes', '骑行', 'ride', 'dev', 'bike-demo/v1', ?, 0, NULL, 30, 'live')")
        .bind(ByteView(bike().hash))
        .run();
    post(desk, 7);
    return desk;
  }
  // `close` of the desk names batch 7.
  static void post(RideDesk& desk, std::int64_t batch, std::string_view state = "posted") {
    desk.database
        .statement(
            "INSERT INTO batches(batch_id, scenario_id, period_from, period_until, methodology, methodology_hash, "
            "rulebook_hash, acts_digest, digest, persons, records, issued_mg, serial_next_mg, state, "
            "partner_signature, authority_signature) VALUES "
            "(?, 1, 0, 0, 'bike-demo/v1', ?, x'', x'', x'', 0, 0, 0, 0, ?, x'', x'')")
        .bind(batch)
        .bind(ByteView(bike().hash))
        .bind(state)
        .run();
  }
  void take(const std::vector<Ride>& rides) { desk_->ingest(file(std::to_string(++files_), lines_of_rides(rides))); }
  static std::string lines_of_rides(const std::vector<Ride>& rides) { return tanpuhui::lines_of(rides); }

  void fill(int days, int rides_a_day) {
    take(busy_days(days, rides_a_day));
    desk_->seal();
    for (int day = 0; day < days; ++day) desk_->close(monday + day);
  }
  PackReport pack(std::size_t segment_rows = 4096) {
    PackOptions options;
    options.segment_rows = segment_rows;
    return pack_rounds(desk_->database, options);
  }
  /// What every reader of acts tells.
  std::vector<std::string> told() { return told(desk_->database); }
  static std::vector<std::string> told(Database& database) {
    std::vector<std::string> all;
    const auto add = [&all](const std::vector<std::string>& lines) {
      all.insert(all.end(), lines.begin(), lines.end());
    };
    for (std::int64_t account = 1000; account < 1011; ++account)
      for (const std::size_t limit : {1, 5, 20, 10000}) {
        add(lines_of(find_acts(database, AccountId{account}, limit)));
        add(lines_of(find_acts(database, AccountId{account}, limit, monday + 2)));
      }
    for (int id = 0; id < 40; ++id) add(lines_of(find_record(database, bikes, fmt::format("20250304-{}", id))));
    all.push_back(to_hex(sealed_digest(database, bikes, monday, monday + 10)));
    DryRunOptions options;
    options.scenario = bikes;
    options.in_force = options.draft = &bike();
    options.zone = zone;
    options.from = monday;
    options.until = monday + 10;
    const auto report = dry_run(database, options).value();
    all.push_back(fmt::format("{} {} {} {} {}", report.acts, report.accepted_after, report.reduction_after.count(),
                              report.changes.size(), report.not_derivable));
    return all;
  }

  std::optional<RideDesk> desk_;
  int files_ = 0;
};

TEST_F(packing, leaves_what_every_reader_tells_as_it_was) {
  fill(5, 60);
  const auto before = told();
  const std::int64_t acts = desk_->count("SELECT count(*) FROM sealed_acts");
  for (const std::size_t rows : {1, 7, 4096}) {
    const PackReport report = pack(rows);
    EXPECT_EQ(report.rounds, rows == 1 ? 5 : 0) << "packed once";
    EXPECT_EQ(desk_->count("SELECT CAST(sum(row_count) AS BIGINT) FROM act_segments"), acts);
    EXPECT_EQ(told(), before);
  }
  EXPECT_EQ(desk_->count("SELECT count(*) FROM sealed_acts"), 0);
}

TEST_F(packing, cuts_segments_also_within_a_person) {
  fill(2, 60);
  const auto before = told();
  EXPECT_EQ(pack(4).damaged, std::vector<std::string>{});
  EXPECT_EQ(told(), before);
  EXPECT_GT(desk_->count("SELECT max(n) FROM act_segments"), 5);
}

TEST_F(packing, takes_only_rounds_whose_batch_is_posted) {
  take(busy_days(3, 20));
  desk_->seal();
  desk_->close(monday);
  post(*desk_, 8, "signed");
  desk_->database.statement("UPDATE sealed_days SET batch_id = 8 WHERE day = ?").bind(monday.number + 1).run();
  EXPECT_EQ(pack().rounds, 1);
  EXPECT_EQ(desk_->count("SELECT count(*) FROM sealed_days WHERE segments = 0"), 2);
}

TEST_F(packing, takes_days_up_to_the_last_one_of_one_scenario) {
  fill(4, 20);
  PackOptions options;
  options.scenario = ScenarioId{2};
  EXPECT_EQ(pack_rounds(desk_->database, options).rounds, 0);
  options.scenario = bikes;
  options.until = monday + 1;
  EXPECT_EQ(pack_rounds(desk_->database, options).rounds, 2);
  EXPECT_EQ(pack().rounds, 2);
}

TEST_F(packing, leaves_acts_that_are_not_what_was_sealed) {
  fill(2, 20);
  const auto of_monday = " WHERE n = 0 AND account_id = 1001 AND day = " + std::to_string(monday.number);
  desk_->database.execute("UPDATE sealed_acts SET reduction_mg = reduction_mg + 1" + of_monday);
  const PackReport report = pack();
  EXPECT_EQ(report.rounds, 1);
  EXPECT_EQ(report.damaged, std::vector<std::string>{"bikes, 2025-03-03, round 1"});
  EXPECT_EQ(desk_->count("SELECT count(*) FROM act_segments WHERE day = " + std::to_string(monday.number)), 0);
  desk_->database.execute("UPDATE sealed_acts SET reduction_mg = reduction_mg - 1" + of_monday);
  EXPECT_EQ(pack().rounds, 1);
}

TEST_F(packing, is_resumed_after_a_kill) {
  fill(6, 30);
  const auto before = told();
  const std::string location = desk_->database.location();
  desk_.reset();
  if (const pid_t child = ::fork(); child == 0) {
    Database writer = Database::open_writer(location);
    PackOptions options;
    options.progress = [](std::int64_t done, std::int64_t) {
      if (done == 3) ::raise(SIGKILL);
    };
    pack_rounds(writer, options);
    ::_exit(0);
  } else {
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
  }
  Database writer = Database::open_writer(location);
  EXPECT_EQ(pack_rounds(writer, {}).rounds, 3);
  EXPECT_EQ(told(writer), before);
}

TEST_F(packing, names_a_damaged_segment) {
  fill(1, 20);
  pack();
  auto update = desk_->database.statement("UPDATE act_segments SET bytes = ?");
  update.bind(Bytes(40, 9)).run();
  try {
    find_record(desk_->database, bikes, "20250303-1");
    FAIL();
  } catch (const DamagedActs& damage) {
    EXPECT_NE(std::string(damage.what()).find("2025-03-03, round 1: segment 0 of its acts is damaged"),
              std::string::npos);
  }
  desk_->database.execute("DELETE FROM act_segments");
  EXPECT_THROW(find_record(desk_->database, bikes, "20250303-1"), DamagedActs);
}

/// The same deliveries with and without what the test is about in the middle.
class late_records : public packing {
 protected:
  std::string sealed_again(const std::string& name, const std::function<void(RideDesk&)>& between) {
    RideDesk desk = make(name);
    const std::string first = file(name + "1", lines_of_rides(busy_days(5, 60)));
    std::vector<Ride> late = busy_days(5, 12);
    for (Ride& ride : late) ride.id = "late" + ride.id;
    late.push_back({.id = "1", .km = "5.500", .more = ",\"revision\":3"});
    late.push_back(busy_days(5, 60)[3]);
    desk.ingest(first);
    desk.seal();
    for (int day = 0; day < 5; ++day) desk.close(monday + day);
    between(desk);
    EXPECT_EQ(desk.ingest(first).file_outcome, Outcome::file_already_received);
    desk.ingest(file(name + "2", lines_of_rides(late)));
    const SealReport report = desk.seal();
    EXPECT_EQ(report.days_sealed, 5);
    EXPECT_GT(report.counts.at("accepted"), 0);
    EXPECT_EQ(desk.count("SELECT count(*) FROM sealed_days WHERE round = 2"), 5);
    EXPECT_EQ(desk.seal().days_sealed, 0);
    return to_hex(desk.digest());
  }
  static EvidenceReport delete_all(RideDesk& desk, Day before = monday + 10) {
    static const Rulebook book = js24_book();
    Writer writer(desk.database, sha256);
    return delete_evidence(Office{desk.database, writer, book, desk.now}, {bikes, "bikes", before}).value();
  }
};

TEST_F(late_records, open_a_next_round_of_a_packed_day_as_of_one_in_rows) {
  const std::string expected = sealed_again("rows.db", [](RideDesk&) {});
  EXPECT_EQ(sealed_again("packed.db", [](RideDesk& desk) { EXPECT_EQ(pack_rounds(desk.database, {}).rounds, 5); }),
            expected);
}

TEST_F(late_records, open_the_same_round_when_the_evidence_is_gone) {
  const std::string expected = sealed_again("rows.db", [](RideDesk&) {});
  EXPECT_EQ(sealed_again("gone.db",
                         [](RideDesk& desk) {
                           pack_rounds(desk.database, {});
                           EXPECT_EQ(delete_all(desk).days, 5);
                           EXPECT_EQ(desk.count("SELECT count(*) FROM arrived_runs"), 0);
                         }),
            expected);
}

TEST_F(late_records, of_copies_alone_open_none_when_the_evidence_is_gone) {
  fill(2, 20);
  delete_all(*desk_);
  std::vector<Ride> again = busy_days(2, 20);
  std::ranges::reverse(again);
  take(again);
  EXPECT_EQ(desk_->seal().days_sealed, 0);
  EXPECT_EQ(delete_all(*desk_).days, 2) << "what held nothing new goes too";
  EXPECT_EQ(desk_->count("SELECT count(*) FROM arrived_runs"), 0);
}

using evidence = late_records;

TEST_F(evidence, of_a_day_that_something_waits_for_is_kept) {
  take(busy_days(4, 20));
  desk_->seal(monday + 2);
  for (const int day : {0, 1}) desk_->close(monday + day);
  take({{.id = "late", .from = "00:00:00", .until = "00:20:00", .day = monday + 1}});
  const EvidenceReport report = delete_all(*desk_);
  EXPECT_EQ(report.days, 1) << "the first; the second has a late record, the third is open, the fourth not sealed";
  EXPECT_EQ(report.days_kept, 3);
  EXPECT_EQ(desk_->count("SELECT min(day) FROM arrived_runs"), monday.number + 1);
  desk_->seal();
  EXPECT_EQ(delete_all(*desk_).days, 0) << "the late round is open";
  desk_->close(monday + 1);
  EXPECT_EQ(delete_all(*desk_).days, 1);
}

TEST_F(evidence, of_a_batch_that_is_not_posted_is_kept) {
  fill(2, 20);
  desk_->database.execute("UPDATE batches SET state = 'signed'");
  EXPECT_EQ(delete_all(*desk_).days, 0);
}

TEST_F(evidence, of_the_first_day_that_is_named_is_kept) {
  fill(3, 20);
  EXPECT_EQ(delete_all(*desk_, monday + 1).days, 1);
}

TEST_F(evidence, of_a_file_on_its_way_is_kept) {
  fill(1, 20);
  take(busy_days(1, 30));
  desk_->database.execute("UPDATE arrivals SET state = 'provisional' WHERE arrival_id = 2");
  EXPECT_EQ(delete_all(*desk_).days, 1);
  EXPECT_GT(desk_->count("SELECT count(*) FROM arrived_runs WHERE arrival_id = 2"), 0);
}

TEST_F(evidence, goes_with_an_entry_that_says_how_much) {
  fill(3, 20);
  const std::int64_t records = desk_->count("SELECT CAST(sum(row_count) AS BIGINT) FROM arrived_runs");
  EXPECT_EQ(delete_all(*desk_).records, records);
  const auto entry = find_entry(desk_->database, EntryId{1});
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->kind, EntryKind::register_act);
  EXPECT_EQ(entry->notes.at(1).text, "2025-03-03/2025-03-05");
  EXPECT_NE(entry->notes.at(2).text.find(fmt::format("3 days, {} records", records)), std::string::npos);
  EXPECT_EQ(delete_all(*desk_).days, 0);
  EXPECT_EQ(desk_->count("SELECT count(*) FROM entries"), 1);
}

TEST_F(evidence, that_is_gone_leaves_the_end_of_its_day_to_the_next_one) {
  std::string night = line_of({.id = "1", .from = "23:50:00", .until = "23:59:00", .day = monday + 1});
  night.replace(night.rfind("2025-03-04T23:59:00"), 19, "2025-03-05T00:30:00");
  desk_->ingest(file("night", night + line_of({.id = "0"})));
  desk_->seal();
  desk_->close(monday);
  desk_->close(monday + 1);
  EXPECT_EQ(delete_all(*desk_).days, 2);
  take({{.id = "2"}, {.id = "3", .from = "00:05:00", .until = "00:20:00", .day = monday + 2}});
  desk_->seal();
  EXPECT_EQ(count_sealed(desk_->database, bikes, monday + 2, monday + 2), (Counts{{"overlap", 1}}));
}

}  // namespace
}  // namespace tanpuhui
