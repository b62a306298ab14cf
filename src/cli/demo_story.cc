#include "cli/demo_story.h"

#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "audit/audit.h"
#include "base/fault.h"
#include "cases/first_act.h"
#include "cases/officers.h"
#include "cli/certificates.h"
#include "cli/demo_city.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "cli/reports.h"
#include "crypto/hash.h"
#include "rooms/mall/shell/complete_orders.h"
#include "rooms/mall/shell/offers.h"
#include "rooms/mall/shell/place_orders.h"
#include "rooms/mall/shell/refund_order.h"
#include "rooms/mall/shell/settle_provider.h"
#include "rooms/participants/account_number.h"
#include "rooms/participants/shell/accounts.h"
#include "rooms/participants/shell/find_accounts.h"
#include "rooms/points/shell/expire.h"
#include "rooms/reduction/shell/compute_batch.h"
#include "rooms/reduction/shell/post_batch.h"
#include "rooms/reduction/shell/sign_batch.h"
#include "rooms/reduction/shell/signers.h"
#include "rooms/reduction/shell/uses.h"
#include "rooms/scenario/shell/record_scenario.h"
#include "store/key_file.h"

namespace tanpuhui {
namespace {

namespace fs = std::filesystem;

template <class T>
T must(Result<T> result) {
  if (!result) throw Fault("the demonstration city was refused what it should get:\n" + describe(result.error()));
  return std::move(*result);
}

class City {
 public:
  City(const SharedOptions& shared, const std::string& folder, const std::string& store)
      : shared_(shared), folder_(folder), desk_(found(shared_, folder_, store)) {}

  void tell();
  const SharedOptions& shared() const { return shared_; }

 private:
  static Desk found(SharedOptions& shared, const std::string& folder, const std::string& store);
  void chapter(const std::string& at, const char* zh, const char* en);
  void opening();
  void registers();
  void records();
  SealReport seal(Day until);
  void issue(Day from, Day until);
  void batches();
  void mall();
  void release();
  void gift();
  void clearing();
  void proofs();

  IngestReport ingest(const std::string& name, const std::string& content);
  void order(int citizen, OfferId offer, std::int64_t pieces);
  std::string file(const std::string& name) const { return folder_ + "/" + name; }
  AccountId account(const std::string& ref);
  static std::string citizen_ref(int number) { return fmt::format("citizen-{:02}", number); }
  Bytes formula_bytes() const;
  std::int64_t decided_earlier(const std::string& procedure, const std::string& state,
                               std::map<std::string, std::string> fields, Files files);
  CommandId next_id() { return new_command_id(desk_.now()); }

  const Day march_ = day_of({2025, 3, 1});
  SharedOptions shared_;
  std::string folder_;
  Desk desk_;
  int chapter_ = 0;
  OfferId ticket_, service_;
  std::vector<EntryId> orders_;
  std::string statement_;
};

// A demonstration begins anew each time. Only files that an earlier one made are removed.
Desk City::found(SharedOptions& shared, const std::string& folder, const std::string& store) {
  fs::create_directories(folder);
  for (const char* name : {"city.db", "city.db-wal", "city.db-shm", "city.db.lock", "city.db.log-key",
                           "city.db.log-key.pub", "partner.key", "operator.key", "certificate.json"})
    fs::remove(folder + "/" + name);
  shared.programme = store.empty() ? folder + "/city.db" : store;
  shared.keys = folder;
  if (is_server(store)) {
    erase_rehearsal(store);
    fs::remove(log_key_path(shared));
  }
  shared.home = find_home(shared.home);
  shared.as_of = "2025-02-28T09:00:00+08:00";
  create_programme(shared, {"Demo city", list_books(shared.home).front(), true, {}, {}, false},
                   "tanpuhui.example/demo-city");
  return Desk(shared);
}

void City::chapter(const std::string& at, const char* zh, const char* en) {
  desk_.seal_log();
  desk_.set_now(instant_option("time", at));
  fmt::print("\n{}. {} · {}  ({})\n", ++chapter_, zh, en, at.substr(0, 10));
}

AccountId City::account(const std::string& ref) {
  const auto found = find_account_of(desk_.database(), ref);
  TANPUHUI_REQUIRE(found, "the city opened this account");
  return *found;
}

void City::opening() {
  fmt::print(
      "Tanpuhui 碳普惠: a small city, from the partner's file to a certificate that anyone can verify\n"
      "演练数据，不具法律效力 · a rehearsal: invented citizens, demonstration factors, moved time, no legal force\n");
  fmt::print("  rulebook {} ({})\n  its hash {}\n", desk_.book().title_zh, desk_.book().title_en,
             to_hex(desk_.book().hash));
}

Bytes City::formula_bytes() const {
  const std::string text = read_file(shared_.home + "/methodologies/bike-demo/v1/methodology.toml");
  return {text.begin(), text.end()};
}

/// A case of the City Bike Co. that the authority decided before the platform was there.
std::int64_t City::decided_earlier(const std::string& procedure, const std::string& state,
                                   std::map<std::string, std::string> fields, Files files) {
  const std::string paper = "Filing notice 2025-12";
  files["earlier_decision"] = Bytes(paper.begin(), paper.end());
  StepRequest request;
  request.actor = {"clerk", "centre", {"operator_clerk"}};
  request.role = "operator_clerk";
  request.fields = std::move(fields);
  const CaseOpening opening{procedure, {"", "City Bike Co.", "organisation"}, {}};
  return must(bring_in(desk_.case_office(), opening, state, std::move(request), files, next_id())).number;
}

void City::registers() {
  chapter("2025-03-01T07:00:00+08:00", "登记场景、授权与同意", "a scenario, its signers and its citizens");
  Office& office = desk_.office();
  const SigningKey partner = create_key_file(file("partner.key")), keeper = create_key_file(file("operator.key"));
  const Methodology& formula = desk_.methodologies().at("bike-demo/v1");
  must(record_officer(office, {"clerk", "operator_clerk", "centre", march_, {}}, next_id()));
  decided_earlier("methodology", "published", {{"effective_from", "2025-01-01"}}, {{"formula", formula_bytes()}});
  const std::int64_t filed = decided_earlier("scenario", "live", {{"live_from", "2025-03-01"}}, {});
  must(record_scenario(office,
                       {"city-bike",
                        "城市公共自行车",
                        "City bikes",
                        "City Bike Co.",
                        "bike-demo/v1",
                        formula.hash,
                        march_,
                        {},
                        30,
                        partner.verify_key().bytes(),
                        filed},
                       next_id()));
  must(record_key(office, key_holder(Signer::operator_by_delegation, ""), keeper.verify_key().bytes(), next_id()));
  must(record_delegation(
      office,
      {"Delegation 2025-7", "city-bike", day_of({2025, 1, 1}), day_of({2025, 12, 31}), Milligrams(1'000'000'000)},
      next_id()));
  write_file(file("consents.csv"), draw_city(march_, 31).consents);
  const ConsentReport consents = must(load_consents(office, desk_.settings().account_salt, file("consents.csv")));
  fmt::print("  scenario city-bike, methodology {} ({})\n  {} citizens agreed, {} accounts opened\n", formula.title.zh,
             formula.title.en, consents.lines, consents.accounts_opened);
}

IngestReport City::ingest(const std::string& name, const std::string& content) {
  write_file(file(name), content);
  const Scenario scenario = desk_.scenario("city-bike");
  IngestOptions options;
  options.scenario = scenario.id;
  options.rules = {scenario.name, &desk_.methodology_of(scenario), desk_.book().zone, scenario.lateness_days,
                   desk_.now()};
  return ingest_file(desk_.database(), file(name), options);
}

void City::records() {
  chapter("2025-03-17T08:00:00+08:00", "合作方分两次送来三月的骑行记录",
          "the partner sends the rides of March in two files");
  const CityFiles march = draw_city(march_, 31);
  std::vector<IngestReport> reports{ingest("march-1.ndjson", march.first_half)};
  desk_.set_now(instant_option("time", "2025-04-01T08:00:00+08:00"));
  reports.push_back(ingest("march-2.ndjson", march.second_half));
  reports.push_back(ingest("march-1.ndjson", march.first_half));
  print_ingest(reports, desk_.book());
  chapter("2025-04-01T09:00:00+08:00", "封存：查重、查重叠、按方法学计算",
          "the seal: duplicates, overlaps, the formula");
  print_seal(seal(march_ + 30), march_ + 30);
}

SealReport City::seal(Day until) {
  const Scenario scenario = desk_.scenario("city-bike");
  SealOptions options;
  options.scenario = scenario.id;
  options.scenario_name = scenario.name;
  options.methodology = &desk_.methodology_of(scenario);
  options.zone = desk_.book().zone;
  options.until = until;
  options.now = desk_.now();
  return seal_days(desk_.database(), options);
}

void City::issue(Day from, Day until) {
  Office& office = desk_.office();
  const BatchId batch = must(compute_batch(office, {desk_.scenario("city-bike").id, from, until}));
  const Digest digest = digest_to_sign(desk_.database(), batch);
  must(sign_batch(office, batch, {Signer::partner, "", load_key_file(file("partner.key")).sign(digest)}));
  must(sign_batch(
      office, batch,
      {Signer::operator_by_delegation, "Delegation 2025-7", load_key_file(file("operator.key")).sign(digest)}));
  const PostedBatch posted = must(post_batch(office, batch));
  fmt::print(
      "  batch {}, digest {}\n  signed by the partner, and by the operator under Delegation 2025-7\n"
      "  {} citizens get {} and {} points, good for two years\n",
      batch.value, to_hex(digest), posted.persons, kilograms(posted.reduction), posted.points.count());
}

void City::batches() {
  chapter("2025-04-03T10:00:00+08:00", "批次：汇总、双方签署、登记到个人账户",
          "a batch: summed, signed by both, posted");
  issue(march_, march_ + 30);
  chapter("2025-05-06T10:00:00+08:00", "四月的记录走同样的路", "the rides of April go the same way");
  const CityFiles april = draw_city(march_ + 31, 30);
  ingest("april-1.ndjson", april.first_half);
  ingest("april-2.ndjson", april.second_half);
  seal(march_ + 60);
  issue(march_ + 31, march_ + 60);
}

void City::order(int citizen, OfferId offer, std::int64_t pieces) {
  const OrderAct act{next_id(), account(citizen_ref(citizen)), {offer, pieces}};
  const auto receipt = place_orders(desk_.office(), {&act, 1}).front();
  if (!receipt) {
    fmt::print("  citizen {} asks for {} pieces of offer {}: {} {}\n", citizen, pieces, offer.value,
               receipt.error().code, receipt.error().message_en);
    return;
  }
  orders_.push_back(receipt->order);
  fmt::print("  citizen {}: order {}, {} points, {} wait in escrow\n", citizen, receipt->order.value,
             (receipt->bearing_points + receipt->plain_points).count(), kilograms(receipt->backing));
}

void City::mall() {
  chapter("2025-05-10T12:00:00+08:00", "碳积分商城", "the points mall");
  Office& office = desk_.office();
  const Bytes& salt = desk_.settings().account_salt;
  const AccountId account =
      must(open_account(office, salt, {"provider:City Metro", AccountKind::organisation}, next_id()));
  must(register_provider(office,
                         {"City Metro", account, account_number(salt, "escrow:City Metro", sha256),
                          day_of({2025, 1, 1}), day_of({2026, 12, 31})},
                         next_id()));
  ticket_ = must(list_offer(office, {"City Metro", "地铁日票", "metro day ticket", Points(20), 6}, next_id()));
  service_ = must(list_offer(office, {"City Metro", "自行车保养", "bike service", Points(45), 10}, next_id()));
  for (int citizen = 1; citizen <= 7; ++citizen) order(citizen, ticket_, 1);
  order(8, service_, 1);
  order(9, service_, 9);
  must(refund(office, orders_.front(), GivenUpBy::person, next_id()));
  fmt::print("  citizen 1 gives order {} back: points and reductions return to the gram\n", orders_.front().value);
  orders_.erase(orders_.begin());
}

void City::release() {
  chapter("2025-06-01T09:00:00+08:00", "订单完成，减排量划转给权益提供方",
          "orders complete, the provider gets what stood behind them");
  for (auto& completed : complete_orders(desk_.office(), orders_)) must(std::move(completed));
  const Settlement settled = must(settle_provider(desk_.office(), *find_provider(desk_.database(), "City Metro")));
  fmt::print("  {} orders complete; {} released to City Metro; honours stay with the citizens\n", settled.orders,
             kilograms(settled.released));
}

void City::gift() {
  chapter("2025-06-05T09:00:00+08:00", "捐赠给大型活动，核销并出具证明", "gifts to an event, numbered and certified");
  Office& office = desk_.office();
  must(record_event(office,
                    {"spring-run", "城市春季路跑", "City spring run", "City Sports Bureau", day_of({2025, 6, 8}), true},
                    next_id()));
  Milligrams given;
  for (int citizen = 11; citizen <= 20; ++citizen) {
    const UseReceipt gift = must(use_reductions(
        office, {next_id(), account(citizen_ref(citizen)), "event_neutrality", "spring-run", Milligrams(1'000'000)}));
    given += gift.used;
    if (statement_.empty()) statement_ = gift.number;
  }
  const UseReceipt metro =
      must(use_reductions(office, {next_id(), account("provider:City Metro"), "cancel", "", Milligrams(5'000'000)}));
  fmt::print("  10 citizens give {} to the City spring run\n  City Metro cancels {} of what was released to it\n",
             kilograms(given), kilograms(metro.used));
}

void City::clearing() {
  chapter("2027-04-04T00:30:00+08:00", "两年期满，未用积分清零", "two years later: what was not used is cleared");
  const ExpiryReport cleared = must(expire_points(desk_.office(), {}));
  fmt::print("  {} accounts: {} points and the {} behind them; honours stay for ever\n", cleared.accounts,
             cleared.points.count(), kilograms(cleared.reductions));
}

void City::proofs() {
  chapter("2027-04-04T09:00:00+08:00", "证明与核验", "the certificate, verified by somebody who trusts nobody");
  std::string certificate = make_certificate(desk_, shared_, statement_);
  write_file(file("certificate.json"), certificate);
  fmt::print("  certificate in {}, public key in {}\n", file("certificate.json"), public_key_path(shared_));
  fmt::print("{}", describe(must(check_certificate(certificate, desk_.log_key()))));
  certificate[certificate.find("\"amount_kg\"") + 14] = '9';
  const auto forged = check_certificate(certificate, desk_.log_key());
  if (forged) throw Fault("a changed certificate was accepted");
  fmt::print("  the same with one digit of the amount changed: {} {}\n", forged.error().code,
             forged.error().message_en);
  const AuditReport audit = audit_programme(desk_.database(), {desk_.book(), desk_.methodologies()}, {});
  for (const Violation& violation : audit.violations)
    fmt::print("  BROKEN {}: {}\n", violation.invariant, violation.what);
  if (!audit.violations.empty()) throw Fault("the audit of the demonstration city found something");
  fmt::print("  audit: {} entries, {} accounts, {} acts, {} blocks: all invariants hold\n", audit.entries,
             audit.accounts, audit.acts, audit.blocks);
}

void City::tell() {
  opening();
  registers();
  records();
  batches();
  mall();
  release();
  gift();
  clearing();
  proofs();
  const std::string place = shown_location(shared_.programme), quote = is_server(place) ? "'" : "";
  fmt::print("\nLook further:  tanpuhui -p {0} explain {1}   tanpuhui -p {0} batch list   tanpuhui -p {0} audit\n",
             quote + place + quote, statement_);
  std::fflush(stdout);
}

}  // namespace

SharedOptions tell_demo_story(const SharedOptions& shared, const std::string& folder, const std::string& store) {
  City city(shared, folder, store);
  city.tell();
  return city.shared();
}

}  // namespace tanpuhui
