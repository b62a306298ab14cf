/// `tanpuhui bench`: how fast it is here, against what the engine under it can do.
#include <cstdio>

#include <fmt/format.h>

#include "bench/bench.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"

namespace tanpuhui {
namespace {

struct BenchCommand {
  std::vector<std::string> cases;
  std::string store, scale = "full", scratch, records, json;
  int writers = 1;
};

std::string goal_text(const Figure& figure) {
  if (!figure.goal) return "";
  return (figure.goal->kind == Goal::Kind::at_least ? "at least " : "at most ") + shown(figure.goal->bound);
}

void print_facts(const char* title, const Facts& facts) {
  fmt::print("{}:", title);
  for (const auto& [name, value] : facts) fmt::print(" {} {};", name, value);
  fmt::print("\n");
}

void print_case(const CaseResult& result) {
  fmt::print("\n{}: {}\n", result.name, result.title);
  std::vector<std::vector<std::string>> rows{{"figure", "rows", "median", "unit", "goal"}};
  for (const Figure& figure : result.figures)
    rows.push_back({figure.name, figure.rows > 0 ? with_thousands(figure.rows) : "", shown(figure.value()), figure.unit,
                    goal_text(figure)});
  fmt::print("{}", table(rows));
  for (const std::string& note : result.notes) fmt::print("  {}\n", note);
}

BenchOptions options_of(const BenchCommand& command) {
  BenchOptions options;
  options.cases = command.cases;
  options.store = command.store;
  options.scale = command.scale == "small" ? Scale::small : Scale::full;
  options.scratch = command.scratch;
  options.records = command.records;
  options.writers = command.writers;
  options.say = [](const std::string& what) { fmt::print(stderr, "... {}\n", what); };
  if (command.writers > 1 && command.store.empty())
    throw UsageError(
        "--writers: 一个文件只有一个写入连接\n--writers: a file has one connection that writes; name a server with "
        "--store");
  if (!command.store.empty() && !is_server(command.store))
    throw UsageError(
        "--store: 应为 postgresql://... 地址\n--store: wants postgresql://...; without it the runs keep files in "
        "--scratch");
  return options;
}

int run(const SharedOptions& shared, const BenchCommand& command) {
  BenchOptions options = options_of(command);
  const std::string home = find_home(shared.home);
  const Rulebook book = load_book(home, list_books(home).front());
  const auto methodologies = load_methodologies(home);
  options.book = &book;
  options.methodologies = &methodologies;
  const BenchReport report = run_bench(options);
  print_facts("machine", report.machine);
  print_facts("run", report.run);
  for (const CaseResult& result : report.cases) print_case(result);
  if (!command.json.empty()) write_file(command.json, report.json());
  if (!report.judges) fmt::print("\nsmall data: no goal is judged\n");
  const std::vector<std::string> missed = report.missed();
  for (const std::string& sentence : missed) fmt::print(stderr, "missed: {}\n", sentence);
  return missed.empty() ? exit_done : exit_refused;
}

}  // namespace

void add_bench_command(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  add_command<BenchCommand>(
      app, "bench", "how fast it is here, against what the engine under it can do", chosen,
      [](CLI::App& command, BenchCommand& options) {
        command.add_option("case", options.cases, "names of cases; all when none is given")
            ->check(CLI::IsMember(bench_cases()));
        command.add_option("--store", options.store,
                           "an empty schema of a server: postgresql://...; a second one is made beside it; else files");
        command.add_option("--scale", options.scale, "small: a minute of everything, no goal is judged")
            ->check(CLI::IsMember({"small", "full"}))
            ->capture_default_str();
        command.add_option("--scratch", options.scratch, "a folder on the disk to measure; what is made is removed");
        command.add_option("--records", options.records,
                           "a partner's converted files (consents.csv, records/) instead of drawn rides");
        command.add_option("--writers", options.writers, "that redeem side by side, on a server")
            ->check(CLI::Range(1, 16))
            ->capture_default_str();
        command.add_option("--json", options.json, "also write what was measured there");
      },
      [&shared](const BenchCommand& options) { return run(shared, options); });
}

}  // namespace tanpuhui
