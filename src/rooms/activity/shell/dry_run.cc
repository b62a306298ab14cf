#include "rooms/activity/shell/dry_run.h"

#include <array>
#include <unordered_set>
#include <vector>

#include "rooms/activity/shell/replay.h"

namespace tanpuhui {
namespace {

std::string name_of(Outcome outcome, const Methodology& methodology, std::int32_t check) {
  const std::string id(describe_outcome(outcome).id);
  if (outcome != Outcome::check_failed || check == no_failed_check) return id;
  return id + "." + methodology.checks[static_cast<std::size_t>(check)].code;
}

class DryRun {
 public:
  DryRun(Database& reader, const DryRunOptions& options, Translation same, Translation to_draft)
      : reader_(reader),
        options_(options),
        rounds_(load_replay_rounds(reader, options.scenario, options.from, options.until)),
        again_(reader, terms_of(options, *options.in_force), std::move(same), rounds_),
        draft_(reader, terms_of(options, *options.draft), std::move(to_draft), rounds_) {}

  DryRunReport run() {
    std::int64_t done = 0;
    for (const ReplayRound& round : rounds_) {
      visit(round);
      if (options_.progress) options_.progress(++done, std::ssize(rounds_));
    }
    std::unordered_set<std::int32_t> days;
    for (const ReplayRound& round : rounds_) days.insert(round.day.number);
    report_.days = std::ssize(days);
    report_.persons = std::ssize(persons_);
    return std::move(report_);
  }

 private:
  static ReplayTerms terms_of(const DryRunOptions& options, const Methodology& under) {
    return {options.scenario, options.in_force, &under, options.zone, options.from};
  }

  void visit(const ReplayRound& round) {
    const StoredActs stored = load_stored_acts(reader_, options_.scenario, *options_.in_force, round.day, round.round);
    const std::vector<Replayed> again = again_.seal(round, stored), after = draft_.seal(round, stored);
    for (std::size_t i = 0; i < after.size(); ++i) {
      const std::int64_t mg = stored.reduction_mg[i];
      const Outcome outcome = stored.outcomes[i];
      ++report_.acts;
      if (again[i].outcome != outcome || again[i].reduction_mg != mg) ++report_.not_derivable;
      report_.accepted_before += outcome == Outcome::accepted ? 1 : 0;
      report_.accepted_after += after[i].outcome == Outcome::accepted ? 1 : 0;
      report_.reduction_before += Milligrams(mg);
      report_.reduction_after += Milligrams(after[i].reduction_mg);
      if (after[i].outcome == outcome && after[i].reduction_mg == mg) continue;
      const std::int32_t check = again[i].outcome == outcome ? again[i].check : no_failed_check;
      DryRunChange& change = report_.changes[{name_of(outcome, *options_.in_force, check),
                                              name_of(after[i].outcome, *options_.draft, after[i].check)}];
      ++change.acts;
      change.reduction += Milligrams(after[i].reduction_mg - mg);
      persons_.insert(stored.acts.account[i]);
    }
  }

  Database& reader_;
  const DryRunOptions& options_;
  std::vector<ReplayRound> rounds_;
  Replay again_, draft_;
  std::unordered_set<std::int64_t> persons_;
  DryRunReport report_;
};

}  // namespace

Result<DryRunReport, BilingualText> dry_run(Database& reader, const DryRunOptions& options) {
  TANPUHUI_TRY(Translation same, Translation::between(*options.in_force, *options.in_force));
  TANPUHUI_TRY(Translation to_draft, Translation::between(*options.in_force, *options.draft));
  return DryRun(reader, options, std::move(same), std::move(to_draft)).run();
}

std::span<const BilingualText> dry_run_limits() {
  static const std::array limits = {
      BilingualText{
          "现行版本在接收时拒绝的记录没有保存：草案放宽的条件在此看不出",
          "records that the version in force refused at intake were never stored: what the draft would let in "
          "does not show"},
      BilingualText{"参考量取封存时的值：草案改变此前各日的接受结果时，参考量不随之改变",
                    "references are those of the seal: they do not follow what the draft changes on the days before"},
      BilingualText{"起始日之前的各日按现状计入当月上限",
                    "days before the first one count for the month's caps as they stand"},
  };
  return limits;
}

std::optional<std::pair<Day, Day>> find_sealed_days(Database& reader, ScenarioId scenario) {
  auto row = reader.statement("SELECT min(day), max(day) FROM sealed_days WHERE scenario_id = ?");
  row.bind(scenario.value);
  if (!row.step() || row.is_null(0)) return std::nullopt;
  return std::pair(Day{static_cast<std::int32_t>(row.integer(0))}, Day{static_cast<std::int32_t>(row.integer(1))});
}

}  // namespace tanpuhui
