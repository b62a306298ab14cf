#pragma once
/// A small programme in which everything happened that an audit looks at, made by the engines themselves: ten persons
/// ride for three days, a late file opens a second round, the batch is signed and posted, orders are placed, completed,
/// refunded and settled, reductions are used, and the log is sealed.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "audit/audit.h"
#include "crypto/hash.h"
#include "rooms/activity/shell/ingest.h"
#include "rooms/activity/shell/seal_days.h"
#include "rooms/mall/shell/complete_orders.h"
#include "rooms/mall/shell/offers.h"
#include "rooms/mall/shell/place_orders.h"
#include "rooms/mall/shell/refund_order.h"
#include "rooms/mall/shell/settle_provider.h"
#include "rooms/reduction/shell/compute_batch.h"
#include "rooms/reduction/shell/post_batch.h"
#include "rooms/reduction/shell/sign_batch.h"
#include "rooms/reduction/shell/signers.h"
#include "rooms/reduction/shell/uses.h"
#include "store/log.h"
#include "store/migrations.h"
#include "store/programme.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {

inline const std::map<std::string, Methodology>& methodologies() {
  static const std::map<std::string, Methodology> all = [] {
    std::map<std::string, Methodology> loaded;
    loaded.emplace("bike-demo/v1", bike_methodology());
    return loaded;
  }();
  return all;
}

inline const Rulebook& book() {
  static const Rulebook loaded = js24_book();
  return loaded;
}

constexpr ScenarioId bikes{1};
constexpr AccountId first_rider{1000}, bakery{2000}, bakery_escrow{2001};
constexpr int riders = 10;
inline const Day monday = day_of({2025, 3, 3});

class SoundProgramme {
 public:
  explicit SoundProgramme(const std::string& path) : folder_(std::filesystem::path(path).parent_path()) {
    init_programme(test_location(path), settings());
    database_.emplace(Database::open_writer(test_location(path)));
    writer_.emplace(*database_, sha256);
    fill_registers();
    ride_and_seal("march", 0, monday + 10);
    issue();
    ride_and_seal("late", 30, monday + 20);
    trade();
    use();
    seal_blocks(*database_, book().hash, start_of(day_of({2025, 5, 3}), book().zone));
    if (!on_server()) database_->execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }

 private:
  static ProgrammeSettings settings() {
    ProgrammeSettings settings;
    settings.name = "audit-city";
    settings.rulebook = "js24";
    settings.account_salt = Bytes(16, 1);
    return settings;
  }
  Office office(Civil day) { return {*database_, *writer_, book(), start_of(day_of(day), book().zone)}; }
  CommandId next_id() {
    CommandId id;
    id.bytes[0] = static_cast<std::uint8_t>(++commands_);
    return id;
  }

  void fill_registers() {
    database_
        ->statement(
            "INSERT INTO scenarios VALUES (1, 'bikes', '骑行', 'ride', 'dev', 'bike-demo/v1', ?, 0, NULL, 30, 'live')")
        .bind(ByteView(methodologies().at("bike-demo/v1").hash))
        .run();
    for (int i = 0; i < riders; ++i) {
      const AccountId account{first_rider.value + i};
      register_account(account, AccountKind::person);
      database_
          ->statement(
              "INSERT INTO consents(scenario_id, subject, account_id, person_ref, from_at, text_version) VALUES "
              "(1, ?, ?, ?, 0, 'v1')")
          .bind("u" + std::to_string(i))
          .bind(account.value)
          .bind("p" + std::to_string(i))
          .run();
    }
    register_account(bakery, AccountKind::organisation);
  }

  void register_account(AccountId account, AccountKind kind) {
    database_
        ->statement(
            "INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (?, ?, ?, ?, 1, 0)")
        .bind(account.value)
        .bind(part_of(account).value)
        .bind(static_cast<std::int64_t>(kind))
        .bind(std::to_string(account.value))
        .run();
  }

  // Seven rides a person and day, of which ten count: the late file goes beyond the cap. `minute` keeps the late ones
  // apart from the first.
  void ride_and_seal(const std::string& name, int minute, Day now) {
    const std::string file = (folder_ / (name + ".ndjson")).string();
    std::ofstream out(file);
    for (int day = 0; day < 3; ++day)
      for (int person = 0; person < riders; ++person)
        for (int i = 0; i < 7; ++i) out << ride(name, monday + day, person, i, minute);
    out.close();
    const Methodology& methodology = methodologies().at("bike-demo/v1");
    IngestOptions ingest;
    ingest.scenario = bikes;
    ingest.rules = {"bikes", &methodology, book().zone, 30, start_of(now, book().zone)};
    ingest_file(*database_, file, ingest);
    seal_days(*database_, {bikes, "bikes", &methodology, book().zone, now, start_of(now, book().zone), {}});
  }

  static std::string ride(const std::string& name, Day day, int person, int i, int minute) {
    const auto time = [&](int at) { return fmt_time(day, 7 + i, at); };
    return R"({"scenario":"bikes","record_id":")" + format_compact_day(day) + "-" + name + std::to_string(person) +
           "-" + std::to_string(i) + R"(","subject":"u)" + std::to_string(person) + R"(","started_at":")" +
           time(minute) + R"(","ended_at":")" + time(minute + 15) + R"(","distance_km":"3.)" + std::to_string(i) +
           "00\"}\n";
  }

  static std::string fmt_time(Day day, int hour, int minute) {
    return format_instant(Instant{start_of(day, book().zone).ms + (hour * 60 + minute) * std::int64_t{60'000}},
                          book().zone);
  }

  void issue() {
    const Office desk = office({2025, 3, 15});
    const SigningKey partner = SigningKey::generate(), operator_key = SigningKey::generate();
    record_key(desk, "partner:bikes", partner.verify_key().bytes(), next_id()).value();
    record_key(desk, "operator", operator_key.verify_key().bytes(), next_id()).value();
    record_delegation(desk, {"D-1", "bikes", monday, monday + 365, Milligrams(1'000'000'000)}, next_id()).value();
    const BatchId batch = compute_batch(desk, {bikes, monday, monday + 6}).value();
    const Digest digest = digest_to_sign(*database_, batch);
    sign_batch(desk, batch, {Signer::partner, "", partner.sign(digest)}).value();
    sign_batch(desk, batch, {Signer::operator_by_delegation, "D-1", operator_key.sign(digest)}).value();
    post_batch(desk, batch).value();
  }

  void trade() {
    const Office desk = office({2025, 4, 6});
    register_provider(desk, {"bakery", bakery, bakery_escrow, monday, monday + 365}, next_id()).value();
    const OfferId bread = list_offer(desk, {"bakery", "面包", "bread", Points(2), 10}, next_id()).value();
    std::vector<OrderAct> acts;
    for (int i = 0; i < 4; ++i) acts.push_back({next_id(), AccountId{first_rider.value + i}, {bread, 1}});
    std::vector<EntryId> orders;
    for (const auto& placed : place_orders(desk, acts)) orders.push_back(placed.value().order);
    refund(desk, orders[2], GivenUpBy::person, next_id()).value();
    const Office may = office({2025, 5, 1});
    complete_orders(may, {orders.data(), 1}).front().value();
    settle_provider(may, *find_provider(*database_, "bakery")).value();
    complete_orders(may, {orders.data() + 1, 1}).front().value();
  }

  void use() {
    const Office desk = office({2025, 5, 2});
    for (int i = 4; i < 6; ++i)
      use_reductions(desk, {next_id(), AccountId{first_rider.value + i}, "cancel", "", Milligrams(150'000)}).value();
  }

  std::filesystem::path folder_;
  std::optional<Database> database_;
  std::optional<Writer> writer_;
  int commands_ = 0;
};

}  // namespace tanpuhui
