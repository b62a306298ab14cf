#include "cli/compute.h"

#include <algorithm>
#include <fstream>
#include <numeric>

#include "base/fault.h"
#include "cli/print.h"
#include "cli/values.h"
#include "crypto/hash.h"
#include "rooms/activity/intake.h"
#include "rooms/activity/shell/record_file.h"
#include "rooms/activity/subject_key.h"

namespace tanpuhui {
namespace {

constexpr std::int32_t any_lateness = 4'000'000;

IntakeRules rules_of(const Methodology& methodology, Zone zone, std::string scenario) {
  IntakeRules rules;
  rules.scenario = std::move(scenario);
  rules.methodology = &methodology;
  rules.zone = zone;
  rules.lateness_days = any_lateness;
  rules.now = start_of(day_of({9999, 12, 31}), zone);
  return rules;
}

// Of the first record: a file is of one scenario.
std::string scenario_of(const Methodology& methodology, const std::string& path, Zone zone) {
  const Intake intake(rules_of(methodology, zone, ""));
  RecordFile file(path, intake);
  RawRecord raw;
  file.next(raw);
  return std::string(raw.values[slot_scenario].text);
}

/// The acts of one day and the lines they came from.
struct DayActs {
  explicit DayActs(std::size_t fields) : acts(fields) {}
  Acts acts;
  std::vector<std::int64_t> lines;
};

class Computation {
 public:
  Computation(const Methodology& methodology, const std::string& path, Zone zone, std::span<const FrozenTable> tables)
      : methodology_(methodology),
        path_(path),
        tables_(tables),
        zone_(zone),
        intake_(rules_of(methodology, zone, scenario_of(methodology, path, zone))) {}

  ComputedFile run() {
    read();
    std::vector<OpenEnd> tail;
    for (auto& [day, taken] : days_) tail = seal(day, check(day, taken), tail);
    return std::move(out_);
  }

 private:
  void count(const std::string& id) { ++out_.counts[id]; }

  void read() {
    RecordFile file(path_, intake_);
    std::vector<std::int64_t> fields(intake_.kept_count());
    for (RawRecord raw; file.next(raw);) take(raw, file.line(), fields);
    out_.lines = file.records();
    if (file.problem() != Outcome::received)
      throw Fault(path_ + ": " + std::string(describe_outcome(file.problem()).en));
  }

  void take(const RawRecord& raw, std::int64_t line, std::vector<std::int64_t>& fields) {
    Act act;
    const Verdict verdict = intake_.read(raw, act, std::span(fields).first(intake_.field_count()));
    if (!verdict.passed()) return count(std::string(describe_outcome(verdict.outcome).id));
    const std::string subject(raw.values[slot_subject].text);
    act.account = persons_.try_emplace(subject, AccountId{1000 + std::ssize(persons_)}).first->second;
    if (methodology_.tells_subjects_apart()) fields.back() = subject_key({}, intake_.rules().scenario, subject, sha256);
    const Day day = intake_.day_of_act(act.started_at);
    DayActs& taken = days_.try_emplace(day, intake_.kept_count()).first->second;
    taken.acts.append(act, fields);
    taken.lines.push_back(line);
  }

  /// Those that pass the methodology's own checks.
  DayActs check(Day day, const DayActs& taken) {
    std::vector<std::uint32_t> all(taken.acts.size());
    std::iota(all.begin(), all.end(), 0U);
    std::vector<std::int32_t> failed;
    intake_.first_failed_checks(taken.acts, all, day, failed);
    DayActs passed(intake_.kept_count());
    std::vector<std::int64_t> fields(intake_.kept_count());
    for (const std::uint32_t index : all) {
      for (std::size_t i = 0; i < fields.size(); ++i) fields[i] = taken.acts.field(i)[index];
      if (failed[index] != no_failed_check) {
        refuse(day, taken, index, fields, failed[index]);
        continue;
      }
      passed.acts.append(taken.acts.at(index), fields);
      passed.lines.push_back(taken.lines[index]);
    }
    return passed;
  }

  void refuse(Day day, const DayActs& taken, std::uint32_t index, const std::vector<std::int64_t>& fields,
              std::int32_t check) {
    count(intake_.check_id(check));
    const Act act = taken.acts.at(index);
    ComputedRecord record{taken.lines[index], id_of(day, act), day, Outcome::check_failed, fields, 0};
    record.inputs.resize(intake_.field_count());
    for (std::size_t i = record.inputs.size(); i + 1 < methodology_.column_count(); ++i)
      record.inputs.push_back(methodology_.columns[i].min);
    record.inputs.push_back(act.duration_ms);
    out_.records.push_back(std::move(record));
  }

  static std::string id_of(Day day, const Act& act) {
    return format_compact_day(day) + "-" + std::string(act.record_suffix);
  }

  std::vector<OpenEnd> seal(Day day, const DayActs& taken, const std::vector<OpenEnd>& tail) {
    const std::vector<PersonBefore> before = persons_before(day);
    const std::vector<OwnSums> sums = sums_before(day);
    const std::vector<FrozenFigures> frozen = figures_on(day, tables_, methodology_);
    SealFacts facts;
    facts.day = day;
    facts.next_day = start_of(day + 1, zone_);
    facts.tail = tail;
    facts.before = before;
    facts.references = {sums, frozen};
    const SealedDay sealed = seal_day(taken.acts, facts, methodology_);
    if (sealed.copies > 0) out_.counts["duplicate"] += sealed.copies;
    for (std::size_t at = 0; at < sealed.rows.size(); ++at) record(day, taken, sealed, at);
    return sealed.tail;
  }

  void record(Day day, const DayActs& taken, const SealedDay& sealed, std::size_t at) {
    const SealedRow& row = sealed.rows[at];
    const Act act = taken.acts.at(row.index);
    ComputedRecord record;
    record.line = taken.lines[row.index];
    record.record_id = id_of(day, act);
    record.day = day;
    record.outcome = row.outcome;
    record.reduction_mg = row.reduction_mg;
    read_formula_inputs(methodology_, taken.acts, sealed, at, record.inputs);
    count(std::string(describe_outcome(row.outcome).id));
    out_.reduction_mg += row.reduction_mg;
    remember(day, identity_of(methodology_, taken.acts, row.index), act.account, record);
    out_.records.push_back(std::move(record));
  }

  // A record without its references still is one that later records may compare with.
  void remember(Day day, std::int64_t identity, AccountId account, const ComputedRecord& record) {
    if (!stands(record.outcome)) return;
    Own& own = history_[identity];
    own.account = account;
    OwnDay& today = own.days[day];
    today.records += record.outcome == Outcome::accepted ? 1 : 0;
    today.reduction_mg += record.reduction_mg;
    today.fields.resize(record.inputs.size());
    for (std::size_t i = 0; i < record.inputs.size(); ++i) today.fields[i] += record.inputs[i];
  }

  struct OwnDay {
    std::int64_t records = 0, reduction_mg = 0;
    std::vector<std::int64_t> fields;
  };
  struct Own {
    AccountId account;
    std::map<Day, OwnDay> days;
  };

  std::vector<PersonBefore> persons_before(Day day) const {
    std::vector<PersonBefore> all;
    const MethodologySeal& caps = methodology_.seal;
    if (caps.cap_records_person_month == 0 && caps.cap_reduction_person_month_mg == 0) return all;
    for (const auto& [identity, own] : history_) {
      PersonBefore& before = all.emplace_back();
      before.account = own.account;
      for (const auto& [earlier, sum] : own.days)
        if (civil_of(earlier).month == civil_of(day).month && civil_of(earlier).year == civil_of(day).year) {
          before.month_records += sum.records;
          before.month_reduction_mg += sum.reduction_mg;
        }
    }
    std::ranges::sort(all, {}, &PersonBefore::account);
    return all;
  }

  std::vector<OwnSums> sums_before(Day day) const {
    std::vector<OwnSums> all;
    if (methodology_.references.empty()) return all;
    for (const auto& [identity, own] : history_) {
      OwnSums& sums = all.emplace_back();
      sums.identity = identity;
      for (const MethodologyReference& reference : methodology_.references)
        sums.values.push_back(own_sum(own.days, reference, day));
    }
    return all;
  }

  std::optional<std::int64_t> own_sum(const std::map<Day, OwnDay>& days, const MethodologyReference& reference,
                                      Day day) const {
    if (reference.kind != "own_sum") return std::nullopt;
    const std::size_t column = methodology_.column_of(reference.of);
    std::int64_t total = 0;
    for (std::int64_t back = 1; back <= reference.days; ++back) {
      const auto own = days.find(day - static_cast<std::int32_t>(back));
      if (own == days.end()) return std::nullopt;
      total += own->second.fields[column];
    }
    return total < reference.min || total > reference.max ? std::nullopt : std::optional(total);
  }

  const Methodology& methodology_;
  const std::string& path_;
  std::span<const FrozenTable> tables_;
  Zone zone_;
  Intake intake_;
  std::map<std::string, AccountId> persons_;
  std::map<Day, DayActs> days_;
  std::map<std::int64_t, Own> history_;  // by identity; here every subject is a person of its own
  ComputedFile out_;
};

}  // namespace

ComputedFile compute_file(const Methodology& methodology, const std::string& path, Zone zone,
                          std::span<const FrozenTable> tables) {
  return Computation(methodology, path, zone, tables).run();
}

std::vector<FrozenTable> read_frozen_files(const std::vector<std::string>& files, const Methodology& methodology) {
  std::vector<FrozenTable> tables;
  for (const std::string& path : files) {
    if (!std::ifstream(path)) throw UsageError(path + ": cannot be opened");
    auto table = read_frozen_table(read_file(path), path, methodology);
    if (!table) throw Fault(describe(table.error()));
    tables.push_back(*std::move(table));
  }
  return tables;
}

}  // namespace tanpuhui
