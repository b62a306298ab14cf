#include "server/registers.h"

#include <array>
#include <limits>

#include "base/bytes.h"
#include "base/decimal.h"
#include "base/fault.h"
#include "journal/block.h"
#include "ledger/account.h"
#include "store/migrations.h"

namespace tanpuhui {
namespace {

namespace json = boost::json;

struct Retiring {
  SystemAccount account;
  std::string_view title_en;
};
constexpr std::array<Retiring, 4> retiring = {{
    {SystemAccount::retired_event, "retired for events"},
    {SystemAccount::retired_offset, "retired as voluntary offsets"},
    {SystemAccount::cancelled, "cancelled voluntarily"},
    {SystemAccount::retired_eco, "retired as ecological compensation"},
}};

std::string kilograms(std::int64_t mg) { return format_fixed(mg, 6); }

BlockTotal sum_of(const LogTotals& totals, std::string_view account_class) {
  BlockTotal sum;
  for (const auto& [key, total] : totals.sums) {
    const bool inside = key.first == account_class || key.first.starts_with(std::string(account_class) + ":");
    if (!inside) continue;
    sum.mg += total.mg;
    sum.points += total.points;
  }
  return sum;
}
BlockTotal sum_of(const LogTotals& totals, SystemAccount account) { return sum_of(totals, name_en(account)); }

json::object held_json(const LogTotals& totals) {
  return {{"persons_kg", kilograms(sum_of(totals, "person").mg)},
          {"organisations_kg", kilograms(sum_of(totals, "organisation").mg)},
          {"escrow_kg", kilograms(sum_of(totals, "escrow").mg)},
          {"reserve_kg", kilograms(sum_of(totals, SystemAccount::reserve).mg)}};
}

json::array retired_json(const LogTotals& totals) {
  json::array out;
  for (const auto& [account, title_en] : retiring)
    out.push_back({{"account", name_en(account)},
                   {"title_zh", name_zh(account)},
                   {"title_en", title_en},
                   {"reduction_kg", kilograms(sum_of(totals, account).mg)}});
  return out;
}

json::object points_json(const LogTotals& totals) {
  return {{"credited", -sum_of(totals, SystemAccount::issued).points},
          {"used", sum_of(totals, SystemAccount::points_used).points},
          {"expired", sum_of(totals, SystemAccount::points_expired).points},
          {"reversed", sum_of(totals, SystemAccount::points_reversed).points},
          {"outstanding", sum_of(totals, "person").points + sum_of(totals, "organisation").points}};
}

json::value newest_seal(Database& database, Zone zone) {
  auto row = database.statement("SELECT record FROM blocks ORDER BY block_no DESC LIMIT 1");
  if (!row.step()) return nullptr;
  const auto block = decode_block(row.blob(0));
  if (!block) throw Fault(database.path() + ": the newest block is damaged; run `tanpuhui audit`");
  return json::value(format_instant(block->sealed_at, zone));
}

std::string day_text(std::int64_t number) { return format_day(Day{static_cast<std::int32_t>(number)}); }

// Figures of a few persons would tell about each of them. Basis: requirements section 7
constexpr std::int64_t persons_min = 5;

json::object batch_json(const Statement& row) {
  const bool shown = row.integer(8) >= persons_min;
  const auto figure = [shown](auto value) { return shown ? json::value(value) : json::value(nullptr); };
  return {{"number", row.integer(0)},
          {"scenario", row.text(1)},
          {"scenario_title_zh", row.text(2)},
          {"scenario_title_en", row.text(3)},
          {"period_from", day_text(row.integer(4))},
          {"period_until", day_text(row.integer(5))},
          {"methodology", row.text(6)},
          {"methodology_hash", to_hex(row.blob(7))},
          {"persons", figure(row.integer(8))},
          {"records", figure(row.integer(9))},
          {"issued_kg", figure(kilograms(row.integer(10)))},
          {"retired_kg", figure(kilograms(row.integer(11)))},
          {"state", row.text(12)},
          {"credited_on", row.is_null(13) ? json::value(nullptr) : json::value(day_text(row.integer(13)))},
          {"acts_digest", to_hex(row.blob(14))},
          {"digest", to_hex(row.blob(15))}};
}

json::array select_batches(Database& database, const BatchPage& page) {
  auto rows = database.statement(
      "SELECT b.batch_id, s.name, s.title_zh, s.title_en, b.period_from, b.period_until, b.methodology, "
      "b.methodology_hash, b.persons, b.records, b.issued_mg, b.serial_next_mg, b.state, b.credited_on, b.acts_digest, "
      "b.digest FROM batches b JOIN scenarios s ON s.scenario_id = b.scenario_id WHERE b.batch_id < ? "
      "ORDER BY b.batch_id DESC LIMIT ?");
  rows.bind(page.before.value_or(std::numeric_limits<std::int64_t>::max())).bind(page.limit + 1);
  json::array out;
  while (rows.step()) out.push_back(batch_json(rows));
  return out;
}

}  // namespace

Database& Registers::opened() {
  if (!database_) {
    database_.emplace(Database::open_reader(path_));
    require_current_schema(*database_);
  }
  return *database_;
}

void Registers::forget() {
  database_.reset();
  counted_version_ = -1;
}

Registers::Registers(std::string path, Zone zone) : path_(std::move(path)), zone_(zone) {
  settings_ = read([](Database& database) { return load_programme(database); });
}

// The version changes when another connection commits.
void Registers::count(Database& database) {
  const std::int64_t version = database.change_counter();
  const auto begin = std::chrono::steady_clock::now();
  if (version == counted_version_ || (counted_version_ >= 0 && begin < count_again_)) return;
  const auto integer = [&](const char* sql) { return database.statement(sql).run_integer(); };
  counts_.persons = integer("SELECT count(*) FROM accounts_register WHERE kind = 1");
  counts_.records = integer("SELECT coalesce(sum(accepted), 0) FROM sealed_days");
  counts_.batches = integer("SELECT count(*) FROM batches");
  counted_version_ = version;
  const auto end = std::chrono::steady_clock::now();
  count_again_ = end + 20 * (end - begin);
}

json::value Registers::as_of() {
  return read([&](Database& database) { return newest_seal(database, zone_); });
}

json::object Registers::totals() {
  return read([&](Database& database) -> json::object {
    LogTotals sums = sums_;
    add_totals(database, sums);
    sums_ = std::move(sums);
    count(database);
    return {{"as_of", newest_seal(database, zone_)},
            {"blocks", sums_.next_block},
            {"issued_kg", kilograms(-sum_of(sums_, SystemAccount::issued).mg)},
            {"held", held_json(sums_)},
            {"retired", retired_json(sums_)},
            {"expired_kg", kilograms(sum_of(sums_, SystemAccount::expired).mg)},
            {"invalidated_kg", kilograms(sum_of(sums_, SystemAccount::invalidated).mg)},
            {"points", points_json(sums_)},
            {"persons", counts_.persons},
            {"records_accepted", counts_.records},
            {"batches", counts_.batches}};
  });
}

json::object Registers::batches(const BatchPage& page) {
  return read([&](Database& database) -> json::object {
    json::array rows = select_batches(database, page);
    json::value next = nullptr;
    if (std::ssize(rows) > page.limit) {
      rows.pop_back();
      next = rows.back().at("number");
    }
    return {{"batches", std::move(rows)}, {"next_before", std::move(next)}};
  });
}

}  // namespace tanpuhui
