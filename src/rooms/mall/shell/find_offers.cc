#include "rooms/mall/shell/find_offers.h"

#include <fmt/format.h>

namespace tanpuhui {
namespace {

constexpr std::string_view offer_columns =
    "f.offer_id, f.title_zh, f.title_en, f.provider_id, p.escrow_id, f.price_points, f.stock, p.agreement_from, "
    "p.agreement_until, f.listed FROM offers f JOIN providers p ON p.account_id = f.provider_id";

Day read_day(const Statement& row, int column) { return Day{static_cast<std::int32_t>(row.integer(column))}; }

Offer read_offer(const Statement& row) {
  Offer offer;
  offer.id = OfferId{row.integer(0)};
  offer.title_zh = std::string(row.text(1));
  offer.title_en = std::string(row.text(2));
  offer.provider = AccountId{row.integer(3)};
  offer.escrow = AccountId{row.integer(4)};
  offer.price = Points(row.integer(5));
  offer.stock = row.integer(6);
  offer.agreement_from = read_day(row, 7);
  offer.agreement_until = read_day(row, 8);
  offer.listed = row.integer(9) != 0;
  return offer;
}

constexpr std::string_view provider_columns =
    "account_id, escrow_id, name, agreement_from, agreement_until FROM providers";

Provider read_provider(const Statement& row) {
  return {AccountId{row.integer(0)}, AccountId{row.integer(1)}, std::string(row.text(2)), read_day(row, 3),
          read_day(row, 4)};
}

}  // namespace

std::optional<Provider> find_provider(Database& database, std::string_view name) {
  auto row = database.statement(fmt::format("SELECT {} WHERE name = ?", provider_columns));
  row.bind(name);
  if (!row.step()) return std::nullopt;
  return read_provider(row);
}

std::vector<Provider> list_providers(Database& database) {
  std::vector<Provider> providers;
  auto rows = database.statement(fmt::format("SELECT {} ORDER BY name", provider_columns));
  while (rows.step()) providers.push_back(read_provider(rows));
  return providers;
}

std::optional<Offer> find_offer(Database& database, OfferId offer) {
  auto row = database.statement(fmt::format("SELECT {} WHERE f.offer_id = ?", offer_columns));
  row.bind(offer.value);
  if (!row.step()) return std::nullopt;
  return read_offer(row);
}

std::vector<Offer> list_offers(Database& database) {
  std::vector<Offer> offers;
  auto rows = database.statement(fmt::format("SELECT {} ORDER BY f.offer_id", offer_columns));
  while (rows.step()) offers.push_back(read_offer(rows));
  return offers;
}

std::vector<AccountId> escrow_accounts(Database& database) {
  std::vector<AccountId> accounts;
  auto rows = database.statement("SELECT escrow_id FROM providers ORDER BY escrow_id");
  while (rows.step()) accounts.push_back(AccountId{rows.integer(0)});
  return accounts;
}

}  // namespace tanpuhui
