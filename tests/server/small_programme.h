#pragma once
/// A programme with one posted batch of two persons, one use with its certificate, in a folder of its own.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "ledger/acts.h"
#include "rooms/reduction/shell/certificates.h"
#include "rooms/reduction/shell/uses.h"
#include "server/server.h"
#include "store/log.h"
#include "store/programme.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {

class SmallProgramme {
 public:
  explicit SmallProgramme(bool empty = false) {
    init_programme(path(), {"演示城市碳普惠", "js24", true, Bytes(16, 7)});
    database_.emplace(Database::open_writer(path()));
    writer_.emplace(*database_, sha256);
    methodologies_.emplace("bike-demo/v1", bike_methodology());
    if (empty) return;
    fill();
    number_ = use_part().number;
    seal();
  }
  ~SmallProgramme() {
    writer_.reset();
    database_.reset();
  }
  SmallProgramme(const SmallProgramme&) = delete;
  SmallProgramme& operator=(const SmallProgramme&) = delete;

  std::string path() const { return test_location(folder_ / "p.db"); }
  Database& database() { return *database_; }

  ServerOptions options() {
    ServerOptions options;
    options.port = 0;
    options.database = path();
    options.book = &book_;
    options.methodologies = &methodologies_;
    options.log_key = log_key();
    if (log_size(*database_) > 0) options.checkpoint = sign_head(*database_, log_key(), key_);
    return options;
  }
  std::string certificate() { return issue_certificate(*database_, number_, log_key(), key_).value(); }

  void grant(std::int64_t person, std::int64_t mg, std::int64_t points) {
    Command command;
    command.id.bytes.fill(static_cast<std::uint8_t>(++commands_));
    command.caller = AccountId{person};
    command.decide = [&](const AccountState& state) -> Result<Decided> {
      TANPUHUI_TRY(Posting posting, post_lot(state, {BatchId{1}, Points(points), Milligrams(mg), office().today(),
                                                     add_years(office().today(), 2), LotOrigin::granted}));
      return Decided{office().entry(EntryKind::post, "operator", "js24.a34", std::move(posting)), {}};
    };
    office().carry_out(command).value();
  }
  void seal() { seal_blocks(*database_, book_.hash, now_); }

 private:
  Office office() { return {*database_, *writer_, book_, now_}; }
  LogKey log_key() const { return {"tanpuhui.example/log", key_.verify_key().bytes()}; }

  void open_person(std::int64_t person) {
    database_
        ->statement(
            "INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (?, ?, 1, ?, 1, 0)")
        .bind(person)
        .bind(part_of(AccountId{person}).value)
        .bind(std::string_view(std::to_string(person)))
        .run();
  }

  void fill() {
    database_->execute(
        "INSERT INTO scenarios VALUES (1, 'ride', '共享单车骑行', 'shared bike rides', 'dev', 'bike-demo/v1', "
        "zeroblob(32), 0, NULL, 30, 'live');"
        "INSERT INTO sealed_days(scenario_id, day, round, runs_digest, inputs_digest, digest, tail, counts, accepted, "
        "reduction_mg, sealed_at) VALUES (1, 20100, 0, x'', x'', x'', x'', '{}', 5, 1334567, 0);"
        "INSERT INTO batches VALUES (1, 1, 20089, 20119, 'bike-demo/v1', zeroblob(32), zeroblob(32), zeroblob(32), "
        "zeroblob(32), 2, 5, 1334567, 0, 'posted', 20124, x'01', x'01', NULL, NULL, 0, NULL);");
    open_person(1001);
    open_person(1002);
    grant(1001, 1'234'567, 12);
    grant(1002, 100'000, 1);
  }

  UseReceipt use_part() {
    UseAct act;
    act.id.bytes.fill(99);
    act.account = AccountId{1001};
    act.purpose = "offset";
    act.beneficiary = "市图书馆";
    act.amount = Milligrams(500'000);
    return use_reductions(office(), act).value();
  }

  TemporaryFolder folder_;
  Rulebook book_ = js24_book();
  std::map<std::string, Methodology> methodologies_;
  Instant now_ = start_of(day_of({2025, 2, 6}), Zone{480});
  SigningKey key_ = SigningKey::from_seed(KeySeed{1, 2, 3});
  std::optional<Database> database_;
  std::optional<Writer> writer_;
  std::string number_;
  int commands_ = 0;
};

}  // namespace tanpuhui
