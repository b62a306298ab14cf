/// Between programmes: what each tells the other of the acts that it credited, so that one act is credited once.
#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "rooms/activity/shell/exchange.h"
#include "store/key_file.h"

namespace tanpuhui {
namespace {

struct ExchangeOptions {
  std::string scenario, group, secret, from, until, file, programme, id;
};

int join_group(const SharedOptions& shared, const ExchangeOptions& options) {
  Desk desk(shared);
  const auto seed = load_key_file(options.secret).seed();
  const ExchangeGroup group{options.group, Bytes(seed.begin(), seed.end())};
  const auto entry =
      join_exchange(desk.office(), desk.scenario(options.scenario).id, group, id_option(options.id, desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("{} is told and heard as {}\n", options.scenario, options.group);
  return exit_done;
}

int tell(const SharedOptions& shared, const ExchangeOptions& options) {
  Desk desk(shared);
  const std::string text = tell_credited(desk.database(), desk.scenario(options.scenario).id,
                                         day_option("--from", options.from), day_option("--until", options.until));
  write_file(options.file, text);
  fmt::print("{}: {} acts\n", options.file, with_thousands(std::ranges::count(text, '\n') - 1));
  return exit_done;
}

int hear(const SharedOptions& shared, const ExchangeOptions& options) {
  Desk desk(shared);
  const auto heard = hear_credited(desk.office(), desk.scenario(options.scenario).id, options.programme,
                                   read_file(options.file), id_option(options.id, desk.now()));
  if (!heard) return print_refusal(heard.error());
  desk.seal_log();
  fmt::print("{} acts of {}, {} known before; open days are sealed again with them by `seal`\n",
             with_thousands(heard->acts), options.programme, with_thousands(heard->known_before));
  return exit_done;
}

void declare_scenario(CLI::App& command, ExchangeOptions& options) {
  command.add_option("--scenario", options.scenario)->required();
}

void declare_join(CLI::App& command, ExchangeOptions& options) {
  declare_scenario(command, options);
  command.add_option("--group", options.group, "what scenarios that see the same acts are called among the programmes")
      ->required();
  command.add_option("--secret", options.secret, "the agreed secret: a file as `key` makes it")->required();
  command.add_option("--id", options.id, "command id, so that a repeat is known");
}

void declare_tell(CLI::App& command, ExchangeOptions& options) {
  declare_scenario(command, options);
  command.add_option("--from", options.from, "first day of the acts")->required();
  command.add_option("--until", options.until, "the last one, included")->required();
  command.add_option("--out", options.file, "the file for the other programme")->required();
}

void declare_hear(CLI::App& command, ExchangeOptions& options) {
  declare_scenario(command, options);
  command.add_option("--programme", options.programme, "who told it")->required();
  command.add_option("FILE", options.file)->required();
  command.add_option("--id", options.id, "command id, so that a repeat is known");
}

}  // namespace

void add_exchange_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& group = add_group(app, "exchange", "acts that other programmes credited, so that none is credited twice");
  add_command<ExchangeOptions>(group, "join", "tell and hear of a scenario's acts under an agreed name", chosen,
                               declare_join,
                               [&shared](const ExchangeOptions& options) { return join_group(shared, options); });
  add_command<ExchangeOptions>(group, "tell", "write what was credited, for another programme", chosen, declare_tell,
                               [&shared](const ExchangeOptions& options) { return tell(shared, options); });
  add_command<ExchangeOptions>(group, "hear", "take in what another programme credited: this one yields", chosen,
                               declare_hear,
                               [&shared](const ExchangeOptions& options) { return hear(shared, options); });
}

}  // namespace tanpuhui
