/// The keys with which persons sign what they ask for over HTTP: recorded, revoked, listed.
#include <fmt/format.h>

#include "cases/person_keys.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"

namespace tanpuhui {
namespace {

struct KeyOptions {
  std::string person, unit, kind, key, from;
};

/// An empty day is today.
Day day_or_today(const KeyOptions& options, Desk& desk) {
  return options.from.empty() ? desk.office().today() : day_option("--from", options.from);
}

/// A file with the public key, or the key itself, as `person-key list` shows it.
PublicKeyBytes key_option(const std::string& text) {
  const auto key = digest_from_hex(text);
  return key ? *key : read_public_key(text);
}

int record_key_of(const SharedOptions& shared, const KeyOptions& options) {
  Desk desk(shared);
  const std::string usual = options.unit.empty() ? "person" : "organisation";
  const PersonKey recorded{key_option(options.key),
                           options.person,
                           options.unit,
                           options.kind.empty() ? usual : options.kind,
                           day_or_today(options, desk),
                           {}};
  if (recorded.unit.empty() != (recorded.kind == "person"))
    throw UsageError("--kind: who stands for a unit applies as organisation or public_institution, others as person");
  const auto entry = record_person_key(desk.office(), recorded, new_command_id(desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("{} signs with person:{} from {}\n", options.person, to_hex(recorded.key), format_day(recorded.from));
  return exit_done;
}

int revoke_key_of(const SharedOptions& shared, const KeyOptions& options) {
  Desk desk(shared);
  const PublicKeyBytes key = key_option(options.key);
  const Day from = day_or_today(options, desk);
  const auto entry = revoke_person_key(desk.office(), key, from, new_command_id(desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("person:{} is no good from {} on\n", to_hex(key), format_day(from));
  return exit_done;
}

int list_keys(const SharedOptions& shared) {
  Desk desk(shared);
  std::vector<std::vector<std::string>> rows{{"person", "unit", "applies as", "from", "until", "key"}};
  for (const PersonKey& recorded : list_person_keys(desk.database()))
    rows.push_back({recorded.person, recorded.unit.empty() ? "-" : recorded.unit, recorded.kind,
                    format_day(recorded.from), recorded.until ? format_day(*recorded.until) : "-",
                    to_hex(recorded.key)});
  fmt::print("{}", table(rows));
  return exit_done;
}

}  // namespace

void add_person_key_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& group = add_group(app, "person-key", "with which keys persons sign what they ask for over HTTP");
  add_command<KeyOptions>(
      group, "record", "record the public key of a person", chosen,
      [](CLI::App& command, KeyOptions& options) {
        command.add_option("PERSON", options.person, "how acts name the person")->required();
        command.add_option("--key", options.key, "file with the public key, or its 64 hexadecimal digits")->required();
        command.add_option("--unit", options.unit,
                           "for which the person applies; officers have the unit of their role");
        command
            .add_option("--kind", options.kind, "what the applicant is: organisation when there is a unit, else person")
            ->check(CLI::IsMember({"person", "organisation", "public_institution"}));
        command.add_option("--from", options.from, "first day; today when not given");
      },
      [&shared](const KeyOptions& options) { return record_key_of(shared, options); });
  add_command<KeyOptions>(
      group, "revoke", "a key is no good from a day on", chosen,
      [](CLI::App& command, KeyOptions& options) {
        command.add_option("--key", options.key, "file with the public key, or its 64 hexadecimal digits")->required();
        command.add_option("--from", options.from, "the first day without it; today when not given");
      },
      [&shared](const KeyOptions& options) { return revoke_key_of(shared, options); });
  add_command<int>(
      group, "list", "whose keys are recorded", chosen, [](CLI::App&, int&) {},
      [&shared](int) { return list_keys(shared); });
}

}  // namespace tanpuhui
