/// Timed acts: what is done every day without anybody asking for it, by name and all at once; and what netting gives.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/decimal.h"
#include "cases/lapse.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "jobs/net_balances.h"
#include "jobs/project_lines.h"
#include "rooms/mall/shell/settle_provider.h"
#include "rooms/points/shell/expire.h"
#include "rooms/reduction/shell/post_batch.h"
#include "rooms/reduction/shell/reserve.h"
#include "rooms/reduction/shell/stored_batch.h"

namespace tanpuhui {
namespace {

constexpr std::string_view expire_job = "expire";

struct RunOptions {
  std::vector<std::string> names;
  std::int64_t slice = FoldOptions{}.entries_a_slice;
};

int run_post(Desk& desk, const RunOptions&) {
  int code = exit_done;
  std::int64_t batches = 0, persons = 0;
  Milligrams reduction;
  for (const BatchId batch : list_batches_to_post(desk.database())) {
    ProgressBar bar(fmt::format("post {}", batch.value));
    const auto posted =
        post_batch(desk.office(), batch, [&bar](std::int64_t done, std::int64_t lines) { bar.show(done, lines); });
    bar.clear();
    if (!posted) {
      code = print_refusal(posted.error());
      continue;
    }
    batches += 1;
    persons += posted->persons;
    reduction += posted->reduction;
  }
  fmt::print("post: {} batches, {} persons, {}\n", with_thousands(batches), with_thousands(persons),
             kilograms(reduction));
  return code;
}

int run_set_off(Desk& desk, const RunOptions&) {
  const auto report = set_off_debts(desk.office());
  if (!report) return print_refusal(report.error());
  fmt::print("set-off: {} accounts, {} points, {} to the reserve\n", with_thousands(report->accounts),
             with_thousands(report->points.count()), kilograms(report->mg));
  return exit_done;
}

int run_expire(Desk& desk, const RunOptions&) {
  ProgressBar bar("clear");
  const auto report =
      expire_points(desk.office(), [&bar](std::int64_t done, std::int64_t parts) { bar.show(done, parts); });
  bar.clear();
  if (!report) return print_refusal(report.error());
  fmt::print("cleared on {}: {} accounts, {} points, {} behind them\n", format_day(desk.office().today()),
             with_thousands(report->accounts), with_thousands(report->points.count()), kilograms(report->reductions));
  return exit_done;
}

int run_settle(Desk& desk, const RunOptions&) {
  int code = exit_done;
  std::int64_t orders = 0, done = 0;
  Milligrams released;
  const std::vector<Provider> providers = list_providers(desk.database());
  ProgressBar bar("settle");
  for (const Provider& provider : providers) {
    const auto settled = settle_fully(desk.office(), provider);
    bar.show(++done, std::ssize(providers));
    if (!settled) {
      bar.clear();
      code = print_refusal(settled.error());
      continue;
    }
    orders += settled->orders;
    released += settled->released;
  }
  bar.clear();
  fmt::print("settle: {} orders settled, {} released\n", with_thousands(orders), kilograms(released));
  return code;
}

int run_net(Desk& desk, const RunOptions& options) {
  ProgressBar bar("net");
  const FoldReport report = net_balances(
      desk.database(), {options.slice, [&bar](std::int64_t done, std::int64_t entries) { bar.show(done, entries); }});
  bar.clear();
  fmt::print("net: {} entries folded, balances as of entry {}\n", with_thousands(report.entries), report.head.value);
  return exit_done;
}

int run_lines(Desk& desk, const RunOptions& options) {
  const ClosedDays days{desk.office().today(), desk.book().zone};
  ProgressBar bar("lines");
  const FoldReport report =
      project_lines(desk.database(), days,
                    {options.slice, [&bar](std::int64_t done, std::int64_t entries) { bar.show(done, entries); }});
  bar.clear();
  fmt::print("lines: {} entries of days before {} written, up to entry {}\n", with_thousands(report.entries),
             format_day(days.today), report.head.value);
  return exit_done;
}

int run_lapse(Desk& desk, const RunOptions&) {
  const auto lapsed = take_lapses(desk.case_office());
  if (!lapsed) return print_refusal(lapsed.error());
  for (const auto& [number, step] : *lapsed)
    fmt::print("case {}: {} -> {}, {}\n", number, step.act.from, step.act.to, step.act.reason);
  fmt::print("lapse: {} cases\n", with_thousands(std::ssize(*lapsed)));
  return exit_done;
}

std::string count_of(Database& database, const char* sql, std::string_view what) {
  return fmt::format("{} {}", with_thousands(database.statement(sql).run_integer()), what);
}

std::string entries_behind(Database& database, std::string_view job) {
  auto row = database.statement(
      "SELECT count(*) FROM entries WHERE entry_id > coalesce((SELECT last_entry FROM job_heads WHERE job = ?), 0)");
  return with_thousands(row.bind(job).run_integer()) + " entries";
}

struct TimedJob {
  std::string_view name, does;
  int (*run)(Desk&, const RunOptions&);
  std::string (*waits)(Desk&);
};

// In the order in which they run: acts first, then what is derived from their entries.
constexpr TimedJob timed_jobs[] = {
    {"post", "credit the persons of batches that both have signed", run_post,
     [](Desk& desk) { return with_thousands(std::ssize(list_batches_to_post(desk.database()))) + " batches"; }},
    {"set-off", "set points that were credited against what their owners owe after a correction", run_set_off,
     [](Desk& desk) { return with_thousands(count_debtors(desk.database())) + " accounts that owe points"; }},
    {expire_job, "clear points whose term is over", run_expire,
     [](Desk& desk) {
       auto due = desk.database().statement("SELECT count(*) FROM accounts WHERE next_expiry < ?");
       return with_thousands(due.bind(desk.office().today().number).run_integer()) + " accounts";
     }},
    {"lapse", "take the steps that follow by themselves when a condition is no longer met", run_lapse,
     [](Desk& desk) {
       const auto watched = list_watched(desk.database(), desk.book(), desk.office().today());
       return with_thousands(std::ssize(watched)) + " cases to look at";
     }},
    {"settle", "release the reductions of completed orders to their providers", run_settle,
     [](Desk& desk) {
       return count_of(desk.database(), "SELECT count(*) FROM orders WHERE state = 'completed' AND settled_by IS NULL",
                       "orders");
     }},
    {net_job, "net the accounts of the system and of escrow", run_net,
     [](Desk& desk) { return entries_behind(desk.database(), net_job); }},
    {lines_job, "fill posting_lines and lot_lines with the entries of closed days", run_lines,
     [](Desk& desk) { return entries_behind(desk.database(), lines_job) + ", today's until tomorrow"; }},
};

bool is_chosen(const RunOptions& options, std::string_view name) {
  return options.names.empty() || std::ranges::find(options.names, name) != options.names.end();
}

void require_known(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (std::ranges::find(timed_jobs, name, &TimedJob::name) != std::end(timed_jobs)) continue;
    std::string known;
    for (const TimedJob& job : timed_jobs) known += fmt::format(" {}", job.name);
    throw UsageError(fmt::format("没有名为 {0} 的任务；可用的任务：{1}\nthere is no job `{0}`; the jobs are: {1}", name,
                                 known.substr(1)));
  }
}

int run_jobs(const SharedOptions& shared, const RunOptions& options) {
  require_known(options.names);
  Desk desk(shared);
  int code = exit_done;
  for (const TimedJob& job : timed_jobs) {
    if (!is_chosen(options, job.name)) continue;
    if (const int ended = job.run(desk, options); ended != exit_done)
      code = ended;
    else
      record_run(desk.database(), job.name, desk.now());
  }
  desk.seal_log();
  return code;
}

int list_jobs(const SharedOptions& shared) {
  Desk desk(shared);
  std::map<std::string, JobHead, std::less<>> heads;
  for (JobHead& head : list_job_heads(desk.database())) heads.emplace(head.job, std::move(head));
  std::vector<std::vector<std::string>> rows{{"job", "does", "folded to entry", "last run", "waits"}};
  for (const TimedJob& job : timed_jobs) {
    const auto head = heads.find(job.name);
    const JobHead known = head == heads.end() ? JobHead{} : head->second;
    rows.push_back({std::string(job.name), std::string(job.does),
                    known.last_entry == EntryId{} ? "" : std::to_string(known.last_entry.value),
                    known.ran_at == Instant{} ? "never" : format_instant(known.ran_at, desk.book().zone),
                    job.waits(desk)});
  }
  fmt::print("{}", table(rows));
  return exit_done;
}

int list_balances(const SharedOptions& shared) {
  Desk desk(shared);
  std::map<AccountId, std::string> escrows;
  for (const Provider& provider : list_providers(desk.database())) escrows[provider.escrow] = "escrow:" + provider.name;
  std::vector<std::vector<std::string>> rows{{"account", "", "points", "kg"}};
  for (const NettedBalance& held : list_netted(desk.database())) {
    const auto system = static_cast<SystemAccount>(held.account.value);
    rows.push_back({is_system(held.account) ? std::string(name_en(system)) : escrows[held.account],
                    is_system(held.account) ? std::string(name_zh(system)) : "待结算",
                    with_thousands(held.points.count()), format_fixed(held.mg.count(), 6)});
  }
  fmt::print("{}as of entry {}; {} are newer (`jobs run {}`)\n", table(rows), job_head(desk.database(), net_job).value,
             entries_behind(desk.database(), net_job), net_job);
  return exit_done;
}

}  // namespace

void add_job_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  add_command<int>(
      app, "expire", "the clearing run: points whose term is over", chosen, [](CLI::App&, int&) {},
      [&shared](int) { return run_jobs(shared, {{std::string(expire_job)}}); });
  add_command<int>(
      app, "balances", "what the accounts of the system and of escrow hold, as last netted", chosen,
      [](CLI::App&, int&) {}, [&shared](int) { return list_balances(shared); });
  CLI::App& jobs = add_group(app, "jobs", "what is done every day: run, list");
  add_command<RunOptions>(
      jobs, "run", "carry out what waits: all jobs, or those that are named", chosen,
      [](CLI::App& command, RunOptions& options) {
        command.add_option("NAME", options.names, "see `jobs list`");
        command.add_option("--slice", options.slice, "entries that net and lines fold in a commit")
            ->check(CLI::Range(1, 1'000'000))
            ->capture_default_str();
      },
      [&shared](const RunOptions& options) { return run_jobs(shared, options); });
  add_command<int>(
      jobs, "list", "the jobs: how far each has come, when it ran, what waits", chosen, [](CLI::App&, int&) {},
      [&shared](int) { return list_jobs(shared); });
}

}  // namespace tanpuhui
