#include "bench/bench.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <unistd.h>

#include "bench/cases.h"
#include "bench/engine.h"
#include "bench/machine.h"

namespace tanpuhui {
namespace {

struct BenchCase {
  std::string_view name;
  CaseResult (*measure)(const Ground&);
};
constexpr std::array<BenchCase, 8> all_cases = {{{"intake", measure_intake},
                                                 {"seal", measure_seal},
                                                 {"pack", measure_pack},
                                                 {"redeem", measure_redeem},
                                                 {"point_read", measure_point_read},
                                                 {"posting", measure_posting},
                                                 {"expiry", measure_expiry},
                                                 {"formula", measure_formula}}};

Facts facts_of(const Ground& ground) {
  const BenchOptions& options = ground.options();
  const Place place(ground, "facts");
  Database database = Database::open_writer(place.location());
  Facts facts = engine_facts(database);
  facts.emplace_back("scale", options.scale == Scale::small ? "small" : "full");
  facts.emplace_back("writers", std::to_string(options.writers));
  facts.emplace_back("records", options.records.empty() ? "drawn" : "a partner's files");
  return facts;
}

}  // namespace

std::vector<std::string> bench_cases() {
  std::vector<std::string> names;
  for (const BenchCase& bench_case : all_cases) names.emplace_back(bench_case.name);
  return names;
}

BenchReport run_bench(const BenchOptions& options) {
  const Ground ground(options);
  BenchReport report;
  report.machine = describe_machine(ground.file("sync"));
  report.run = facts_of(ground);
  report.judges = options.scale == Scale::full;
  for (const BenchCase& bench_case : all_cases) {
    const auto& chosen = options.cases;
    if (!chosen.empty() && std::ranges::find(chosen, bench_case.name) == chosen.end()) continue;
    ground.say(std::string(bench_case.name));
    ::sync();  // what the case before left to the disk is not measured in this one
    report.cases.push_back(bench_case.measure(ground));
  }
  return report;
}

}  // namespace tanpuhui
