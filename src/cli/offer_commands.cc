/// Providers of the points mall and what they offer.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "crypto/hash.h"
#include "rooms/mall/shell/offers.h"
#include "rooms/participants/account_number.h"
#include "rooms/participants/shell/accounts.h"

namespace tanpuhui {
namespace {

struct ProviderOptions {
  std::string name, from, until;
};

int record_provider(const SharedOptions& shared, const ProviderOptions& options) {
  Desk desk(shared);
  const Bytes& salt = desk.settings().account_salt;
  const auto account = open_account(desk.office(), salt, {"provider:" + options.name, AccountKind::organisation},
                                    new_command_id(desk.now()));
  if (!account) return print_refusal(account.error());
  const NewProvider provider{options.name, *account, account_number(salt, "escrow:" + options.name, sha256),
                             day_option("--from", options.from), day_option("--until", options.until)};
  const auto recorded = register_provider(desk.office(), provider, new_command_id(desk.now()));
  if (!recorded) return print_refusal(recorded.error());
  desk.seal_log();
  fmt::print("provider {} is recorded: account {}\n", options.name, recorded->account.value);
  return exit_done;
}

struct OfferOptions {
  NewOffer offer;
  std::int64_t price = 0;
};

void declare_offer(CLI::App& command, OfferOptions& options) {
  command.add_option("--provider", options.offer.provider, "its name")->required();
  command.add_option("--title-zh", options.offer.title_zh)->required();
  command.add_option("--title-en", options.offer.title_en)->required();
  command.add_option("--price", options.price, "points for one piece")->required();
  command.add_option("--stock", options.offer.stock, "pieces")->required();
}

int record_offer(const SharedOptions& shared, const OfferOptions& options) {
  Desk desk(shared);
  NewOffer offer = options.offer;
  offer.price = Points(options.price);
  const auto listed = list_offer(desk.office(), offer, new_command_id(desk.now()));
  if (!listed) return print_refusal(listed.error());
  desk.seal_log();
  fmt::print("offer {} is listed\n", listed->value);
  return exit_done;
}

int list_all_offers(const SharedOptions& shared) {
  Desk desk(shared);
  std::vector<std::vector<std::string>> rows{{"offer", "title", "points", "left", "agreement until"}};
  for (const Offer& offer : list_offers(desk.database()))
    rows.push_back({std::to_string(offer.id.value), offer.title_zh, with_thousands(offer.price.count()),
                    with_thousands(offer.stock), format_day(offer.agreement_until)});
  fmt::print("{}", table(rows));
  return exit_done;
}

}  // namespace

void add_offer_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& provider = add_group(app, "provider", "benefit providers of the points mall");
  add_command<ProviderOptions>(
      provider, "record", "record a provider and its agreement", chosen,
      [](CLI::App& command, ProviderOptions& options) {
        command.add_option("--name", options.name)->required();
        command.add_option("--from", options.from, "first day of the agreement")->required();
        command.add_option("--until", options.until, "last day of the agreement")->required();
      },
      [&shared](const ProviderOptions& options) { return record_provider(shared, options); });
  CLI::App& offer = add_group(app, "offer", "what the points mall offers");
  add_command<OfferOptions>(offer, "record", "list an offer of a provider", chosen, declare_offer,
                            [&shared](const OfferOptions& options) { return record_offer(shared, options); });
  add_command<int>(
      offer, "list", "the offers there are", chosen, [](CLI::App&, int&) {},
      [&shared](int) { return list_all_offers(shared); });
}

}  // namespace tanpuhui
