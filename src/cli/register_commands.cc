/// The registers: scenarios, consents, signers, delegations, events, providers, offers. Recording the same again
/// changes nothing.
#include <algorithm>

#include <fmt/format.h>

#include "base/fault.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "cli/reports.h"
#include "crypto/hash.h"
#include "rooms/mall/shell/offers.h"
#include "rooms/participants/account_number.h"
#include "rooms/participants/shell/accounts.h"
#include "rooms/participants/shell/consents.h"
#include "rooms/reduction/shell/batches.h"
#include "rooms/reduction/shell/uses.h"
#include "rooms/scenario/shell/record_scenario.h"

namespace tanpuhui {
namespace {

PublicKeyBytes read_public_key(const std::string& path) {
  std::string text = read_file(path);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const auto key = digest_from_hex(text);
  if (!key) throw Fault(path + ": holds no public key (64 hexadecimal digits); `tanpuhui key FILE` makes one");
  return *key;
}

struct ScenarioOptions {
  std::string name, title_zh, title_en, developer, methodology, live_from, live_until, partner_key;
  std::int32_t lateness_days = 30;
};

void declare_scenario(CLI::App& command, ScenarioOptions& options) {
  command.add_option("--name", options.name, "how records name it: a-z, 0-9, -")->required();
  command.add_option("--title-zh", options.title_zh)->required();
  command.add_option("--title-en", options.title_en)->required();
  command.add_option("--developer", options.developer, "the organisation that runs it")->required();
  command.add_option("--methodology", options.methodology, "id and version, e.g. bike-demo/v1")->required();
  command.add_option("--live-from", options.live_from, "first day")->required();
  command.add_option("--live-until", options.live_until, "last day");
  command.add_option("--lateness-days", options.lateness_days, "how late a record may come")->capture_default_str();
  command.add_option("--partner-key", options.partner_key, "file with the partner's public key")->required();
}

int record_scenario_of(const SharedOptions& shared, const ScenarioOptions& options) {
  Desk desk(shared);
  ScenarioRecord record{options.name,
                        options.title_zh,
                        options.title_en,
                        options.developer,
                        options.methodology,
                        {},
                        day_option("--live-from", options.live_from),
                        {},
                        options.lateness_days,
                        read_public_key(options.partner_key)};
  if (!options.live_until.empty()) record.live_until = day_option("--live-until", options.live_until);
  const auto methodology = desk.methodologies().find(options.methodology);
  if (methodology == desk.methodologies().end())
    throw UsageError("--methodology: there is no methodologies/" + options.methodology);
  record.methodology_hash = methodology->second.hash;
  const auto scenario = record_scenario(desk.office(), record, new_command_id(desk.now()));
  if (!scenario) return print_refusal(scenario.error());
  desk.seal_log();
  fmt::print("scenario {} ({}) is live from {} by {}\n", options.name, scenario->value, options.live_from,
             options.methodology);
  return exit_done;
}

int list_all_scenarios(const SharedOptions& shared) {
  Desk desk(shared);
  std::vector<std::vector<std::string>> rows{{"name", "title", "developer", "methodology", "live from", "late days"}};
  for (const Scenario& scenario : list_scenarios(desk.database()))
    rows.push_back({scenario.name, scenario.title_zh, scenario.developer, scenario.methodology,
                    format_day(scenario.live_from), std::to_string(scenario.lateness_days)});
  fmt::print("{}", table(rows));
  return exit_done;
}

struct ConsentOptions {
  std::string file, report;
};

int load_consent_file(const SharedOptions& shared, const ConsentOptions& options) {
  Desk desk(shared);
  const auto report = load_consents(desk.office(), desk.settings().account_salt, options.file);
  if (!report) return print_refusal(report.error());
  desk.seal_log();
  print_consents(*report);
  if (!options.report.empty()) write_file(options.report, consents_json(*report));
  return std::ranges::all_of(
             report->counts,
             [](const auto& count) { return count.first == "recorded" || count.first == "known_already"; })
             ? exit_done
             : exit_some_refused;
}

struct WithdrawOptions {
  std::string scenario, subject, at, id;
  bool settle = false;
};

int withdraw(const SharedOptions& shared, const WithdrawOptions& options) {
  Desk desk(shared);
  const Withdrawal withdrawal{options.scenario, options.subject,
                              options.at.empty() ? desk.now() : instant_option("--at", options.at), options.settle};
  const auto entry = withdraw_consent(desk.office(), withdrawal, id_option(options.id, desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("withdrawn: entry {}\n", entry->value);
  return exit_done;
}

struct SignerOptions {
  std::string holder, key;
};

int record_signer(const SharedOptions& shared, const SignerOptions& options) {
  Desk desk(shared);
  const auto entry =
      record_key(desk.office(), options.holder, read_public_key(options.key), new_command_id(desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("the key of {} is recorded: entry {}\n", options.holder, entry->value);
  return exit_done;
}

struct DelegationOptions {
  std::string document, scope, from, until, limit_kg;
};

void declare_delegation(CLI::App& command, DelegationOptions& options) {
  command.add_option("--document", options.document, "number of the delegation document")->required();
  command.add_option("--scope", options.scope, "a scenario, or * for all")->required();
  command.add_option("--from", options.from, "first day")->required();
  command.add_option("--until", options.until, "last day")->required();
  command.add_option("--limit-kg", options.limit_kg, "largest batch, kg CO2e")->required();
}

int record_delegation_of(const SharedOptions& shared, const DelegationOptions& options) {
  Desk desk(shared);
  const Delegation delegation{options.document, options.scope, day_option("--from", options.from),
                              day_option("--until", options.until), kilograms_option("--limit-kg", options.limit_kg)};
  const auto entry = record_delegation(desk.office(), delegation, new_command_id(desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("delegation {} is recorded: entry {}\n", options.document, entry->value);
  return exit_done;
}

struct EventOptions {
  NewEvent event;
  std::string held_on;
  bool elsewhere = false;
};

void declare_event(CLI::App& command, EventOptions& options) {
  command.add_option("--event", options.event.id, "short name: a-z, 0-9, -")->required();
  command.add_option("--title-zh", options.event.title_zh)->required();
  command.add_option("--title-en", options.event.title_en)->required();
  command.add_option("--organiser", options.event.organiser)->required();
  command.add_option("--held-on", options.held_on, "day")->required();
  command.add_flag("--elsewhere", options.elsewhere, "held outside the region of the rulebook");
}

int record_event_of(const SharedOptions& shared, const EventOptions& options) {
  Desk desk(shared);
  NewEvent event = options.event;
  event.held_on = day_option("--held-on", options.held_on);
  event.in_region = !options.elsewhere;
  const auto entry = record_event(desk.office(), event, new_command_id(desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("event {} is recorded: entry {}\n", event.id, entry->value);
  return exit_done;
}

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

void add_people(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& consent = add_group(app, "consent", "consents of persons to a scenario");
  add_command<ConsentOptions>(
      consent, "load", "take in a partner's consent file (CSV); opens the accounts", chosen,
      [](CLI::App& command, ConsentOptions& options) {
        command.add_option("FILE", options.file)->required();
        command.add_option("--report", options.report, "write counts and refused lines as JSON");
      },
      [&shared](const ConsentOptions& options) { return load_consent_file(shared, options); });
  add_command<WithdrawOptions>(
      consent, "withdraw", "a person takes the consent back", chosen,
      [](CLI::App& command, WithdrawOptions& options) {
        command.add_option("--scenario", options.scenario)->required();
        command.add_option("--subject", options.subject, "the partner's id of the person")->required();
        command.add_option("--at", options.at, "from when on; now when not given");
        command.add_flag("--settle", options.settle, "settle what was done before, instead of dropping it");
        command.add_option("--id", options.id, "command id, so that a repeat is known");
      },
      [&shared](const WithdrawOptions& options) { return withdraw(shared, options); });
}

void add_scenarios(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& scenario = add_group(app, "scenario", "scenarios of the programme");
  add_command<ScenarioOptions>(
      scenario, "record", "record a scenario as live", chosen, declare_scenario,
      [&shared](const ScenarioOptions& options) { return record_scenario_of(shared, options); });
  add_command<int>(
      scenario, "list", "the scenarios there are", chosen, [](CLI::App&, int&) {},
      [&shared](int) { return list_all_scenarios(shared); });
}

void add_authority(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& signer = add_group(app, "signer", "who signs batches, by public key");
  add_command<SignerOptions>(
      signer, "record", "record the public key of the authority or the operator", chosen,
      [](CLI::App& command, SignerOptions& options) {
        command.add_option("HOLDER", options.holder, "authority or operator")
            ->required()
            ->check(CLI::IsMember({"authority", "operator"}));
        command.add_option("--key", options.key, "file with the public key")->required();
      },
      [&shared](const SignerOptions& options) { return record_signer(shared, options); });
  CLI::App& delegation = add_group(app, "delegation", "under which document the operator signs");
  add_command<DelegationOptions>(
      delegation, "record", "record a delegation of the authority", chosen, declare_delegation,
      [&shared](const DelegationOptions& options) { return record_delegation_of(shared, options); });
  CLI::App& event = add_group(app, "event", "events that reductions may be given to");
  add_command<EventOptions>(event, "record", "record an event", chosen, declare_event,
                            [&shared](const EventOptions& options) { return record_event_of(shared, options); });
}

void add_mall_registers(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
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

}  // namespace

void add_register_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  add_scenarios(app, shared, chosen);
  add_people(app, shared, chosen);
  add_authority(app, shared, chosen);
  add_mall_registers(app, shared, chosen);
}

}  // namespace tanpuhui
