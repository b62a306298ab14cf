/// `tanpuhui demo`: the whole path in a small city. `tanpuhui serve`: the public face.
#include <cstdio>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/demo_story.h"
#include "cli/desk.h"
#include "server/case_routes.h"
#include "server/deliveries.h"
#include "server/server.h"
#include "store/key_file.h"
#include "store/log.h"

namespace tanpuhui {
namespace {

struct ServeCommand {
  std::uint16_t port = 8080;
  bool intake = false, cases = false;
  DeliveryOptions deliveries;
  std::uint64_t mebibytes_max = deliveries.bytes_max >> 20;
};

// Signatures are of the world outside: a rehearsal's moved time is not theirs.
DeliveryOptions delivery_options(const SharedOptions& shared, Desk& desk, const ServeCommand& command) {
  DeliveryOptions options = command.deliveries;
  options.writer = &desk.database();
  options.bytes_max = command.mebibytes_max << 20;
  options.clock = [&desk] { return desk.read_clock({}); };
  options.grounds_of = grounds_of_records(desk.book());
  options.ingest_options = [&desk, &shared](const Scenario& scenario) {
    IngestOptions ingest = desk.ingest_options(scenario);
    ingest.rules.now = desk.read_clock(shared);
    return ingest;
  };
  return options;
}

// `desk` is that of the inbox's thread; time is read anew for every act.
CaseOptions case_options(const SharedOptions& shared, Desk& desk, const ServeCommand& command) {
  CaseOptions options;
  options.book = &desk.book();
  const CaseOffice work = desk.case_office();
  options.calendar = &work.calendar;
  options.rooms = &work.rooms;
  options.office = [&desk, &shared] {
    desk.set_now(desk.read_clock(shared));
    return desk.office();
  };
  options.committed = [&desk] { desk.seal_log(); };
  options.now = [&desk, &shared] { return desk.read_clock(shared); };
  options.clock = [&desk] { return desk.read_clock({}); };
  options.spool = command.deliveries.spool;
  return options;
}

int run_serve(const SharedOptions& shared, const ServeCommand& command) {
  Desk desk(shared);
  desk.seal_log();
  // A file has one connection that writes. On a server steps have their own, so that none of them reopens, unseen, the
  // one that holds the turn of an intake.
  std::optional<Desk> second;
  if (command.cases && is_server(shared.programme)) second.emplace(shared);
  const DeliveryOptions deliveries = delivery_options(shared, desk, command);
  const CaseOptions cases = case_options(shared, second ? *second : desk, command);
  ServerOptions options;
  options.port = command.port;
  options.now = cases.now;
  if (command.intake) options.deliveries = &deliveries;
  if (command.cases) options.cases = &cases;
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
  ServeCommand serving;
  serving.port = options.port;
  return options.serve ? run_serve(city, serving) : exit_done;
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
  add_command<ServeCommand>(
      app, "serve", "serve the public page and its JSON on 127.0.0.1", chosen,
      [](CLI::App& command, ServeCommand& options) {
        command.add_option("--port", options.port)->capture_default_str();
        command.add_flag("--intake", options.intake, "also take in what partners deliver, signed with their keys");
        command.add_flag("--cases", options.cases, "also the cases of the procedures, for persons with a recorded key");
        command.add_option("--delivery-max", options.mebibytes_max, "largest delivery, in MiB")
            ->check(CLI::Range(1, 1'048'576))
            ->capture_default_str();
        command.add_option("--deliveries", options.deliveries.at_a_time, "how many at a time; more are told to wait")
            ->check(CLI::Range(1, 64))
            ->capture_default_str();
        command.add_option("--spool", options.deliveries.spool, "folder where a body lies until it is whole")
            ->check(CLI::ExistingDirectory)
            ->capture_default_str();
      },
      [&shared](const ServeCommand& options) { return run_serve(shared, options); });
}

}  // namespace tanpuhui
