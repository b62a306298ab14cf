#pragma once
/// A benefit provider enters the mall under its agreement, and lists what it offers. Basis: js24.a35, js24.a36
#include "office/office.h"
#include "rooms/mall/shell/find_offers.h"

namespace tanpuhui {

struct NewProvider {
  std::string name;   ///< also the reference of its account in the register
  AccountId account;  ///< opened before, an organisation's
  AccountId escrow;   ///< number for its escrow account
  Day agreement_from, agreement_until;
};
/// The same provider again is the same; other facts under its name are refused (MAL-01).
Result<Provider> register_provider(const Office& office, const NewProvider& provider, CommandId id);

struct NewOffer {
  std::string provider;  ///< name
  std::string title_zh, title_en;
  Points price;            ///< of one piece, above zero
  std::int64_t stock = 0;  ///< pieces
};
/// Refuses MAL-01 when the provider is unknown or has no agreement in force.
Result<OfferId> list_offer(const Office& office, const NewOffer& offer, CommandId id);

}  // namespace tanpuhui
