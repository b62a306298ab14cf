#include "rooms/activity/shell/ingest.h"

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "desk.h"
#include "rooms/activity/shell/line_source.h"

namespace tanpuhui {
namespace {

using Counts = std::map<std::string, std::int64_t>;

class ingest : public Folder {
 protected:
  void SetUp() override {
    Folder::SetUp();
    programme_.emplace(path("city.db"));
  }
  IngestReport take(const std::string& content) { return programme_->ingest(file("records.ndjson", content)); }
  std::optional<RideDesk> programme_;
};

TEST_F(ingest, takes_good_lines_and_reports_each_bad_one_by_its_code) {
  const std::string good = line_of({.id = "1"});
  std::string missing = line_of({.id = "2"});
  missing.replace(missing.find(R"("subject":"u0",)"), 15, "");
  std::string no_zone = line_of({.id = "3"});
  no_zone.replace(no_zone.find("+08:00"), 6, "");
  const std::string lines = good + "{\"scenario\":\"bikes\",\n" + line_of({.id = "4", .more = R"(,"colour":"red")"}) +
                            missing + line_of({.id = "5", .more = R"(,"subject":"u1")"}) +
                            line_of({.id = "6", .more = R"(,"revision":"1")"}) + line_of({.id = "7", .km = "3.0001"}) +
                            no_zone + line_of({.id = "8", .from = "25:00:00"}) + line_of({.id = "9", .km = "1001"}) +
                            line_of({.id = "10", .from = "09:00:00"}) + line_of({.id = "11", .person = "nobody"}) +
                            line_of({.id = "12", .km = "0.100"}) + good;
  const IngestReport report = take(lines);
  EXPECT_EQ(report.file_outcome, Outcome::received);
  EXPECT_EQ(report.lines, 14);
  EXPECT_EQ(report.counts, (Counts{{"received", 2},
                                   {"malformed_line", 1},
                                   {"unknown_field", 1},
                                   {"missing_field", 1},
                                   {"duplicate_field", 1},
                                   {"wrong_type", 1},
                                   {"too_many_decimals", 1},
                                   {"time_without_zone", 1},
                                   {"bad_time", 1},
                                   {"out_of_range", 1},
                                   {"end_before_start", 1},
                                   {"unknown_person", 1},
                                   {"check_failed.distance_too_short", 1}}));
  ASSERT_EQ(report.examples.size(), 12U);
  EXPECT_EQ(report.examples[5].line, 7);
  EXPECT_EQ(report.examples[5].field, "distance_km");
  EXPECT_EQ(report.examples[5].value, "3.0001");
  EXPECT_FALSE(report.examples[5].remedy_en.empty());
  EXPECT_EQ(report.examples[11].outcome, "check_failed.distance_too_short");
  EXPECT_EQ(report.examples[11].value, "20250303-12");
}

TEST_F(ingest, refuses_what_is_no_object_of_fields) {
  const std::string half = line_of({.id = "1"});
  const IngestReport report = take("[1]\n\"text\"\n12\n\n{}x\n{\"scenario\":}\n\xff\xfe\n" +
                                   half.substr(0, half.size() - 3) + "\n" + half.substr(0, half.size() - 1) + " {}\n");
  EXPECT_EQ(report.counts, (Counts{{"malformed_line", 9}}));
}

TEST_F(ingest, refuses_objects_and_null_where_a_value_belongs) {
  std::string nested = line_of({.id = "1"}), null = nested;
  nested.replace(nested.find("\"u0\""), 4, "{\"a\":[1]}");
  null.replace(null.find("\"u0\""), 4, "null");
  EXPECT_EQ(take(nested + null).counts, (Counts{{"wrong_type", 2}}));
}

TEST_F(ingest, refuses_a_line_beyond_any_measure_and_goes_on_behind_it) {
  const std::string endless = "{\"scenario\":\"" + std::string(3 << 20, 'x') + "\"}\n";
  EXPECT_EQ(take(endless + line_of({.id = "1"})).counts, (Counts{{"malformed_line", 1}, {"received", 1}}));
}

TEST_F(ingest, refuses_lines_of_another_scenario) {
  std::string line = line_of({.id = "1"});
  line.replace(line.find("bikes"), 5, "buses");
  EXPECT_EQ(take(line).counts, (Counts{{"other_scenario", 1}}));
}

TEST_F(ingest, refuses_an_act_before_the_consent) {
  programme_->agree("late", 2000, at("12:00:00"));
  EXPECT_EQ(take(line_of({.id = "1", .person = "late"})).counts, (Counts{{"no_consent", 1}}));
}

TEST_F(ingest, stores_nothing_of_a_person_who_did_not_agree) {
  take(line_of({.id = "1", .person = "nobody"}));
  EXPECT_EQ(programme_->count("SELECT count(*) FROM arrived_runs"), 0);
}

TEST_F(ingest, refuses_an_empty_file) {
  EXPECT_EQ(take("").file_outcome, Outcome::file_empty);
  EXPECT_EQ(programme_->ingest(packed("empty.gz", "")).file_outcome, Outcome::file_empty);
  EXPECT_EQ(programme_->count("SELECT count(*) FROM arrivals"), 0);
}

TEST_F(ingest, refuses_a_file_that_cannot_be_read) {
  EXPECT_EQ(programme_->ingest(path("nowhere")).file_outcome, Outcome::file_unreadable);
  EXPECT_EQ(programme_->ingest(path("")).file_outcome, Outcome::file_unreadable);
}

TEST_F(ingest, knows_a_file_by_its_bytes_whatever_its_name) {
  take(line_of({.id = "1"}));
  const IngestReport again = programme_->ingest(file("other-name", line_of({.id = "1"})));
  EXPECT_EQ(again.file_outcome, Outcome::file_already_received);
  EXPECT_EQ(programme_->count("SELECT count(*) FROM arrived_runs"), 1);
}

TEST_F(ingest, reads_packed_files_also_joined_ones) {
  const std::string one = packed("1.gz", line_of({.id = "1"})), two = packed("2.gz", line_of({.id = "2"}));
  std::ofstream joined(path("12.gz"), std::ios::binary);
  joined << std::ifstream(one, std::ios::binary).rdbuf() << std::ifstream(two, std::ios::binary).rdbuf();
  joined.close();
  EXPECT_EQ(programme_->ingest(path("12.gz")).counts, (Counts{{"received", 2}}));
}

TEST_F(ingest, refuses_the_whole_of_a_truncated_file_and_keeps_nothing_of_it) {
  const std::string whole = packed("whole.gz", lines_of(busy_days(5, 2000)));
  IngestOptions options = programme_->options();
  options.chunk_lines = 100;
  const std::string half = first_half(whole, "half.gz");
  EXPECT_EQ(ingest_file(programme_->database, half, options).file_outcome, Outcome::file_truncated);
  EXPECT_EQ(programme_->count("SELECT count(*) FROM arrived_runs"), 0);
  EXPECT_EQ(ingest_file(programme_->database, half, options).file_outcome, Outcome::file_truncated);
  EXPECT_EQ(ingest_file(programme_->database, whole, options).file_outcome, Outcome::received);
}

TEST_F(ingest, refuses_a_packed_file_with_damaged_content) {
  const std::string damaged = packed("damaged.gz", lines_of(busy_days(2, 500)));
  std::fstream bytes(damaged, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(-6, std::ios::end);
  bytes.put('\x55').put('\x55');
  bytes.close();
  EXPECT_EQ(programme_->ingest(damaged).file_outcome, Outcome::file_unreadable);
}

TEST_F(ingest, reads_csv_like_json) {
  const IngestReport report = programme_->ingest(
      file("records.csv",
           "record_id,scenario,subject,started_at,ended_at,distance_km,revision,withdrawn\r\n"
           "20250303-1,bikes,u0,2025-03-03T08:00:00+08:00,2025-03-03T08:20:00+08:00,3.000,,\r\n"
           "20250303-2,bikes,\"u1\",2025-03-03T08:00:00+08:00,2025-03-03T08:20:00+08:00,3.000,1,true\r\n"
           "20250303-3,bikes,u1,2025-03-03T09:00:00+08:00,2025-03-03T09:20:00+08:00,3.000,one,\r\n"
           "20250303-4,bikes,u1,2025-03-03T09:00:00+08:00\r\n"
           "20250303-5,bikes,\"u1,2025-03-03T09:00:00+08:00,2025-03-03T09:20:00+08:00,3.000,,\r\n"));
  EXPECT_EQ(report.counts, (Counts{{"received", 2}, {"wrong_type", 1}, {"malformed_line", 2}}));
  EXPECT_EQ(report.examples.at(0).line, 4);
  programme_->seal();
  EXPECT_EQ(count_sealed(programme_->database, bikes, monday, monday), (Counts{{"accepted", 1}, {"withdrawn", 1}}));
}

TEST_F(ingest, refuses_each_line_of_a_csv_with_an_unknown_column) {
  const IngestReport report =
      programme_->ingest(file("records.csv", "scenario,record_id,colour\nbikes,20250303-1,red\n"));
  EXPECT_EQ(report.counts, (Counts{{"unknown_field", 1}}));
}

TEST_F(ingest, calls_a_csv_without_records_empty) {
  EXPECT_EQ(take("scenario,record_id\n").file_outcome, Outcome::file_empty);
}

TEST_F(ingest, keeps_the_first_twenty_examples_in_order_of_line) {
  std::string lines;
  for (int i = 0; i < 90; ++i) {
    const Ride refused{.id = "1", .person = i % 3 == 1 ? "nobody" : "u0", .km = "0.1", .day = monday - i % 7};
    lines += i % 3 == 0 ? "broken\n" : line_of(refused);
  }
  const IngestReport report = take(lines);
  ASSERT_EQ(report.examples.size(), examples_max);
  for (std::size_t i = 0; i < examples_max; ++i) EXPECT_EQ(report.examples[i].line, static_cast<std::int64_t>(i + 1));
}

TEST_F(ingest, seals_the_same_from_any_size_of_chunk) {
  const std::string content = lines_of(busy_days(4, 60));
  take(content);
  programme_->seal();
  for (const std::size_t lines : {1U, 7U, 240U}) {
    RideDesk other(path("other" + std::to_string(lines)));
    IngestOptions options = other.options();
    options.chunk_lines = lines;
    const IngestReport report = ingest_file(other.database, path("records.ndjson"), options);
    EXPECT_EQ(report.lines, 240);
    other.seal();
    EXPECT_EQ(other.digest(), programme_->digest()) << lines;
  }
}

/// Everything but the times at which things happened to be done.
std::string stored(RideDesk& programme) {
  std::string text;
  auto rows = programme.database.statement(
      "SELECT day, chunk_no, row_count, rows FROM arrived_runs ORDER BY day, arrival_id, chunk_no");
  while (rows.step())
    text += std::to_string(rows.integer(0)) + " " + std::to_string(rows.integer(1)) + " " + to_hex(rows.blob(3)) + "\n";
  auto arrivals = programme.database.statement("SELECT state, lines_done, counts FROM arrivals");
  while (arrivals.step())
    text += std::string(arrivals.text(0)) + std::to_string(arrivals.integer(1)) + std::string(arrivals.text(2));
  return text;
}

TEST_F(ingest, goes_on_after_a_kill_and_ends_as_if_undisturbed) {
  const std::string records = file("records.ndjson", lines_of(busy_days(4, 60)));
  IngestOptions options = programme_->options();
  options.chunk_lines = 20;
  ingest_file(programme_->database, records, options);
  for (const std::int64_t kill_after : {20, 100, 220}) {
    const std::string name = path("killed" + std::to_string(kill_after));
    { RideDesk made(name); }
    if (const pid_t child = ::fork(); child == 0) {
      Database writer = Database::open_writer(test_location(name));
      IngestOptions killed = options;
      killed.lines_progress = [&](std::int64_t lines) {
        if (lines >= kill_after) ::raise(SIGKILL);
      };
      ingest_file(writer, records, killed);
      ::_exit(0);
    } else {
      int status = 0;
      ::waitpid(child, &status, 0);
      ASSERT_TRUE(WIFSIGNALED(status));
    }
    Database writer = Database::open_writer(test_location(name));
    const IngestReport report = ingest_file(writer, records, options);
    EXPECT_TRUE(report.resumed);
    writer.execute("DELETE FROM consents");  // the fixture below makes them anew
    RideDesk resumed(name);
    EXPECT_EQ(stored(resumed), stored(*programme_)) << kill_after;
  }
}

/// Ten rides of 3 km and one of 0.1 km, which is refused, in chunks of two.
class ingest_with_manifest : public ingest {
 protected:
  void SetUp() override {
    ingest::SetUp();
    std::vector<Ride> rides;
    for (int i = 0; i < 10; ++i) rides.push_back({.id = std::to_string(i)});
    rides.push_back({.id = "short", .km = "0.1"});
    records_ = file("rides.ndjson", lines_of(rides));
  }
  IngestReport take_stated(std::int64_t records, const std::string& km, const std::string& name = "rides.ndjson") {
    const std::string text =
        "file = \"" + name + "\"\nrecords = " + std::to_string(records) + "\nsums = { distance_km = \"" + km + "\" }\n";
    const Manifest manifest = *read_manifest(text, "m.toml", bike());
    IngestOptions options = programme_->options();
    options.chunk_lines = 2;
    options.manifest = &manifest;
    options.lines_progress = lines_progress_;
    return ingest_file(programme_->database, records_, options);
  }
  std::string records_;
  std::function<void(std::int64_t)> lines_progress_;
};

TEST_F(ingest_with_manifest, takes_a_file_that_is_what_was_said) {
  const IngestReport report = take_stated(11, "30.1");
  EXPECT_EQ(report.file_outcome, Outcome::received);
  EXPECT_EQ(report.counts, (Counts{{"received", 10}, {"check_failed.distance_too_short", 1}}));
}

TEST_F(ingest_with_manifest, refuses_the_whole_file_and_names_the_figure) {
  const IngestReport report = take_stated(11, "30.101");
  EXPECT_EQ(report.file_outcome, Outcome::file_differs_from_manifest);
  ASSERT_EQ(report.differences.size(), 1U);
  EXPECT_EQ(report.differences[0].figure, "sums.distance_km");
  EXPECT_EQ(report.differences[0].difference, "-0.001");
  EXPECT_EQ(programme_->count("SELECT count(*) FROM arrived_runs"), 0);
  EXPECT_EQ(programme_->seal().rows, 0);
}

TEST_F(ingest_with_manifest, stores_nothing_under_the_name_of_another_file) {
  EXPECT_EQ(take_stated(11, "30.1", "other").file_outcome, Outcome::file_differs_from_manifest);
  EXPECT_EQ(programme_->count("SELECT count(*) FROM arrivals"), 0);
}

TEST_F(ingest_with_manifest, takes_a_refused_file_again_with_the_right_manifest_only) {
  take_stated(12, "30.1");
  EXPECT_EQ(programme_->ingest(records_).file_outcome, Outcome::file_differs_from_manifest);
  EXPECT_EQ(take_stated(13, "30.1").file_outcome, Outcome::file_differs_from_manifest);
  EXPECT_EQ(take_stated(11, "30.1").file_outcome, Outcome::received);
  EXPECT_EQ(take_stated(11, "30.1").file_outcome, Outcome::file_already_received);
  EXPECT_EQ(programme_->seal().rows, 10);
}

TEST_F(ingest_with_manifest, adds_up_what_was_committed_before_a_kill) {
  lines_progress_ = [](std::int64_t lines) {
    if (lines == 6) throw Fault("killed");
  };
  EXPECT_THROW(take_stated(11, "30.1"), Fault);
  lines_progress_ = {};
  const IngestReport report = take_stated(11, "30.1");
  EXPECT_TRUE(report.resumed);
  EXPECT_EQ(report.file_outcome, Outcome::received);
  EXPECT_EQ(report.counts, (Counts{{"received", 10}, {"check_failed.distance_too_short", 1}}));
}

TEST_F(ingest_with_manifest, refuses_also_what_was_begun_without_one) {
  IngestOptions options = programme_->options();
  options.chunk_lines = 2;
  options.lines_progress = [](std::int64_t) { throw Fault("killed"); };
  EXPECT_THROW(ingest_file(programme_->database, records_, options), Fault);
  EXPECT_EQ(take_stated(11, "30.2").file_outcome, Outcome::file_differs_from_manifest);
  EXPECT_EQ(programme_->count("SELECT count(*) FROM arrived_runs"), 0);
}

class ingest_of_messages : public ingest {
 protected:
  IngestReport take_messages(const std::vector<Message>& messages, const StreamName& stream = {"RIDES", 1}) {
    IngestOptions options = programme_->options();
    options.chunk_lines = chunk_lines_;
    return ingest_messages(programme_->database, stream, messages, options);
  }
  std::int64_t runs() { return programme_->count("SELECT count(*) FROM taken_messages"); }
  std::string one_ = line_of({.id = "1"}), two_ = line_of({.id = "2", .person = "u1"}),
              three_ = line_of({.id = "3", .person = "u2"});
  std::size_t chunk_lines_ = 100;
};

TEST_F(ingest_of_messages, takes_each_message_once_however_often_it_comes) {
  EXPECT_EQ(take_messages({{1, one_}, {2, two_}, {1, one_}}).lines, 2);
  EXPECT_EQ(take_messages({{1, one_}, {2, two_}}).file_outcome, Outcome::file_already_received);
  EXPECT_EQ(take_messages({{2, two_}, {3, three_}}).lines, 1);
  EXPECT_EQ(programme_->seal().rows, 3);
  EXPECT_EQ(runs(), 1);
}

TEST_F(ingest_of_messages, takes_what_comes_late_between_what_is_there) {
  take_messages({{1, one_}, {5, three_}});
  EXPECT_EQ(take_messages({{5, three_}, {3, two_}}).lines, 1);
  EXPECT_EQ(take_messages({{3, two_}}).lines, 0);
  EXPECT_EQ(take_messages({{4, line_of({.id = "4"})}, {2, line_of({.id = "5"})}}).lines, 2);
  for (std::int64_t number = 1; number <= 5; ++number) EXPECT_EQ(take_messages({{number, one_}}).lines, 0);
}

TEST_F(ingest_of_messages, knows_that_a_stream_was_made_anew) {
  take_messages({{1, one_}});
  EXPECT_EQ(take_messages({{1, two_}}, {"RIDES", 2}).lines, 1);
  EXPECT_EQ(take_messages({{1, three_}}, {"OTHER", 1}).lines, 1);
  EXPECT_EQ(programme_->seal().rows, 3);
}

TEST_F(ingest_of_messages, knows_the_same_content_under_other_numbers) {
  take_messages({{1, one_}, {2, two_}});
  EXPECT_EQ(take_messages({{7, one_}, {8, two_}}).file_outcome, Outcome::file_already_received);
  EXPECT_EQ(programme_->count("SELECT count(*) FROM arrivals"), 1);
  EXPECT_EQ(runs(), 2);
}

TEST_F(ingest_of_messages, reads_each_as_lines_whatever_it_holds) {
  const std::string packed("\x1f\x8b\x00", 3), header = "record_id,scenario\n";
  const IngestReport report = take_messages(
      {{10, packed}, {11, header}, {12, ""}, {13, one_ + two_}, {14, three_.substr(0, three_.size() - 1)}});
  EXPECT_EQ(report.counts, (Counts{{"malformed_line", 3}, {"received", 3}}));
  EXPECT_EQ(report.lines, 6);
  ASSERT_EQ(report.examples.size(), 3U);
  EXPECT_EQ(report.examples[0].line, 10);
  EXPECT_EQ(report.examples[2].line, 12);
}

TEST_F(ingest_of_messages, goes_on_in_a_message_beyond_a_commit) {
  chunk_lines_ = 2;
  EXPECT_EQ(take_messages({{1, one_ + two_ + three_}}).lines, 3);
  EXPECT_EQ(programme_->count("SELECT count(*) FROM arrivals WHERE state = 'complete'"), 1);
  EXPECT_EQ(programme_->seal().rows, 3);
}

TEST_F(ingest_of_messages, seals_as_the_same_lines_of_a_file) {
  const std::vector<Ride> rides = busy_days(3, 50);
  std::vector<std::string> lines;
  for (const Ride& ride : rides) lines.push_back(line_of(ride));
  for (std::size_t i = 0; i < lines.size(); i += 7) {
    std::vector<Message> messages;
    for (std::size_t k = i; k < std::min(i + 9, lines.size()); ++k)
      messages.push_back({static_cast<std::int64_t>(k + 1), lines[k]});
    take_messages(messages);
  }
  programme_->seal();
  RideDesk other(path("file.db"));
  other.ingest(file("all.ndjson", lines_of(rides)));
  other.seal();
  EXPECT_EQ(programme_->digest(), other.digest());
}

TEST_F(ingest, keeps_progress_readable_whatever_a_value_holds) {
  IngestReport report, back;
  report.counts = {{"bad_time", 3}};
  report.examples = {{7, "bad_time", "started_at", "a\"b\\c\n\x01", "时间", "time", "改", "mend"}};
  read_progress_json(progress_json(report), back);
  EXPECT_EQ(back.counts, report.counts);
  EXPECT_EQ(back.examples.at(0).value, report.examples.at(0).value);
}

TEST_F(ingest, line_source_gives_every_line_once_whatever_the_size_of_the_file) {
  std::string content;
  for (int i = 0; i < 200'000; ++i) content += "line " + std::to_string(i) + "\n";
  content += "last";
  LineSource source(packed("lines.gz", content));
  std::string_view line;
  std::string back;
  while (source.next(line)) back += std::string(line) + "\n";
  EXPECT_EQ(back, content + "\n");
  EXPECT_TRUE(source.at_end());
}

}  // namespace
}  // namespace tanpuhui
