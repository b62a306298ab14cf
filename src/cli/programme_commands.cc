/// `tanpuhui init`: a new programme. `tanpuhui key`: a key pair for whoever signs.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "store/key_file.h"

namespace tanpuhui {
namespace {

struct InitOptions {
  std::string name, rulebook, origin;
  bool rehearsal = false, distributed = false;
};

int run_init(const SharedOptions& shared, const InitOptions& options) {
  const Rulebook book = load_book(find_home(shared.home), options.rulebook);
  create_programme(shared, {options.name, options.rulebook, options.rehearsal, {}, {}, options.distributed},
                   options.origin);
  fmt::print("programme {} in {}\n  rulebook {} ({}), hash {}\n  public key of its log in {}\n", options.name,
             shown_location(shared.programme), options.rulebook, book.title_en, to_hex(book.hash),
             public_key_path(shared));
  if (options.rehearsal)
    fmt::print("  a rehearsal: time may be moved with --as-of, and nothing in it is legally valid\n");
  return exit_done;
}

int run_key(const std::string& path) {
  const SigningKey key = create_key_file(path);
  const std::string line = to_hex(key.verify_key().bytes());
  write_file(path + ".pub", line + "\n");
  fmt::print("private key in {} (for its owner only), public key in {}.pub:\n{}\n", path, path, line);
  return exit_done;
}

}  // namespace

void add_programme_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  add_command<InitOptions>(
      app, "init", "create a programme in a new database file, or in an empty schema of a server", chosen,
      [](CLI::App& command, InitOptions& options) {
        command.add_option("--name", options.name, "its name")->required();
        command.add_option("--rulebook", options.rulebook, "a folder under rulebooks/")->required();
        command.add_option("--origin", options.origin, "name of its transparency log, e.g. a host name and path")
            ->default_val("tanpuhui.example/log");
        command.add_flag("--distributed", options.distributed, "spread it over the nodes of a Citus cluster");
        command.add_flag("--rehearsal", options.rehearsal, "moved time is possible, and nothing is legally valid");
      },
      [&shared](const InitOptions& options) { return run_init(shared, options); });
  add_command<std::string>(
      app, "key", "make a key pair for a partner, the authority or the operator", chosen,
      [](CLI::App& command, std::string& path) {
        command.add_option("FILE", path, "where the private key goes; the public one goes to FILE.pub")->required();
      },
      run_key);
}

}  // namespace tanpuhui
