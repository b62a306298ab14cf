#include "rooms/participants/shell/consents.h"

#include <filesystem>
#include <fstream>
#include <optional>

#include <gtest/gtest.h>

#include "base/fault.h"
#include "crypto/hash.h"
#include "rooms/participants/account_number.h"
#include "rooms/participants/shell/accounts.h"
#include "rooms/participants/shell/find_accounts.h"
#include "store/migrations.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

const Bytes salt = {1, 2, 3};
constexpr std::string_view header = "scenario,subject,person,from_at,until_at,text_version\n";

Instant at(std::string_view text) { return *parse_instant(text); }

class ParticipantsDesk : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "tanpuhui-people-XXXXXX";
    ASSERT_TRUE(::mkdtemp(name.data()));
    folder_ = name;
    database_.emplace(Database::open_writer(test_location((folder_ / "p.db").string())));
    migrate(*database_);
    writer_.emplace(*database_, sha256);
    book_.name = "book";
    book_.refusal_basis = {{"CON-01", "book.a1"}, {"ACC-01", "book.a2"}};
    record_scenario(1, "bikes");
  }
  void TearDown() override {
    writer_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  void record_scenario(int id, const std::string& name) {
    database_->execute("INSERT INTO scenarios VALUES (" + std::to_string(id) + ", '" + name +
                       "', '骑行', 'ride', 'dev', 'bike-demo/v1', x'00', 0, NULL, 30, 'live')");
  }

  Office office() { return {*database_, *writer_, book_, now_}; }
  std::string file(const std::string& content) {
    const auto path = (folder_ / "consents.csv").string();
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  ConsentReport load(const std::string& lines) {
    return load_consents(office(), salt, file(std::string(header) + lines)).value();
  }
  Result<EntryId> withdraw(const Withdrawal& withdrawal, std::uint8_t command) {
    CommandId id;
    id.bytes[0] = command;
    return withdraw_consent(office(), withdrawal, id);
  }
  Result<AccountId> open(const std::string& ref, AccountKind kind, std::uint8_t command) {
    CommandId id;
    id.bytes[0] = command;
    return open_account(office(), salt, {ref, kind}, id);
  }
  std::int64_t count(const std::string& sql) { return database_->statement(sql).run_integer(); }
  std::int64_t entries() { return count("SELECT count(*) FROM entries"); }

  using Counts = std::map<std::string, std::int64_t>;
  Instant now_ = at("2025-06-01T00:00:00+08:00");
  Rulebook book_;
  std::filesystem::path folder_;
  std::optional<Database> database_;
  std::optional<Writer> writer_;
};
using ConsentFiles = ParticipantsDesk;
using Withdrawals = ParticipantsDesk;
using Accounts = ParticipantsDesk;

TEST_F(ConsentFiles, bind_a_subject_to_an_account_that_opens_then) {
  const ConsentReport report = load("bikes,u1,anna,2025-01-01T00:00:00+08:00,,v1\n");
  EXPECT_EQ(1, report.lines);
  EXPECT_EQ((Counts{{"recorded", 1}}), report.counts);
  EXPECT_EQ(1, report.accounts_opened);
  EXPECT_EQ("consents.csv", report.file_name);
  const AccountId anna = find_account_of(*database_, "anna").value();
  EXPECT_EQ(account_number(salt, "anna", sha256), anna);
  auto row = database_->statement(
      "SELECT c.account_id, c.from_at, c.until_at, c.text_version, r.opened_at, r.part, r.kind, r.status "
      "FROM consents c JOIN accounts_register r USING (account_id) WHERE c.scenario_id = 1 AND c.subject = 'u1'");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(anna.value, row.integer(0));
  EXPECT_EQ(at("2024-12-31T16:00:00Z").ms, row.integer(1));
  EXPECT_TRUE(row.is_null(2));
  EXPECT_EQ("v1", row.text(3));
  EXPECT_EQ(row.integer(1), row.integer(4));
  EXPECT_EQ(part_of(anna).value, row.integer(5));
  EXPECT_EQ(1, row.integer(6));
  EXPECT_EQ(1, row.integer(7));
}

TEST_F(ConsentFiles, leave_one_entry_that_names_the_file) {
  const std::string lines = "bikes,u1,anna,2025-01-01T00:00:00Z,,v1\nbikes,u2,bert,2025-01-01T00:00:00Z,,v1\nbroken\n";
  load(lines);
  ASSERT_EQ(1, entries());
  const Entry entry = find_entry(*database_, EntryId{1}).value();
  EXPECT_EQ(EntryKind::register_act, entry.kind);
  EXPECT_EQ("book.a1", entry.basis);
  EXPECT_EQ(sha256(as_bytes(std::string(header) + lines)), entry.document_digest);
  EXPECT_EQ((std::vector<Note>{{1, "consents.csv"}, {2, "malformed_line 1, recorded 2"}}), entry.notes);
}

TEST_F(ConsentFiles, sent_again_change_nothing_and_count_what_is_known) {
  const std::string lines = "bikes,u1,anna,2025-01-01T00:00:00Z,,v1\nbikes,u2,bert,2025-01-01T00:00:00Z,,v1\n";
  load(lines);
  const ConsentReport again = load(lines);
  EXPECT_EQ((Counts{{"known_already", 2}}), again.counts);
  EXPECT_EQ(0, again.accounts_opened);
  EXPECT_EQ(1, entries());
}

TEST_F(ConsentFiles, sent_again_bring_in_what_was_refused_then) {
  const std::string lines = "bikes,u1,anna,2025-01-01T00:00:00Z,,v1\nbuses,u1,anna,2025-01-01T00:00:00Z,,v1\n";
  EXPECT_EQ((Counts{{"recorded", 1}, {"unknown_scenario", 1}}), load(lines).counts);
  record_scenario(2, "buses");
  EXPECT_EQ((Counts{{"known_already", 1}, {"recorded", 1}}), load(lines).counts);
  EXPECT_EQ((Counts{{"known_already", 2}}), load(lines).counts);
  EXPECT_EQ(2, entries());
}

TEST_F(ConsentFiles, name_their_columns_in_any_order) {
  const auto report = load_consents(office(), salt,
                                    file("\xef\xbb\xbftext_version,until_at,from_at,person,subject,scenario\r\n"
                                         "v1,,2025-01-01T00:00:00Z,anna,u1,bikes\r\n"));
  ASSERT_TRUE(report);
  EXPECT_EQ((Counts{{"recorded", 1}}), report->counts);
  EXPECT_TRUE(find_account_of(*database_, "anna"));
}

TEST_F(ConsentFiles, with_another_header_are_refused_as_a_whole) {
  const std::string line = "bikes,u1,anna,2025-01-01T00:00:00Z,,v1\n";
  for (const std::string& content : {std::string(), line, "scenario,subject,person,from_at,until_at\n" + line,
                                     "scenario,subject,person,from_at,until_at,until_at\n" + line,
                                     "scenario,subject,person,from_at,until_at,text_version,note\n" + line}) {
    const auto refused = load_consents(office(), salt, file(content));
    ASSERT_FALSE(refused) << content;
    EXPECT_EQ("DAT-06", refused.error().code);
    EXPECT_EQ("book", refused.error().basis);
  }
  EXPECT_EQ(0, entries());
}

TEST_F(ConsentFiles, that_are_not_there_are_faults) {
  EXPECT_THROW(static_cast<void>(load_consents(office(), salt, (folder_ / "none.csv").string())), Fault);
}

TEST_F(ConsentFiles, may_quote_their_values) {
  EXPECT_EQ((Counts{{"recorded", 1}}),
            load("\"bikes\",\"u,1\",\"an\"\"na\",\"2025-01-01T00:00:00Z\",\"\",v1\n").counts);
  EXPECT_TRUE(find_account_of(*database_, "an\"na"));
  EXPECT_EQ(1, count("SELECT count(*) FROM consents WHERE subject = 'u,1'"));
}

TEST_F(ConsentFiles, lose_only_the_line_with_a_stray_quote) {
  const ConsentReport report = load(
      "bikes,\"u1,anna,2025-01-01T00:00:00Z,,v1\n"
      "bikes,\"u\"2,bert,2025-01-01T00:00:00Z,,v1\n"
      "\n"
      "bikes,u3,carl,2025-01-01T00:00:00Z,,v1");
  EXPECT_EQ((Counts{{"malformed_line", 2}, {"recorded", 1}}), report.counts);
  EXPECT_EQ(3, report.lines);
}

TEST_F(ConsentFiles, report_each_refused_line_with_its_field_and_remedy) {
  const ConsentReport report = load(
      "bikes,u1,anna,2025-01-01T00:00:00Z,,v1\n"
      "bikes,u2,bert,2025-01-01T00:00:00,,v1\n"
      "bikes,u3,,2025-01-01T00:00:00Z,,v1\n"
      "bikes,u1,anna,2025-02-01T00:00:00Z,,v1\n"
      "bikes,u4,dora,2025-07-01T00:00:00Z,,v1\n");
  EXPECT_EQ((Counts{{"recorded", 1},
                    {"time_without_zone", 1},
                    {"empty_field", 1},
                    {"overlaps_another", 1},
                    {"begins_in_future", 1}}),
            report.counts);
  ASSERT_EQ(4U, report.examples.size());
  EXPECT_EQ(3, report.examples[0].line);
  EXPECT_EQ("time_without_zone", report.examples[0].outcome);
  EXPECT_EQ("from_at", report.examples[0].field);
  EXPECT_EQ("2025-01-01T00:00:00", report.examples[0].value);
  EXPECT_FALSE(report.examples[0].remedy_zh.empty() || report.examples[0].remedy_en.empty());
  EXPECT_EQ("person", report.examples[1].field);
}

TEST_F(ConsentFiles, show_the_first_20_refused_lines) {
  std::string lines;
  for (int i = 0; i < 30; ++i) lines += "broken\n";
  const ConsentReport report = load(lines);
  EXPECT_EQ((Counts{{"malformed_line", 30}}), report.counts);
  EXPECT_EQ(20U, report.examples.size());
}

TEST_F(ConsentFiles, see_the_lines_before_in_the_same_file) {
  EXPECT_EQ((Counts{{"recorded", 1}, {"known_already", 1}, {"other_person", 1}}),
            load("bikes,u1,anna,2025-01-01T00:00:00Z,,v1\n"
                 "bikes,u1,anna,2025-01-01T00:00:00Z,,v1\n"
                 "bikes,u1,bert,2025-02-01T00:00:00Z,,v1\n")
                .counts);
  EXPECT_FALSE(find_account_of(*database_, "bert"));
}

TEST_F(ConsentFiles, open_an_account_at_the_first_consent_whatever_line_it_stands_on) {
  const ConsentReport report = load(
      "bikes,u2,anna,2025-03-01T00:00:00Z,,v1\n"
      "bikes,u1,anna,2025-02-01T00:00:00Z,,v1\n");
  EXPECT_EQ(1, report.accounts_opened);
  EXPECT_EQ(at("2025-02-01T00:00:00Z").ms, count("SELECT opened_at FROM accounts_register"));
}

TEST_F(ConsentFiles, leave_the_day_on_which_an_account_opened) {
  load("bikes,u1,anna,2025-02-01T00:00:00Z,,v1\n");
  load("bikes,u2,anna,2025-01-01T00:00:00Z,,v1\n");
  EXPECT_EQ(at("2025-02-01T00:00:00Z").ms, count("SELECT opened_at FROM accounts_register"));
}

TEST_F(ConsentFiles, settle_what_came_before_an_end_that_was_agreed) {
  load("bikes,u1,anna,2025-01-01T00:00:00Z,2025-02-01T00:00:00Z,v1\n");
  EXPECT_EQ(0, count("SELECT drop_unsealed FROM consents"));
}

TEST_F(ConsentFiles, refuse_a_person_whose_name_is_an_organisation) {
  ASSERT_TRUE(open("bakery", AccountKind::organisation, 1));
  EXPECT_EQ((Counts{{"not_a_person", 1}}), load("bikes,u1,bakery,2025-01-01T00:00:00Z,,v1\n").counts);
}

TEST_F(ConsentFiles, never_give_two_holders_one_number) {
  database_->execute("INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (" +
                     std::to_string(account_number(salt, "anna", sha256).value) + ", 0, 1, 'stranger', 1, 0)");
  EXPECT_THROW(load("bikes,u2,bert,2025-01-01T00:00:00Z,,v1\nbikes,u1,anna,2025-01-01T00:00:00Z,,v1\n"), Fault);
  EXPECT_EQ(0, count("SELECT count(*) FROM consents"));
  EXPECT_EQ(0, entries());
}

TEST_F(ConsentFiles, are_written_whole_or_not_at_all) {
  // Only the third line meets what stands already.
  database_->execute(
      "CREATE UNIQUE INDEX stop ON consents (subject);"
      "INSERT INTO consents(scenario_id, subject, account_id, person_ref, from_at, text_version) VALUES (9, 'u3', 1, "
      "'', 0, '')");
  const std::string lines =
      "bikes,u1,anna,2025-01-01T00:00:00Z,,v1\nbikes,u2,bert,2025-01-01T00:00:00Z,,v1\n"
      "bikes,u3,carl,2025-01-01T00:00:00Z,,v1\n";
  EXPECT_THROW(load(lines), Fault);
  EXPECT_EQ(1, count("SELECT count(*) FROM consents") + count("SELECT count(*) FROM accounts_register") + entries());
  database_->execute("DROP INDEX stop; DELETE FROM consents");
  EXPECT_EQ((Counts{{"recorded", 3}}), load(lines).counts);
}

TEST_F(ConsentFiles, of_5000_persons_open_5000_accounts) {
  std::string lines;
  for (int i = 0; i < 5000; ++i)
    lines += "bikes," + std::to_string(i) + ",p-" + std::to_string(i) + ",2025-01-01T00:00:00+08:00,,v1\n";
  const ConsentReport report = load(lines);
  EXPECT_EQ((Counts{{"recorded", 5000}}), report.counts);
  EXPECT_EQ(5000, report.accounts_opened);
  EXPECT_EQ(5000, count("SELECT count(*) FROM consents c JOIN accounts_register r USING (account_id) "
                        "WHERE r.ref = c.person_ref"));
  EXPECT_EQ(1, entries());
}

TEST_F(Withdrawals, end_the_open_consent_then_and_drop_what_is_not_sealed) {
  load("bikes,u1,anna,2025-01-01T00:00:00Z,,v1\n");
  ASSERT_TRUE(withdraw({"bikes", "u1", at("2025-05-01T00:00:00Z")}, 1));
  EXPECT_EQ(at("2025-05-01T00:00:00Z").ms, count("SELECT until_at FROM consents"));
  EXPECT_EQ(1, count("SELECT drop_unsealed FROM consents"));
}

TEST_F(Withdrawals, leave_an_entry_without_the_partners_id_of_the_person) {
  load("bikes,u-secret,anna,2025-01-01T00:00:00Z,,v1\n");
  const EntryId id = withdraw({"bikes", "u-secret", now_}, 1).value();
  const Entry entry = find_entry(*database_, id).value();
  EXPECT_EQ("person", entry.actor);
  EXPECT_EQ("book.a1", entry.basis);
  for (const Note& note : entry.notes) EXPECT_EQ(std::string::npos, note.text.find("secret"));
}

TEST_F(Withdrawals, settle_what_was_done_when_the_person_wants_it) {
  load("bikes,u1,anna,2025-01-01T00:00:00Z,,v1\n");
  ASSERT_TRUE(withdraw({"bikes", "u1", now_, true}, 1));
  EXPECT_EQ(0, count("SELECT drop_unsealed FROM consents"));
}

TEST_F(Withdrawals, sent_again_get_the_first_answer) {
  load("bikes,u1,anna,2025-01-01T00:00:00Z,,v1\n");
  const EntryId first = withdraw({"bikes", "u1", now_}, 1).value();
  EXPECT_EQ(first, withdraw({"bikes", "u1", now_}, 1).value());
  EXPECT_EQ(2, entries());
}

TEST_F(Withdrawals, are_refused_where_no_consent_is_open) {
  load("bikes,u1,anna,2025-01-01T00:00:00Z,,v1\n");
  ASSERT_TRUE(withdraw({"bikes", "u1", now_}, 1));
  const auto refused = withdraw({"bikes", "u1", now_}, 2);
  ASSERT_FALSE(refused);
  EXPECT_EQ("CON-01", refused.error().code);
  EXPECT_EQ("book.a1", refused.error().basis);
}

TEST_F(Withdrawals, are_refused_for_a_scenario_that_does_not_exist) {
  const auto refused = withdraw({"trams", "u1", now_}, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ("DAT-04", refused.error().code);
}

TEST_F(Withdrawals, are_not_undone_by_the_file_sent_again) {
  const std::string lines = "bikes,u1,anna,2025-01-01T00:00:00Z,,v1\n";
  load(lines);
  ASSERT_TRUE(withdraw({"bikes", "u1", now_}, 1));
  EXPECT_EQ((Counts{{"ended_earlier", 1}}), load(lines).counts);
  EXPECT_EQ(now_.ms, count("SELECT until_at FROM consents"));
}

TEST_F(Withdrawals, leave_room_for_a_new_consent) {
  load("bikes,u1,anna,2025-01-01T00:00:00Z,,v1\n");
  ASSERT_TRUE(withdraw({"bikes", "u1", at("2025-05-01T00:00:00Z")}, 1));
  const ConsentReport report = load("bikes,u1,anna,2025-05-01T00:00:00Z,,v2\n");
  EXPECT_EQ((Counts{{"recorded", 1}}), report.counts);
  EXPECT_EQ(0, report.accounts_opened);
}

TEST_F(Accounts, are_opened_by_the_operator_under_their_name) {
  const AccountId bakery = open("bakery", AccountKind::organisation, 1).value();
  EXPECT_EQ(bakery, find_account_of(*database_, "bakery"));
  const AccountState state = find_account(*database_, bakery).value();
  EXPECT_EQ(AccountKind::organisation, state.kind);
  EXPECT_EQ(AccountStatus::active, state.status);
  EXPECT_EQ(now_.ms, count("SELECT opened_at FROM accounts_register"));
  EXPECT_EQ("book.a2", find_entry(*database_, EntryId{1}).value().basis);
}

TEST_F(Accounts, opened_again_are_the_same_account) {
  const AccountId bakery = open("bakery", AccountKind::organisation, 1).value();
  EXPECT_EQ(bakery, open("bakery", AccountKind::organisation, 1).value());
  EXPECT_EQ(bakery, open("bakery", AccountKind::organisation, 2).value());
  EXPECT_EQ(1, entries());
}

TEST_F(Accounts, are_refused_under_the_name_of_a_person) {
  load("bikes,u1,anna,2025-01-01T00:00:00Z,,v1\n");
  const auto refused = open("anna", AccountKind::organisation, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ("ACC-01", refused.error().code);
  EXPECT_EQ("book.a2", refused.error().basis);
}

TEST_F(Accounts, need_a_command_of_their_own) {
  ASSERT_TRUE(open("bakery", AccountKind::organisation, 1));
  const auto refused = open("school", AccountKind::organisation, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ("IDM-01", refused.error().code);
  EXPECT_FALSE(find_account_of(*database_, "school"));
}

TEST_F(Accounts, never_share_a_number) {
  database_->execute("INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (" +
                     std::to_string(account_number(salt, "bakery", sha256).value) + ", 0, 2, 'stranger', 1, 0)");
  EXPECT_THROW(static_cast<void>(open("bakery", AccountKind::organisation, 1)), Fault);
}

}  // namespace
}  // namespace tanpuhui
