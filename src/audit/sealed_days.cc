#include "audit/sealed_days.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "crypto/hash.h"
#include "rooms/activity/seal.h"
#include "rooms/activity/shell/day_counts.h"
#include "rooms/reduction/shell/stored_batch.h"

namespace tanpuhui {
namespace {

const std::string acts_invariant = "L12 sealed acts compute again";
const std::string days_invariant = "L12 sealed days add up";
const std::string lines_invariant = "L7 batch lines are the sums of their acts";
const std::string once_invariant = "L8 a record is credited once";

/// The row of a round.
struct Round {
  std::int64_t scenario = 0, number = 0;
  Day day;
  std::optional<BatchId> batch;
  Bytes digest;
  std::string counts;
  std::int64_t accepted = 0, reduction_mg = 0;
  std::string scenario_name, methodology;
  Bytes methodology_hash;
};

Round read_round(const Statement& row) {
  Round round;
  round.scenario = row.integer(0);
  round.day = Day{static_cast<std::int32_t>(row.integer(1))};
  round.number = row.integer(2);
  if (!row.is_null(3)) round.batch = BatchId{row.integer(3)};
  round.digest.assign(row.blob(4).begin(), row.blob(4).end());
  round.counts = row.text(5);
  round.accepted = row.integer(6);
  round.reduction_mg = row.integer(7);
  round.scenario_name = row.text(8);
  round.methodology = row.text(9);
  round.methodology_hash.assign(row.blob(10).begin(), row.blob(10).end());
  return round;
}

class DayCheck {
 public:
  DayCheck(Database& database, const Methodology& methodology, const Round& round, Findings& findings)
      : database_(database),
        methodology_(methodology),
        round_(round),
        findings_(findings),
        acts_(methodology.kept_columns),
        rule_(methodology.in_force(round.day)) {}

  void run() {
    if (!rule_) return report(days_invariant, "its methodology is not in force on that day");
    load();
    find_unfit();
    compare_reductions();
    compare_totals();
    compare_counts();
    check_once();
    const SealedIdentity identity{round_.scenario_name, round_.day, round_.number, methodology_.hash};
    if (!std::ranges::equal(sha256(canonical_bytes(identity, sealed_, acts_)), round_.digest))
      report(days_invariant, "its digest is not that of its acts");
  }

  std::int64_t size() const { return std::ssize(sealed_.rows); }

  /// Adds what the acts of each person that count come to.
  void add_to(std::map<AccountId, ActSum>& sums) const {
    const bool plain = !methodology_.bears_reductions();
    for (const SealedRow& row : sealed_.rows) {
      if (row.outcome != Outcome::accepted || (row.reduction_mg == 0 && !plain)) continue;
      ActSum& sum = sums[account_of(row)];
      sum.account = account_of(row);
      sum.reduction += Milligrams(row.reduction_mg);
      sum.records += 1;
      sum.plain_records += plain ? 1 : 0;
    }
  }

 private:
  AccountId account_of(const SealedRow& row) const { return AccountId{acts_.account[row.index]}; }

  void report(const std::string& invariant, const std::string& what) {
    findings_.report(invariant, fmt::format("scenario {}, {}, round {}: {}", round_.scenario_name,
                                            format_day(round_.day), round_.number, what));
  }

  void report(const SealedRow& row, const std::string& what) {
    report(acts_invariant, fmt::format("act {} of account {} ({}): {}", row.n, account_of(row).value,
                                       acts_.record_suffix[row.index], what));
  }

  void load() {
    std::vector<std::int64_t> inputs(methodology_.sealed_columns());
    auto rows = database_.statement(
        "SELECT account_id, n, started_at, duration_ms, record_suffix, revision, withdrawn, outcome, inputs, "
        "reduction_mg FROM sealed_acts WHERE scenario_id = ? AND day = ? AND round = ? ORDER BY account_id, n");
    rows.bind(round_.scenario).bind(round_.day.number).bind(round_.number);
    while (rows.step()) {
      const bool readable = read_fields(rows.blob(8), inputs);
      if (!readable) std::ranges::fill(inputs, 0);
      acts_.append({AccountId{rows.integer(0)}, Instant{rows.integer(2)}, rows.integer(3), rows.text(4),
                    rows.integer(5), rows.integer(6) != 0},
                   std::span(inputs).first(acts_.field_count()));
      sealed_.references.insert(sealed_.references.end(),
                                inputs.begin() + static_cast<std::ptrdiff_t>(acts_.field_count()), inputs.end());
      sealed_.rows.push_back({static_cast<std::uint32_t>(sealed_.rows.size()),
                              static_cast<std::uint32_t>(rows.integer(1)), static_cast<Outcome>(rows.integer(7)),
                              rows.integer(9)});
      if (!readable) report(sealed_.rows.back(), "its inputs cannot be read");
    }
  }

  // An accepted act whose inputs the formula is not made for; it computes to nothing.
  void find_unfit() {
    unfit_.assign(sealed_.rows.size(), false);
    for (std::size_t at = 0; at < sealed_.rows.size(); ++at) {
      const SealedRow& row = sealed_.rows[at];
      if (row.outcome != Outcome::accepted) continue;
      unfit_[row.index] = rule_->first_out_of_range(inputs_of(at)).has_value();
      if (unfit_[row.index]) report(row, "its inputs are outside the ranges of the methodology");
    }
  }

  // Fields, references, duration.
  std::vector<std::int64_t> inputs_of(std::size_t at) const {
    const std::size_t references = methodology_.references.size();
    const std::uint32_t index = sealed_.rows[at].index;
    std::vector<std::int64_t> inputs;
    for (std::size_t i = 0; i < methodology_.field_columns; ++i) inputs.push_back(acts_.field(i)[index]);
    for (std::size_t i = 0; i < references; ++i) inputs.push_back(sealed_.references[at * references + i]);
    inputs.push_back(acts_.duration_ms[index]);
    return inputs;
  }

  std::vector<std::int64_t> recompute() const {
    std::vector<std::vector<std::int64_t>> columns(methodology_.column_count());
    for (std::size_t at = 0; at < sealed_.rows.size(); ++at) {
      if (!computes(sealed_.rows[at])) continue;
      const std::vector<std::int64_t> inputs = inputs_of(at);
      for (std::size_t i = 0; i < columns.size(); ++i) columns[i].push_back(inputs[i]);
    }
    const std::vector<std::span<const std::int64_t>> views(columns.begin(), columns.end());
    std::vector<std::int64_t> computed(columns.front().size());
    rule_->reductions(views, computed);
    return computed;
  }

  bool computes(const SealedRow& row) const { return row.outcome == Outcome::accepted && !unfit_[row.index]; }

  void compare_reductions() {
    const std::vector<std::int64_t> computed = recompute();
    std::size_t next = 0;
    for (const SealedRow& row : sealed_.rows) {
      const std::int64_t expected = computes(row) ? computed[next++] : 0;
      // A cap of the person's day or month may have cut some off.
      const bool cut = caps_reductions() && row.reduction_mg >= 0 && row.reduction_mg < expected;
      if (row.reduction_mg != expected && !cut)
        report(row, fmt::format("{} mg are stored, {} computed", row.reduction_mg, expected));
    }
  }

  bool caps_reductions() const {
    return methodology_.seal.cap_reduction_person_day_mg > 0 || methodology_.seal.cap_reduction_person_month_mg > 0;
  }

  void compare_totals() {
    std::int64_t accepted = 0;
    for (const SealedRow& row : sealed_.rows) {
      sealed_.reduction += Milligrams(row.reduction_mg);
      accepted += row.outcome == Outcome::accepted ? 1 : 0;
    }
    if (accepted != round_.accepted)
      report(days_invariant, fmt::format("{} acts are accepted, the day says {}", accepted, round_.accepted));
    if (sealed_.reduction.count() != round_.reduction_mg)
      report(days_invariant,
             fmt::format("its acts save {} mg, the day says {} mg", sealed_.reduction.count(), round_.reduction_mg));
  }

  // Copies are no rows, so only the seal knows how many it met.
  void compare_counts() {
    DayCounts counted, stored = read_day_counts(round_.counts);
    for (const SealedRow& row : sealed_.rows) ++counted[outcome_id(row)];
    stored.erase("duplicate");
    if (counted != stored) report(days_invariant, "its counts of outcomes are not those of its acts");
  }

  std::string outcome_id(const SealedRow& row) {
    for (const OutcomeRow& known : outcome_table())
      if (known.outcome == row.outcome) return std::string(known.id);
    return fmt::format("unknown outcome {}", static_cast<int>(row.outcome));
  }

  void check_once() {
    std::vector<std::string_view> ids;
    for (const SealedRow& row : sealed_.rows)
      if (row.outcome == Outcome::accepted) ids.push_back(acts_.record_suffix[row.index]);
    std::ranges::sort(ids);
    for (auto twice = std::ranges::adjacent_find(ids); twice != ids.end();
         twice = std::adjacent_find(twice + 1, ids.end()))
      report(once_invariant, fmt::format("record {} is accepted twice", *twice));
  }

  Database& database_;
  const Methodology& methodology_;
  const Round& round_;
  Findings& findings_;
  Acts acts_;
  const CompiledMethodology* rule_;
  SealedDay sealed_;
  std::vector<bool> unfit_;  // by index of the act
};

/// Rounds in order of the batch that closed them.
class SealedDaysCheck {
 public:
  SealedDaysCheck(Database& database, const std::map<std::string, Methodology>& methodologies, Findings& findings)
      : database_(database), methodologies_(methodologies), findings_(findings) {}

  std::int64_t run() {
    // A round that a batch closed was computed by the methodology that the batch names.
    auto rows = database_.statement(
        "SELECT d.scenario_id, d.day, d.round, d.batch_id, d.digest, d.counts, d.accepted, d.reduction_mg, "
        "coalesce(s.name, ''), coalesce(b.methodology, s.methodology, ''), "
        "coalesce(b.methodology_hash, s.methodology_hash, x'') FROM sealed_days d "
        "LEFT JOIN scenarios s ON s.scenario_id = d.scenario_id LEFT JOIN batches b ON b.batch_id = d.batch_id "
        "ORDER BY d.batch_id NULLS FIRST, d.scenario_id, d.day, d.round");
    while (rows.step()) {
      const Round round = read_round(rows);
      if (round.batch != batch_) finish_batch();
      batch_ = round.batch;
      scenario_ = round.scenario;
      if (batch_) batches_.insert(*batch_);
      findings_.guard(days_invariant, [&] { check(round); });
    }
    finish_batch();
    check_batches_without_days();
    check_rounds_together();
    return check_strays();
  }

 private:
  void check(const Round& round) {
    const auto methodology = methodologies_.find(round.methodology);
    if (methodology == methodologies_.end() || !std::ranges::equal(methodology->second.hash, round.methodology_hash))
      return findings_.report(days_invariant,
                              fmt::format("scenario {}, {}: the methodology `{}` of its registration is not at hand",
                                          round.scenario, format_day(round.day), round.methodology));
    DayCheck day(database_, methodology->second, round, findings_);
    day.run();
    acts_ += day.size();
    if (round.batch) day.add_to(sums_);
  }

  void finish_batch() {
    if (batch_) compare_lines(*batch_);
    sums_.clear();
  }

  void compare_lines(BatchId batch) {
    for (const BatchLine& line : load_lines(database_, batch)) {
      const auto sum = sums_.extract(line.account);
      if (sum.empty()) {
        report_line(batch, line.account, "its line " + text_of(line) + ", and no act counts");
        continue;
      }
      const BatchLine expected = line_again(sum.mapped());
      if (line != expected)
        report_line(batch, line.account, "its line " + text_of(line) + "; by its acts it " + text_of(expected));
    }
    for (const auto& [account, sum] : sums_)
      report_line(batch, account, "there is no line; by its acts it " + text_of(line_again(sum)));
  }

  // From the acts alone: what earlier batches say that was carried is not asked.
  BatchLine line_again(const ActSum& sum) {
    Milligrams& carried = carried_[{scenario_, sum.account}];
    BatchLine line = line_of(sum, carried);
    carried = line.carried_out;
    if (carried == Milligrams()) carried_.erase({scenario_, sum.account});
    return line;
  }

  static std::string text_of(const BatchLine& line) {
    std::string text = fmt::format("issues {} mg for {} records", line.reduction.count(), line.records);
    if (line.plain_records > 0) text += fmt::format(", {} of them without reductions", line.plain_records);
    if (line.carried_in + line.carried_out < Milligrams())
      text += fmt::format(", {} mg carried in and {} out", line.carried_in.count(), line.carried_out.count());
    return text;
  }

  void report_line(BatchId batch, AccountId account, const std::string& what) {
    findings_.report(lines_invariant, fmt::format("batch {}, account {}: {}", batch.value, account.value, what));
  }

  void check_batches_without_days() {
    auto rows = database_.statement("SELECT DISTINCT batch_id FROM batches UNION SELECT batch_id FROM batch_lines");
    while (rows.step())
      if (!batches_.contains(BatchId{rows.integer(0)}))
        findings_.report(lines_invariant, fmt::format("batch {}: no sealed day belongs to it", rows.integer(0)));
    auto strays = database_.statement(
        "SELECT DISTINCT batch_id FROM (SELECT batch_id FROM sealed_days WHERE batch_id IS NOT NULL UNION "
        "SELECT batch_id FROM batch_lines) named EXCEPT SELECT batch_id FROM batches");
    while (strays.step())
      findings_.report(lines_invariant, fmt::format("batch {}: is in no register", strays.integer(0)));
  }

  // Within a round the day's own check has looked.
  void check_rounds_together() {
    auto rows = database_.statement(
        "SELECT scenario_id, day, record_suffix FROM sealed_acts WHERE outcome = ? AND (scenario_id, day) IN (SELECT "
        "scenario_id, day FROM sealed_days WHERE round > 1) GROUP BY 1, 2, 3 HAVING count(DISTINCT round) > 1");
    rows.bind(static_cast<std::int64_t>(Outcome::accepted));
    while (rows.step())
      findings_.report(once_invariant,
                       fmt::format("scenario {}, {}: record {} is accepted in two rounds", rows.integer(0),
                                   format_day(Day{static_cast<std::int32_t>(rows.integer(1))}), rows.text(2)));
  }

  std::int64_t check_strays() {
    const std::int64_t stored = database_.statement("SELECT count(*) FROM sealed_acts").run_integer();
    const std::int64_t of_days =
        database_.statement("SELECT count(*) FROM sealed_days d JOIN sealed_acts a USING (scenario_id, day, round)")
            .run_integer();
    if (stored != of_days)
      findings_.report(days_invariant, fmt::format("{} acts are stored, {} belong to sealed days", stored, of_days));
    return stored;
  }

  Database& database_;
  const std::map<std::string, Methodology>& methodologies_;
  Findings& findings_;
  std::optional<BatchId> batch_;
  std::int64_t scenario_ = 0;
  std::map<AccountId, ActSum> sums_;
  std::map<std::pair<std::int64_t, AccountId>, Milligrams> carried_;  // losses not made good yet, by scenario
  std::set<BatchId> batches_;
  std::int64_t acts_ = 0;
};

}  // namespace

std::int64_t check_sealed_days(Database& database, const std::map<std::string, Methodology>& methodologies,
                               Findings& findings) {
  return SealedDaysCheck(database, methodologies, findings).run();
}

}  // namespace tanpuhui
