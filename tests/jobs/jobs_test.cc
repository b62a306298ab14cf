#include <thread>

#include "jobs_world.h"

namespace tanpuhui {
namespace {

class jobs : public testing::Test {
 protected:
  jobs() : database_(Database::open_writer(location())) { found_jobs_world(database_); }

  std::string location() { return test_location(folder_ / "p.db"); }

  void act(std::vector<Command> commands, Day day = first_day) {
    for (const Answer& answer : Writer(database_, sha256).execute(commands, noon(day))) ASSERT_FALSE(answer.refusal);
  }
  FoldReport net(std::int64_t slice = 20'000) { return net_balances(database_, {slice}); }
  FoldReport project(Day today = first_day + 1, std::int64_t slice = 20'000) {
    return project_lines(database_, {today, china}, {slice});
  }
  std::int64_t number(const std::string& sql) { return database_.statement(sql).run_integer(); }

  TemporaryFolder folder_;
  Database database_;
};

TEST_F(jobs, net_what_the_system_and_escrows_received_and_nothing_of_persons) {
  act({grant(1, 10), order(2, 4), cancel(3, 200'000)});
  EXPECT_EQ(net().entries, 3);
  EXPECT_EQ(netted(database_),
            "1,1,-10,-1000000\n"
            "2,1,6,0\n"
            "12,1,0,200000\n"
            "5002,1,0,400000\n");
}

TEST_F(jobs, net_each_entry_once) {
  act({grant(1, 10)});
  net();
  EXPECT_EQ(net().entries, 0);
  act({grant(2, 5)});
  const FoldReport report = net();
  EXPECT_EQ(report.entries, 1);
  EXPECT_EQ(report.head, EntryId{2});
  EXPECT_EQ(netted(database_), "1,1,-15,-1500000\n");
}

TEST_F(jobs, add_balances_up_by_account) {
  act({grant(1, 10), order(2, 4)});
  net();
  const std::vector<NettedBalance> expected{{AccountId{1}, Points(-10), Milligrams(-1'000'000)},
                                            {AccountId{2}, Points(4), Milligrams()},
                                            {AccountId{5002}, Points(), Milligrams(400'000)}};
  EXPECT_EQ(list_netted(database_), expected);
}

TEST_F(jobs, write_a_line_for_each_leg) {
  act({grant(1, 10), order(2, 4)});
  EXPECT_EQ(project().entries, 2);
  const std::string lines = postings(database_);
  const std::string day = std::to_string(first_day.number), of = ",post," + day + "," + day + ",1,0,";
  EXPECT_NE(lines.find("1,1,0" + of + "-10,0,-1000000\n"), std::string::npos) << lines;
  EXPECT_NE(lines.find("4242,1,1" + of + "10,1000000,0\n"), std::string::npos) << lines;
  EXPECT_NE(lines.find("4242,2,0,order," + day + "," + day + ",1,0,-4,-400000,0\n"), std::string::npos) << lines;
  EXPECT_EQ(number("SELECT count(*) FROM posting_lines"), 5);
}

TEST_F(jobs, write_a_line_for_each_lot_as_it_stands) {
  act({grant(1, 10), grant(2, 3), order(3, 4)});
  project();
  const std::string days =
      std::to_string(first_day.number) + "," + std::to_string(add_years(first_day, 2).number) + ",granted\n";
  EXPECT_EQ(lots(database_), "4242,1,0,6,0,600000,0," + days + "4242,1,1,3,0,300000,0," + days);
}

TEST_F(jobs, write_no_day_for_lots_that_never_expire) {
  act({command(1, citizen, "grams", [](const AccountState& state) -> Result<Decided> {
    Grant grams{BatchId{1}, Points(), Milligrams(99'000), test_today, never, LotOrigin::granted};
    TANPUHUI_TRY(Posting posting, post_lot(state, grams));
    return decided(EntryKind::post, std::move(posting));
  })});
  project();
  EXPECT_EQ(lots(database_), "4242,1,0,0,0,0,99000," + std::to_string(first_day.number) + ",-,granted\n");
}

TEST_F(jobs, tell_how_much_of_a_lot_is_locked) {
  const auto lock = [](std::int64_t points) {
    return [points](const AccountState& state) -> Result<Decided> {
      Posting posting;
      posting.account = state.account;
      posting.locks.push_back({state.account, BatchId{1}, 0, Points(points)});
      return decided(points > 0 ? EntryKind::pledge : EntryKind::unlock, std::move(posting));
    };
  };
  act({grant(1, 10), command(2, citizen, "lock", lock(7))});
  project();
  EXPECT_EQ(number("SELECT locked_points FROM lot_lines"), 7);
  act({command(3, citizen, "unlock", lock(-5))}, first_day + 1);
  project(first_day + 2);
  EXPECT_EQ(number("SELECT locked_points FROM lot_lines"), 2);
}

TEST_F(jobs, take_lots_away_when_they_are_spent) {
  act({grant(1, 10), grant(2, 3), order(3, 10)});
  project();
  EXPECT_EQ(number("SELECT count(*) FROM lot_lines"), 1);
  act({order(4, 3), grant(5, 2)}, first_day + 1);
  project(first_day + 2);
  EXPECT_EQ(number("SELECT count(*) FROM lot_lines"), 1);
  EXPECT_EQ(number("SELECT tranche FROM lot_lines"), 2);
}

TEST_F(jobs, leave_what_was_recorded_today_until_tomorrow) {
  act({grant(1, 10)}, first_day);
  act({grant(2, 3)}, first_day + 1);
  EXPECT_EQ(project(first_day).entries, 0);
  EXPECT_EQ(project(first_day + 1).head, EntryId{1});
  EXPECT_EQ(project(first_day + 1).entries, 0);
  EXPECT_EQ(project(first_day + 2).head, EntryId{2});
}

TEST_F(jobs, leave_what_stands_behind_an_entry_of_today) {
  act({grant(1, 10)}, first_day + 1);
  act({grant(2, 3)}, first_day);  // by a clock that is behind
  EXPECT_EQ(project(first_day + 1).entries, 0);
  EXPECT_EQ(project(first_day + 2).entries, 2);
}

TEST_F(jobs, give_the_same_whatever_is_folded_in_a_commit) {
  play_days(database_, 5);
  net();
  project(first_day + 5);
  const std::string expected = derived(database_);
  for (const std::int64_t slice : {1, 7, 64}) {
    database_.execute(
        "DELETE FROM netted_balances; DELETE FROM posting_lines; DELETE FROM lot_lines; DELETE FROM job_heads");
    net(slice);
    project(first_day + 5, slice);
    EXPECT_EQ(derived(database_), expected) << slice;
  }
}

TEST_F(jobs, give_the_same_day_by_day_as_at_once) {
  play_days(database_, 5);
  for (int day = 1; day <= 5; ++day) project(first_day + day);
  const std::string daily = postings(database_) + lots(database_);
  database_.execute("DELETE FROM posting_lines; DELETE FROM lot_lines; DELETE FROM job_heads");
  project(first_day + 5);
  EXPECT_EQ(postings(database_) + lots(database_), daily);
}

TEST_F(jobs, write_lots_that_sum_to_the_account_rows) {
  play_days(database_, 5);
  project(first_day + 5);
  EXPECT_GT(number("SELECT count(*) FROM lot_lines"), 10);
  EXPECT_EQ(number("SELECT count(*) FROM accounts a JOIN (SELECT part, account_id, sum(points) AS points, "
                   "sum(backing_mg) AS backing, sum(free_mg) AS free FROM lot_lines GROUP BY part, account_id) l ON "
                   "l.part = a.part AND l.account_id = a.account_id WHERE l.points <> a.points_available + "
                   "a.points_locked OR l.backing <> a.backing_mg OR l.free <> a.free_mg"),
            0);
}

TEST_F(jobs, change_nothing_when_there_is_nothing_new) {
  play_days(database_, 3);
  net();
  project(first_day + 3);
  const std::string before = derived(database_);
  EXPECT_EQ(net().entries, 0);
  EXPECT_EQ(project(first_day + 3).entries, 0);
  EXPECT_EQ(derived(database_), before);
}

TEST_F(jobs, go_on_where_they_were_broken_off) {
  play_days(database_, 3);
  struct Killed {};
  const auto kill = [](std::int64_t, std::int64_t) { throw Killed{}; };
  EXPECT_THROW(net_balances(database_, {10, kill}), Killed);
  EXPECT_THROW(project_lines(database_, {first_day + 3, china}, {10, kill}), Killed);
  EXPECT_EQ(job_head(database_, net_job), EntryId{10});
  const std::int64_t entries = number("SELECT count(*) FROM entries");
  EXPECT_EQ(net().entries, entries - 10);
  EXPECT_EQ(project(first_day + 3).entries, entries - 10);
  const std::string expected = derived(database_);
  database_.execute(
      "DELETE FROM netted_balances; DELETE FROM posting_lines; DELETE FROM lot_lines; DELETE FROM job_heads");
  net();
  project(first_day + 3);
  EXPECT_EQ(derived(database_), expected);
}

TEST_F(jobs, tell_how_far_they_are) {
  act({grant(1, 10), grant(2, 3), grant(3, 4)});
  std::vector<std::int64_t> seen;
  net_balances(database_, {2, [&](std::int64_t done, std::int64_t all) {
                             EXPECT_EQ(all, 3);
                             seen.push_back(done);
                           }});
  EXPECT_EQ(seen, (std::vector<std::int64_t>{2, 3}));
}

TEST_F(jobs, keep_their_heads_and_when_they_ran) {
  act({grant(1, 10)});
  net();
  record_run(database_, net_job, noon(first_day));
  record_run(database_, "expire", noon(first_day + 1));
  const std::vector<JobHead> heads = list_job_heads(database_);
  ASSERT_EQ(heads.size(), 2U);
  EXPECT_EQ(heads[0].job, "expire");
  EXPECT_EQ(heads[0].ran_at, noon(first_day + 1));
  EXPECT_EQ(heads[1].last_entry, EntryId{1});
  EXPECT_EQ(heads[1].ran_at, noon(first_day));
}

TEST_F(jobs, stop_at_a_damaged_entry_and_say_which) {
  act({grant(1, 10), grant(2, 3)});
  database_.execute("UPDATE entries SET body = x'00' WHERE entry_id = 2");
  const std::string message = fault_of([&] { net(1); });
  EXPECT_NE(message.find("entry 2 is damaged"), std::string::npos) << message;
  EXPECT_NE(message.find("tanpuhui audit"), std::string::npos) << message;
  EXPECT_EQ(job_head(database_, net_job), EntryId{1});
}

TEST_F(jobs, refuse_to_change_a_lot_that_has_no_line) {
  act({grant(1, 10)});
  project();
  database_.execute("DELETE FROM lot_lines");
  act({order(2, 4)}, first_day + 1);
  EXPECT_NE(fault_of([&] { project(first_day + 2); }), "");
  EXPECT_EQ(job_head(database_, lines_job), EntryId{1});
}

class on_server_jobs : public jobs {};

TEST_F(on_server_jobs, leave_the_same_rows_as_in_a_file) {
  Database file = Database::open_writer(folder_ / "file.db");
  found_jobs_world(file);
  for (Database* database : {&database_, &file}) {
    play_days(*database, 5);
    net_balances(*database, {30});
    project_lines(*database, {first_day + 5, china}, {30});
  }
  EXPECT_EQ(derived(database_), derived(file));
}

TEST_F(on_server_jobs, of_two_processes_fold_each_entry_once) {
  play_days(database_, 5);
  const std::int64_t entries = number("SELECT count(*) FROM entries");
  std::atomic<std::int64_t> folded = 0;
  const std::string place = location();
  const auto run = [&] {
    Database mine = Database::open_writer(place);
    folded += net_balances(mine, {5}).entries;
  };
  std::thread first(run), second(run);
  first.join();
  second.join();
  EXPECT_EQ(folded, entries);
  const std::string expected = netted(database_);
  database_.execute("DELETE FROM netted_balances; DELETE FROM job_heads");
  net();
  EXPECT_EQ(netted(database_), expected);
}

}  // namespace
}  // namespace tanpuhui
