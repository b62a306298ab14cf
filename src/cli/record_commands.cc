/// The way of the records: ingest, seal, and a person's acts read back.
#include <charconv>
#include <cstdio>
#include <fstream>
#include <thread>

#include <fmt/format.h>

#include "base/fault.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "cli/reports.h"
#include "rooms/activity/shell/find_acts.h"
#include "rooms/activity/shell/nats_source.h"
#include "rooms/participants/shell/find_accounts.h"

namespace tanpuhui {
namespace {

struct IngestCommand {
  std::string scenario, report, manifest;
  NatsAddress nats;
  bool until_empty = false;
  std::vector<std::string> files;
};

bool all_received(const std::vector<IngestReport>& reports) {
  for (const IngestReport& report : reports) {
    if (report.file_outcome != Outcome::received && report.file_outcome != Outcome::file_already_received) return false;
    for (const auto& [id, count] : report.counts)
      if (id != describe_outcome(Outcome::received).id && count > 0) return false;
  }
  return true;
}

// A missing file is a slip of the command line: nothing is taken in before all names are right.
void check_readable(const std::vector<std::string>& files) {
  for (const std::string& file : files)
    if (!std::ifstream(file)) throw UsageError(file + ": cannot be opened");
}

std::optional<Manifest> find_manifest(const IngestCommand& command, const Methodology& methodology) {
  if (command.manifest.empty()) return std::nullopt;
  auto manifest = read_manifest(read_file(command.manifest), command.manifest, methodology);
  if (!manifest) throw UsageError(describe(manifest.error()));
  return std::move(*manifest);
}

void check_stream_options(const IngestCommand& command) {
  if (!command.files.empty() || !command.manifest.empty())
    throw UsageError("--nats takes no FILE and no --manifest: messages come one by one");
  if (command.nats.stream.empty() || command.nats.durable.empty())
    throw UsageError("--nats: name the stream and the durable consumer with --stream and --durable");
  if (!command.report.empty() && !command.until_empty)
    throw UsageError("--report: with --nats it is written at the end; add --until-empty");
}

void add_up(IngestReport& all, const IngestReport& one) {
  all.bytes += one.bytes;
  all.lines += one.lines;
  for (const auto& [id, count] : one.counts) all.counts[id] += count;
  for (const IngestExample& example : one.examples)
    if (all.examples.size() < examples_max) all.examples.push_back(example);
}

// What is taken is acknowledged once it is committed: killed in between, the stream gives it again, and it is known.
int run_stream(const SharedOptions& shared, const IngestCommand& command) {
  check_stream_options(command);
  Desk desk(shared);
  const Scenario scenario = desk.scenario(command.scenario);
  IngestOptions options = desk.ingest_options(scenario);
  NatsSource source(command.nats);
  std::vector<IngestReport> reports(1);
  reports.front().file_name = source.stream().name;
  do {
    const std::span<const Message> messages = source.fetch(options.chunk_lines);
    if (messages.empty()) continue;
    desk.set_now(desk.read_clock(shared));
    options = desk.ingest_options(scenario);
    const IngestReport report = ingest_messages(desk.database(), source.stream(), messages, options);
    source.acknowledge();
    add_up(reports.front(), report);
    if (!command.until_empty) print_ingest({report}, desk.book());
    std::fflush(stdout);
  } while (!command.until_empty || !source.is_drained());
  print_ingest(reports, desk.book());
  if (!command.report.empty()) write_file(command.report, ingest_json(scenario.name, reports, desk.book()));
  return all_received(reports) ? exit_done : exit_some_refused;
}

int run_ingest(const SharedOptions& shared, const IngestCommand& command) {
  if (!command.nats.url.empty()) return run_stream(shared, command);
  if (command.files.empty()) throw UsageError("FILE is required, or --nats");
  if (!command.manifest.empty() && command.files.size() != 1)
    throw UsageError("--manifest: a manifest is of one file; name one FILE with it");
  check_readable(command.files);
  Desk desk(shared);
  const Scenario scenario = desk.scenario(command.scenario);
  const std::optional<Manifest> manifest = find_manifest(command, desk.methodology_of(scenario));
  std::vector<IngestReport> reports;
  for (const std::string& file : command.files) {
    ProgressBar bar(file);
    IngestOptions options = desk.ingest_options(scenario);
    options.manifest = manifest ? &*manifest : nullptr;
    options.progress = [&bar](std::int64_t done, std::int64_t total) { bar.show(done, total); };
    options.lines_progress = [&bar](std::int64_t lines) { bar.show(lines, lines); };
    reports.push_back(ingest_file(desk.database(), file, options));
  }
  print_ingest(reports, desk.book());
  if (!command.report.empty()) write_file(command.report, ingest_json(scenario.name, reports, desk.book()));
  return all_received(reports) ? exit_done : exit_some_refused;
}

struct SealCommand {
  std::string scenario, until, report;
  std::size_t threads = std::max(2U, std::thread::hardware_concurrency());
};

int run_seal(const SharedOptions& shared, const SealCommand& command) {
  Desk desk(shared);
  const Scenario scenario = desk.scenario(command.scenario);
  ProgressBar bar("seal");
  SealOptions options;
  options.scenario = scenario.id;
  options.scenario_name = scenario.name;
  options.methodology = &desk.methodology_of(scenario);
  options.zone = desk.book().zone;
  options.until = day_option("--until", command.until);
  options.now = desk.now();
  options.threads = command.threads;
  options.progress = [&bar](std::int64_t done, std::int64_t days) { bar.show(done, days); };
  const SealReport report = seal_days(desk.database(), options);
  bar.clear();
  print_seal(report, options.until);
  if (!command.report.empty()) write_file(command.report, seal_json(scenario.name, options.until, report));
  return exit_done;
}

struct ActsCommand {
  std::string account, until;
  std::size_t limit = 20;
};

std::vector<std::string> act_row(const FoundAct& act) {
  return {format_day(act.day), act.record_id, std::string(describe_outcome(act.outcome).id), kilograms(act.reduction),
          act.batch ? std::to_string(act.batch->value) : "open"};
}

int run_acts(const SharedOptions& shared, const ActsCommand& command) {
  Desk desk(shared);
  std::optional<Day> until;
  if (!command.until.empty()) until = day_option("--until", command.until);
  const AccountId account = account_option(desk.database(), command.account);
  std::vector<std::vector<std::string>> rows{{"day", "record", "outcome", "reduction", "batch"}};
  const ReadTransaction one_state(desk.database());
  for (const FoundAct& act : find_acts(desk.database(), account, command.limit, until)) rows.push_back(act_row(act));
  if (const auto state = find_account(desk.database(), account))
    fmt::print("account {}: {} points ({} behind them), {} free; honours: {} points, {}\n", account.value,
               with_thousands(state->points_available.count()), kilograms(state->backing_mg), kilograms(state->free_mg),
               with_thousands(state->honour_points.count()), kilograms(state->honour_mg));
  fmt::print("{}", table(rows));
  return exit_done;
}

}  // namespace

AccountId account_option(Database& database, const std::string& text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem == std::errc{} && end == text.data() + text.size() && find_account(database, AccountId{number}))
    return AccountId{number};
  if (const auto account = find_account_of(database, text)) return *account;
  throw UsageError("--account: there is no account `" + text +
                   "`; give its number or the programme's name for the holder");
}

void add_record_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  add_command<IngestCommand>(
      app, "ingest", "take in records: files of NDJSON or CSV, also .gz, or a stream", chosen,
      [](CLI::App& command, IngestCommand& options) {
        command.add_option("--scenario", options.scenario)->required();
        command.add_option("--report", options.report, "write counts by outcome and refused lines as JSON");
        command.add_option("--manifest", options.manifest, "what the partner says of the one FILE, as TOML");
        command.add_option("--nats", options.nats.url, "take messages of NATS JetStream: nats://HOST:PORT");
        command.add_option("--stream", options.nats.stream, "its name");
        command.add_option("--durable", options.nats.durable, "the consumer; made when there is none of this name");
        command.add_flag("--until-empty", options.until_empty, "end when every message is acknowledged");
        command.add_option("FILE", options.files);
      },
      [&shared](const IngestCommand& options) { return run_ingest(shared, options); });
  add_command<SealCommand>(
      app, "seal", "decide the days of a scenario: duplicates, overlaps, caps, formula", chosen,
      [](CLI::App& command, SealCommand& options) {
        command.add_option("--scenario", options.scenario)->required();
        command.add_option("--until", options.until, "the last day, included")->required();
        command.add_option("--report", options.report, "write counts by outcome as JSON");
        command.add_option("--threads", options.threads, "at most; the result is the same")
            ->check(CLI::Range(1, 256))
            ->capture_default_str();
      },
      [&shared](const SealCommand& options) { return run_seal(shared, options); });
  add_command<ActsCommand>(
      app, "acts", "what a person did, newest first, and the account", chosen,
      [](CLI::App& command, ActsCommand& options) {
        command.add_option("--account", options.account, "its number, or the programme's name for the holder")
            ->required();
        command.add_option("--until", options.until, "the last day to look at");
        command.add_option("--limit", options.limit, "at most so many")->capture_default_str();
      },
      [&shared](const ActsCommand& options) { return run_acts(shared, options); });
  add_command<int>(
      app, "outcomes", "what can become of a file, a record or a consent, as Markdown", chosen, [](CLI::App&, int&) {},
      [](int) {
        fmt::print("{}", outcomes_markdown());
        return int{exit_done};
      });
}

}  // namespace tanpuhui
