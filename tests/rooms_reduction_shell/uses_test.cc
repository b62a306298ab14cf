#include "rooms/reduction/shell/uses.h"

#include <gtest/gtest.h>

#include "base/fault.h"
#include "crypto/hash.h"
#include "rooms/reduction/shell/certificates.h"
#include "rooms/reduction/shell/find_certificates.h"
#include "rooms/reduction/shell/find_events.h"
#include "rooms/reduction/statement.h"
#include "store/log.h"
#include "store/migrations.h"
#include "store/programme.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

const Instant now = start_of(day_of({2025, 11, 1}), Zone{480});
constexpr AccountId person{1001};
constexpr AccountId provider{1002};

SigningKey signing() { return SigningKey::from_seed(sha256(as_bytes("seed"))); }
LogKey log_key() { return {"tanpuhui.example/log/test", signing().verify_key().bytes()}; }

CommandId command(std::uint8_t number) {
  CommandId id;
  id.bytes[15] = number;
  return id;
}

class UsesTest : public ::testing::Test {
 protected:
  UsesTest() {
    const std::string path = test_location(folder_ / "p.db");
    ProgrammeSettings settings;
    settings.name = "Demo city";
    init_programme(path, settings);
    database_.emplace(Database::open_writer(path));
    writer_.emplace(*database_, sha256);
    office_.emplace(Office{*database_, *writer_, book_, now});
    database_->execute(
        "INSERT INTO scenarios VALUES (1, 'ride', '骑行', 'ride', 'dev', 'bike-demo/v1', zeroblob(32), 0, NULL, 30, "
        "'live')");
    open_account(person, AccountKind::person);
    open_account(provider, AccountKind::organisation);
    add_batch(1, {2025, 1, 1}, {2025, 1, 31});
    add_batch(2, {2025, 2, 1}, {2025, 2, 28});
    grant(person, BatchId{1}, Points(2), Milligrams(250'000), 101);
    grant(person, BatchId{2}, Points(3), Milligrams(330'000), 102);
  }
  ~UsesTest() override {
    office_.reset();
    writer_.reset();
    database_.reset();
  }

  void open_account(AccountId account, AccountKind kind) {
    database_
        ->statement(
            "INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (?, ?, ?, ?, 1, 0)")
        .bind(account.value)
        .bind(part_of(account).value)
        .bind(static_cast<int>(kind))
        .bind(std::string_view(std::to_string(account.value)))
        .run();
  }
  void add_batch(std::int64_t id, Civil from, Civil until) {
    database_
        ->statement(
            "INSERT INTO batches VALUES (?, 1, ?, ?, 'bike-demo/v1', zeroblob(32), zeroblob(32), zeroblob(32), "
            "zeroblob(32), 1, 1, 1000000, 0, 'posted', 20000, x'01', x'02', NULL, NULL, 0, NULL)")
        .bind(id)
        .bind(day_of(from).number)
        .bind(day_of(until).number)
        .run();
  }
  void grant(AccountId account, BatchId batch, Points points, Milligrams mg, std::uint8_t number) {
    const auto decide = [&](const AccountState& state) -> Result<Decided> {
      Grant lot{batch, points, mg, day_of({2025, 3, static_cast<std::int32_t>(batch.value)})};
      lot.expires_on = day_of({2027, 3, 1});
      TANPUHUI_TRY(Posting posting, post_lot(state, lot));
      return Decided{office_->entry(EntryKind::post, "operator", "js24.a33", std::move(posting)), {}};
    };
    ASSERT_TRUE(office_->carry_out(office_->command(command(number), account, Digest{}, decide)));
  }

  Result<EntryId> add_event(const NewEvent& event, std::uint8_t number) {
    return record_event(*office_, event, command(number));
  }
  static NewEvent marathon(bool in_region = true) {
    return {"marathon-2025", "城市马拉松", "City marathon", "Sports office", day_of({2025, 11, 9}), in_region};
  }
  static UseAct act(std::string purpose, std::string beneficiary, std::int64_t mg, std::uint8_t number = 1) {
    return {command(number), person, std::move(purpose), std::move(beneficiary), Milligrams(mg)};
  }
  Result<UseReceipt> use(const UseAct& asked) { return use_reductions(*office_, asked); }
  std::string refused(const UseAct& asked) {
    const auto receipt = use(asked);
    return receipt ? "granted" : receipt.error().code;
  }
  StatementContext statement(const UseReceipt& receipt) {
    return decode_statement(find_certificate(*database_, receipt.number).value().context).value();
  }
  std::int64_t count(const char* sql) { return database_->statement(sql).run_integer(); }

  const Rulebook book_ = js24_book();
  TemporaryFolder folder_;
  std::optional<Database> database_;
  std::optional<Writer> writer_;
  std::optional<Office> office_;
};

TEST_F(UsesTest, takes_whole_points_and_the_grams_they_carry) {
  const UseReceipt receipt = use(act("cancel", "", 130'000)).value();
  EXPECT_EQ(Milligrams(250'000), receipt.used);
  EXPECT_EQ(Points(2), receipt.points);
  const AccountState state = find_account(*database_, person).value();
  EXPECT_EQ(Points(3), state.points_available);
  EXPECT_EQ(Milligrams(250'000), state.honour_mg);
}

TEST_F(UsesTest, gives_the_first_answer_to_the_same_command) {
  const UseReceipt first = use(act("cancel", "", 100'000)).value();
  office_.emplace(Office{*database_, *writer_, book_, Instant{now.ms + 86'400'000}});
  const UseReceipt again = use(act("cancel", "", 100'000)).value();
  EXPECT_EQ(first.entry, again.entry);
  EXPECT_EQ(first.number, again.number);
  EXPECT_EQ(first.used, again.used);
  EXPECT_EQ(first.points, again.points);
  EXPECT_EQ(1, count("SELECT count(*) FROM certificates"));
}

TEST_F(UsesTest, refuses_another_request_under_the_same_command) {
  use(act("cancel", "", 100'000)).value();
  EXPECT_EQ("IDM-01", refused(act("cancel", "", 100'001)));
}

TEST_F(UsesTest, number_each_statement_by_its_day_and_command) {
  const UseReceipt first = use(act("cancel", "", 100'000, 1)).value();
  const UseReceipt second = use(act("cancel", "", 100'000, 2)).value();
  EXPECT_EQ("S20251101-", first.number.substr(0, 10));
  EXPECT_EQ(26U, first.number.size());
  EXPECT_NE(first.number, second.number);
}

TEST_F(UsesTest, give_to_a_recorded_event_under_its_titles) {
  ASSERT_TRUE(add_event(marathon(), 50));
  const UseReceipt receipt = use(act("event_neutrality", "marathon-2025", 100'000)).value();
  EXPECT_EQ("城市马拉松 / City marathon", statement(receipt).beneficiary);
  const Entry entry = find_entry(*database_, receipt.entry).value();
  EXPECT_EQ(EntryKind::donate, entry.kind);
  EXPECT_EQ("person", entry.actor);
  EXPECT_EQ("js24.a26p1", entry.basis);
  EXPECT_TRUE(entry.posting.touches(system_account(SystemAccount::retired_event)));
}

TEST_F(UsesTest, are_refused_for_an_event_that_nobody_recorded) {
  EXPECT_EQ("USE-01", refused(act("event_neutrality", "marathon-2025", 100'000)));
  EXPECT_EQ(0, count("SELECT count(*) FROM certificates"));
}

TEST_F(UsesTest, are_refused_for_an_event_elsewhere) {
  ASSERT_TRUE(add_event(marathon(false), 50));
  EXPECT_EQ("USE-01", refused(act("event_neutrality", "marathon-2025", 100'000)));
}

TEST_F(UsesTest, are_refused_for_a_purpose_that_only_the_platform_brings_about) {
  EXPECT_EQ("USE-01", refused(act("expiry", "", 100'000)));
}

TEST_F(UsesTest, of_ecological_compensation_need_a_case_document) {
  EXPECT_EQ("USE-03", refused(act("eco_compensation", "court", 100'000)));
}

TEST_F(UsesTest, are_refused_for_a_beneficiary_that_cannot_be_printed) {
  EXPECT_EQ("USE-01", refused(act("offset", "a\nb", 100'000)));
}

TEST_F(UsesTest, are_refused_above_what_the_account_has) {
  EXPECT_EQ("granted", refused(act("cancel", "", 580'000, 1)));
  EXPECT_EQ("USE-02", refused(act("cancel", "", 1, 2)));
}

TEST_F(UsesTest, are_refused_to_nobody) {
  UseAct asked = act("cancel", "", 1);
  asked.account = AccountId{7777};
  EXPECT_EQ("ACC-01", refused(asked));
}

TEST_F(UsesTest, name_the_provision_on_which_a_refusal_rests) {
  EXPECT_EQ("js24.a26p1", use(act("expiry", "", 1)).error().basis);
}

TEST_F(UsesTest, list_only_the_batches_whose_grams_leave) {
  const StatementContext context = statement(use(act("cancel", "", 250'000)).value());
  ASSERT_EQ(1U, context.batches.size());
  EXPECT_EQ("ride 2025-01-01/2025-01-31 #1", context.batches[0].label);
  EXPECT_EQ(2U, statement(use(act("cancel", "", 330'000 - 1, 2)).value()).batches[0].id.value);
}

TEST_F(UsesTest, of_a_provider_leave_no_points) {
  const auto settle = [&](const AccountState& state) -> Result<Decided> {
    Grant lot{BatchId{1}, Points(), Milligrams(777), day_of({2025, 10, 1})};
    TANPUHUI_TRY(Posting posting, post_lot(state, lot));
    return Decided{office_->entry(EntryKind::post, "operator", "js24.a33", std::move(posting)), {}};
  };
  ASSERT_TRUE(office_->carry_out(office_->command(command(60), provider, Digest{}, settle)));
  UseAct asked = act("offset", "Example Ltd", 700);
  asked.account = provider;
  const UseReceipt receipt = use(asked).value();
  EXPECT_EQ(Milligrams(700), receipt.used);
  EXPECT_EQ(Points(), receipt.points);
  EXPECT_EQ("provider", find_entry(*database_, receipt.entry).value().actor);
}

TEST_F(UsesTest, show_a_pseudonym_that_stays) {
  const std::string first = statement(use(act("cancel", "", 1, 1)).value()).holder;
  EXPECT_EQ(14U, first.size());
  EXPECT_EQ(first, statement(use(act("cancel", "", 1, 2)).value()).holder);
}

TEST_F(UsesTest, an_event_recorded_again_is_the_same) {
  const EntryId first = add_event(marathon(), 50).value();
  EXPECT_EQ(first, add_event(marathon(), 50).value());
  ASSERT_TRUE(add_event(marathon(), 51));
  EXPECT_EQ(1U, list_events(*database_).size());
}

TEST_F(UsesTest, an_event_keeps_its_facts) {
  ASSERT_TRUE(add_event(marathon(), 50));
  const auto other = add_event(marathon(false), 51);
  ASSERT_FALSE(other);
  EXPECT_EQ("USE-01", other.error().code);
  EXPECT_TRUE(find_event(*database_, "marathon-2025").value().in_region);
}

class CertificateFileTest : public UsesTest {
 protected:
  CertificateFileTest() {
    EXPECT_TRUE(add_event(marathon(), 50));
    receipt_ = use(act("event_neutrality", "marathon-2025", 300'000)).value();
    seal_blocks(*database_, book_.hash, now);
  }
  Result<std::string> issue() { return issue_certificate(*database_, receipt_.number, log_key(), signing()); }
  static bool verifies(std::string_view file) {
    return verify_certificate(file, log_key(), certificate_check()).has_value();
  }
  UseReceipt receipt_;
};

TEST_F(CertificateFileTest, says_what_was_used_and_for_what) {
  const std::string file = issue().value();
  const CertificateFacts facts = verify_certificate(file, log_key(), certificate_check()).value();
  EXPECT_EQ(receipt_.number, facts.statement.number);
  EXPECT_EQ(receipt_.used, facts.statement.amount);
  EXPECT_EQ(2U, facts.statement.serials.size());
  EXPECT_EQ("城市马拉松 / City marathon", facts.statement.beneficiary);
  EXPECT_EQ("Demo city", facts.statement.programme.en);
}

TEST_F(CertificateFileTest, is_refused_after_any_byte_was_changed) {
  const std::string file = issue().value();
  ASSERT_TRUE(verifies(file));
  for (std::size_t at = 0; at < file.size(); ++at) {
    std::string changed = file;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
    EXPECT_FALSE(verifies(changed)) << "byte " << at;
  }
}

TEST_F(CertificateFileTest, is_refused_at_every_length_but_its_own) {
  const std::string file = issue().value();
  for (std::size_t size = 0; size < file.size(); ++size)
    EXPECT_FALSE(verifies(std::string_view(file).substr(0, size))) << size;
  for (const char* more : {"\n", " ", "0"}) EXPECT_FALSE(verifies(file + more));
  EXPECT_FALSE(verifies(" " + file));
}

TEST_F(CertificateFileTest, is_refused_under_another_key) {
  const std::string file = issue().value();
  LogKey other = log_key();
  other.ed25519 = SigningKey::from_seed(sha256(as_bytes("other"))).verify_key().bytes();
  EXPECT_FALSE(verify_certificate(file, other, certificate_check()));
}

TEST_F(CertificateFileTest, is_issued_again_under_a_later_head) {
  const std::string first = issue().value();
  ASSERT_TRUE(use(act("cancel", "", 1, 9)));
  seal_blocks(*database_, book_.hash, now);
  const std::string later = issue().value();
  EXPECT_NE(first, later);
  EXPECT_TRUE(verifies(first));
  EXPECT_TRUE(verifies(later));
}

TEST_F(CertificateFileTest, is_not_issued_when_the_stored_context_was_changed) {
  StatementContext context = statement(receipt_);
  context.beneficiary = "somebody else";
  database_->statement("UPDATE certificates SET context = ?").bind(encode_statement(context)).run();
  const auto file = issue();
  ASSERT_FALSE(file);
  EXPECT_EQ("CER-13", file.error().code);
}

TEST_F(CertificateFileTest, is_not_issued_before_its_entry_is_in_the_log) {
  const UseReceipt late = use(act("cancel", "", 1, 9)).value();
  EXPECT_THROW(static_cast<void>(issue_certificate(*database_, late.number, log_key(), signing())), Fault);
  EXPECT_THROW(static_cast<void>(issue_certificate(*database_, "S0", log_key(), signing())), Fault);
}

TEST_F(CertificateFileTest, is_issued_by_a_reader_too) {
  Database reader = Database::open_reader(database_->location());
  EXPECT_TRUE(issue_certificate(reader, receipt_.number, log_key(), signing()));
}

}  // namespace
}  // namespace tanpuhui
