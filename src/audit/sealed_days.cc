#include "audit/sealed_days.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "crypto/hash.h"
#include "rooms/activity/seal.h"
#include "rooms/activity/shell/day_counts.h"
#include "rooms/activity/shell/find_sealed_acts.h"
#include "rooms/reduction/shell/stored_batch.h"

namespace tanpuhui {
namespace {

const std::string acts_invariant = "L12 sealed acts compute again";
const std::string days_invariant = "L12 sealed days add up";
const std::string lines_invariant = "L7 batch lines are the sums of their acts";
const std::string once_invariant = "L8 a record is credited once";

/// The row of a round.
struct Round {
  SealedRound place;
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
  round.place = {ScenarioId{round.scenario}, round.day, round.number, round.batch, row.integer(11)};
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
    try {
      load();
      loaded_ = true;
    } catch (const DamagedActs& damage) {
      return report(days_invariant, damage.what());
    }
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

  /// What account_days must say of the round, as a sum that has no order; none when its acts could not be read.
  std::optional<std::uint64_t> days_mark() const {
    if (!loaded_) return std::nullopt;
    std::uint64_t sum = 0;
    for (const SealedRow& row : sealed_.rows)
      if (row.n == 0 && round_.place.segments > 0) sum += mark_of(account_of(row), round_.place);
    return sum;
  }
  static std::uint64_t mark_of(AccountId account, const SealedRound& at) {
    const auto number = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
    std::uint64_t mark = mix_bits(number(account.value));
    mark = mix_bits(mark ^ number(at.scenario.value));
    return mix_bits(mix_bits(mark ^ number(at.day.number)) ^ number(at.round));
  }

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
    for_each_act(database_, round_.place, [&](const SealedAct& act) {
      const bool readable = read_fields(act.inputs, inputs);
      if (!readable) std::ranges::fill(inputs, 0);
      acts_.append(act, std::span(inputs).first(acts_.field_count()));
      sealed_.references.insert(sealed_.references.end(),
                                inputs.begin() + static_cast<std::ptrdiff_t>(acts_.field_count()), inputs.end());
      sealed_.rows.push_back({static_cast<std::uint32_t>(sealed_.rows.size()), static_cast<std::uint32_t>(act.n),
                              act.outcome, act.reduction_mg});
      if (!readable) report(sealed_.rows.back(), "its inputs cannot be read");
    });
  }

  // An accepted act whose inputs the formula is not made for; it computes to nothing.
  void find_unfit() {
    unfit_.assign(sealed_.rows.size(), false);
    std::vector<std::int64_t> inputs;
    for (std::size_t at = 0; at < sealed_.rows.size(); ++at) {
      const SealedRow& row = sealed_.rows[at];
      if (row.outcome != Outcome::accepted) continue;
      read_formula_inputs(methodology_, acts_, sealed_, at, inputs);
      unfit_[row.index] = rule_->first_out_of_range(inputs).has_value();
      if (unfit_[row.index]) report(row, "its inputs are outside the ranges of the methodology");
    }
  }

  bool computes(const SealedRow& row) const { return row.outcome == Outcome::accepted && !unfit_[row.index]; }

  void compare_reductions() {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t at = 0; at < sealed_.rows.size(); ++at)
      if (computes(sealed_.rows[at])) rows.push_back(at);
    const std::vector<std::int64_t> computed = compute_reductions(methodology_, *rule_, acts_, sealed_, rows);
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
  bool loaded_ = false;
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
        "coalesce(b.methodology_hash, s.methodology_hash, x''), d.segments FROM sealed_days d "
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
    if (methodology == methodologies_.end() || !std::ranges::equal(methodology->second.hash, round.methodology_hash)) {
      days_mark_.reset();
      return findings_.report(days_invariant,
                              fmt::format("scenario {}, {}: the methodology `{}` of its registration is not at hand",
                                          round.scenario, format_day(round.day), round.methodology));
    }
    DayCheck day(database_, methodology->second, round, findings_);
    day.run();
    acts_ += day.size();
    const auto mark = day.days_mark();
    days_mark_ = mark && days_mark_ ? std::optional(*mark + *days_mark_) : std::nullopt;
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
    auto rows = database_.statement(
        "SELECT batch_id FROM (SELECT batch_id FROM batches UNION SELECT batch_id FROM batch_lines) named WHERE "
        "batch_id NOT IN (SELECT batch_id FROM batches WHERE corrects IS NOT NULL)");
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
        "SELECT DISTINCT scenario_id, day FROM sealed_days WHERE round > 1 ORDER BY scenario_id, day");
    while (rows.step()) check_rounds_of(ScenarioId{rows.integer(0)}, Day{static_cast<std::int32_t>(rows.integer(1))});
  }

  void check_rounds_of(ScenarioId scenario, Day day) {
    std::map<std::string, std::set<std::int64_t>> rounds;  // by accepted record
    for (const SealedRound& round : list_rounds(database_, scenario, day, day)) try {
        for_each_act(database_, round, [&](const SealedAct& act) {
          if (act.outcome == Outcome::accepted) rounds[std::string(act.record_suffix)].insert(round.round);
        });
      } catch (const DamagedActs&) {  // the day's own check has said so
      }
    for (const auto& [record, found] : rounds)
      if (found.size() > 1)
        findings_.report(once_invariant, fmt::format("scenario {}, {}: record {} is accepted in two rounds",
                                                     scenario.value, format_day(day), record));
  }

  std::int64_t check_strays() {
    const std::int64_t rows = number("SELECT count(*) FROM sealed_acts");
    const std::int64_t packed = number("SELECT CAST(coalesce(sum(row_count), 0) AS BIGINT) FROM act_segments");
    const std::int64_t of_days =
        number(
            "SELECT count(*) FROM sealed_days d JOIN sealed_acts a USING (scenario_id, day, round) WHERE d.segments = "
            "0") +
        number(
            "SELECT CAST(coalesce(sum(a.row_count), 0) AS BIGINT) FROM sealed_days d JOIN act_segments a USING "
            "(scenario_id, day, round) WHERE d.segments > 0");
    if (rows + packed != of_days)
      findings_.report(days_invariant,
                       fmt::format("{} acts are stored, {} belong to sealed days", rows + packed, of_days));
    check_account_days();
    return rows + packed;
  }

  std::int64_t number(std::string_view sql) { return database_.statement(sql).run_integer(); }

  // Both sides as a sum over (account, scenario, day, round): memory does not grow with history.
  void check_account_days() {
    if (!days_mark_) return;
    std::uint64_t sum = 0;
    auto rows = database_.scan("SELECT account_id, span, scenario_id, round, days FROM account_days");
    while (rows.step())
      for (int bit = 0; bit < days_a_span; ++bit)
        if ((rows.integer(4) >> bit & 1) != 0)
          sum += DayCheck::mark_of(AccountId{rows.integer(0)},
                                   {ScenarioId{rows.integer(2)}, day_of_bit(rows.integer(1), bit), rows.integer(3)});
    if (sum != *days_mark_)
      findings_.report(days_invariant, "account_days does not name the days on which persons have packed acts");
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
  std::optional<std::uint64_t> days_mark_ = 0;  // none: not every round could be read
};

}  // namespace

std::int64_t check_sealed_days(Database& database, const std::map<std::string, Methodology>& methodologies,
                               Findings& findings) {
  return SealedDaysCheck(database, methodologies, findings).run();
}

}  // namespace tanpuhui
