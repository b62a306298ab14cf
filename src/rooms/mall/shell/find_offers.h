#pragma once
/// Providers and offers of the register.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rooms/mall/order.h"
#include "store/database.h"

namespace tanpuhui {

struct Provider {
  AccountId account;
  AccountId escrow;
  std::string name;
  Day agreement_from, agreement_until;  ///< both inclusive
};

std::optional<Provider> find_provider(Database& database, std::string_view name);
std::vector<Provider> list_providers(Database& database);
std::optional<Offer> find_offer(Database& database, OfferId offer);
std::vector<Offer> list_offers(Database& database);
/// Escrow accounts have no row; audits and totals must tell them from persons.
std::vector<AccountId> escrow_accounts(Database& database);

}  // namespace tanpuhui
