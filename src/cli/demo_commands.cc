/// `tanpuhui demo`: the whole path in a small city. `tanpuhui serve`: the public face.
#include <cstdio>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/demo_story.h"
#include "cli/desk.h"
#include "server/server.h"
#include "store/key_file.h"
#include "store/log.h"

namespace tanpuhui {
namespace {

int run_serve(const SharedOptions& shared, std::uint16_t port) {
  Desk desk(shared);
  desk.seal_log();
  ServerOptions options;
  options.port = port;
  options.database = shared.programme;
  options.book = &desk.book();
  options.methodologies = &desk.methodologies();
  options.log_key = desk.log_key();
  options.checkpoint = sign_head(desk.database(), options.log_key, load_key_file(log_key_path(shared)));
  options.listening = [](std::uint16_t at) {
    fmt::print("serving http://127.0.0.1:{} until you stop it (Ctrl-C)\n", at);
    std::fflush(stdout);
  };
  serve(options);
  return exit_done;
}

struct DemoOptions {
  std::string folder = "build/demo-city", store;
  bool serve = false;
  std::uint16_t port = 8080;
};

int run_demo(const SharedOptions& shared, const DemoOptions& options) {
  const SharedOptions city = tell_demo_story(shared, options.folder, options.store);
  return options.serve ? run_serve(city, options.port) : exit_done;
}

}  // namespace

void add_demo_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  add_command<DemoOptions>(
      app, "demo", "play a small city through the whole path and tell its story", chosen,
      [](CLI::App& command, DemoOptions& options) {
        command
            .add_option("--folder", options.folder, "where its files go; an earlier demonstration there is replaced")
            ->capture_default_str();
        command.add_option(
            "--store", options.store,
            "where its programme goes, e.g. postgresql://host/demo; a file in its folder when not given");
        command.add_flag("--serve", options.serve, "then serve it");
        command.add_option("--port", options.port)->capture_default_str();
      },
      [&shared](const DemoOptions& options) { return run_demo(shared, options); });
  add_command<std::uint16_t>(
      app, "serve", "serve the public page and its JSON on 127.0.0.1", chosen,
      [](CLI::App& command, std::uint16_t& port) { command.add_option("--port", port)->default_val(8080); },
      [&shared](std::uint16_t port) { return run_serve(shared, port); });
}

}  // namespace tanpuhui
