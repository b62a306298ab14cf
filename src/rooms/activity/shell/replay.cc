#include "rooms/activity/shell/replay.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "base/check.h"
#include "rooms/activity/intake.h"
#include "rooms/activity/seal.h"
#include "rooms/activity/shell/before.h"
#include "rooms/activity/shell/find_sealed_acts.h"
#include "rooms/activity/shell/frozen_tables.h"

namespace tanpuhui {

std::vector<ReplayRound> load_replay_rounds(Database& reader, ScenarioId scenario, Day from, Day until) {
  std::vector<ReplayRound> rounds;
  auto rows = reader.statement(
      "SELECT day, round, batch_id, sealed_at FROM sealed_days WHERE scenario_id = ? AND day BETWEEN ? AND ?");
  rows.bind(scenario.value).bind(from.number).bind(until.number);
  while (rows.step()) {
    ReplayRound round{Day{static_cast<std::int32_t>(rows.integer(0))}, rows.integer(1), {}, Instant{rows.integer(3)}};
    round.batch = rows.is_null(2) ? std::numeric_limits<std::int64_t>::max() : rows.integer(2);
    rounds.push_back(round);
  }
  std::ranges::sort(rounds, {}, [](const ReplayRound& each) { return std::tuple(each.batch, each.day, each.round); });
  return rounds;
}

StoredActs load_stored_acts(Database& reader, ScenarioId scenario, const Methodology& methodology, Day day,
                            std::int64_t round) {
  StoredActs stored(methodology.kept_columns, methodology.references.size());
  std::vector<std::int64_t> inputs(methodology.sealed_columns());
  const auto found = find_round(reader, scenario, day, round);
  TANPUHUI_REQUIRE(found.has_value(), "a round that was listed stands sealed");
  for_each_act(reader, *found, [&](const SealedAct& row) {
    read_inputs(reader, row, inputs);
    const auto values = std::span<const std::int64_t>(inputs);
    stored.acts.append(row, values.first(stored.acts.field_count()));
    const auto references = values.subspan(stored.acts.field_count());
    stored.references.insert(stored.references.end(), references.begin(), references.end());
    stored.outcomes.push_back(row.outcome);
    stored.reduction_mg.push_back(row.reduction_mg);
  });
  return stored;
}

/// All rounds under one version, one after another.
class Replay::Sealing {
 public:
  Sealing(Database& reader, const ReplayTerms& terms, Translation translation, const std::vector<ReplayRound>& rounds)
      : reader_(reader),
        terms_(terms),
        methodology_(*terms.under),
        translation_(std::move(translation)),
        tables_(list_frozen_tables(reader, terms.scenario)),
        withdrawals_(load_withdrawals(reader, terms.scenario, Instant{std::numeric_limits<std::int64_t>::max()})),
        intake_({"", terms.under, terms.zone, 0, Instant{}}) {
    for (const ReplayRound& round : rounds) ++rounds_left_[round.day], ++months_left_[first_of_month(round.day)];
    if (asks_month()) load_month_before();
    tails_[terms.from - 1] = load_tail_before(reader, terms.scenario, terms.from, terms.zone);
  }

  /// One a stored act.
  std::vector<Replayed> seal(const ReplayRound& round, const StoredActs& stored) {
    --rounds_left_[round.day];
    Taken taken = take(round.day, stored);
    if (const CompiledMethodology* rule = methodology_.in_force(round.day)) {
      const std::vector<PersonBefore> before = persons_before(round, taken);
      const std::vector<OwnSums> sums = own_sums(stored);
      const std::vector<FrozenFigures> frozen = figures_on(round.day, tables_, methodology_);
      seal(round, *rule, before, {sums, frozen}, taken);
    }
    keep(round, taken);
    return std::move(taken.decided);
  }

 private:
  /// What the version's intake would have taken of a round's acts.
  struct Taken {
    explicit Taken(std::size_t fields) : acts(fields) {}
    Acts acts;
    std::vector<std::uint32_t> sources;  // of the acts: their place among the stored ones
    std::vector<Replayed> decided;       // one a stored act
  };

  bool asks_month() const { return asks_persons_before(methodology_.seal); }

  Taken take(Day day, const StoredActs& stored) {
    Taken taken(methodology_.kept_columns);
    taken.decided.resize(stored.acts.size());
    Acts read(methodology_.kept_columns);
    std::vector<std::uint32_t> sources, all;
    std::vector<std::int64_t> from(stored.acts.field_count()), fields(methodology_.kept_columns);
    for (std::uint32_t i = 0; i < stored.acts.size(); ++i) {
      for (std::size_t field = 0; field < from.size(); ++field) from[field] = stored.acts.field(field)[i];
      Outcome outcome = translation_.read(from, fields);
      if (outcome == Outcome::received && !methodology_.in_force(day)) outcome = Outcome::no_methodology;
      taken.decided[i].outcome = outcome == Outcome::received ? Outcome::duplicate : outcome;
      if (outcome != Outcome::received) continue;
      // What another programme credited was told at the time, and stays so.
      if (stored.outcomes[i] == Outcome::credited_elsewhere) taken.decided[i].outcome = Outcome::credited_elsewhere;
      if (taken.decided[i].outcome == Outcome::credited_elsewhere || left_out(day, stored, i)) continue;
      all.push_back(static_cast<std::uint32_t>(sources.size()));
      sources.push_back(i);
      read.append(stored.acts.at(i), fields);
    }
    if (sources.empty()) return taken;
    std::vector<std::int32_t> failed;
    intake_.first_failed_checks(read, all, day, failed);
    for (const std::uint32_t i : all) {
      if (failed[i] != no_failed_check) {
        taken.decided[sources[i]] = {Outcome::check_failed, failed[i], 0};
        continue;
      }
      for (std::size_t field = 0; field < fields.size(); ++field) fields[field] = read.field(field)[i];
      taken.sources.push_back(sources[i]);
      taken.acts.append(read.at(i), fields);
    }
    return taken;
  }

  bool left_out(Day day, const StoredActs& stored, std::uint32_t at) const {
    return terms_.leaves_out && terms_.leaves_out(day, stored.acts.at(at).record_suffix, stored.outcomes[at]);
  }

  void seal(const ReplayRound& round, const CompiledMethodology& rule, const std::vector<PersonBefore>& before,
            const ReferenceFacts& references, Taken& taken) {
    // Those that counted when the round was first sealed.
    const auto withdrawals = withdrawals_of(withdrawals_, round.day, round.sealed_at, terms_.zone);
    const auto tail = tail_of(round.day);
    const auto after = posted_after(round);
    Acts posted(methodology_.kept_columns);
    std::vector<Outcome> posted_outcomes;
    load_kept(round.day, posted, posted_outcomes);
    SealFacts facts;
    facts.day = round.day;
    facts.next_day = start_of(round.day + 1, terms_.zone);
    facts.tail = tail;
    facts.posted = posted.size() > 0 ? &posted : nullptr;
    facts.posted_outcomes = posted_outcomes;
    facts.posted_after = after;
    facts.withdrawals = withdrawals;
    facts.before = before;
    facts.references = references;
    const SealedDay sealed = seal_day(taken.acts, facts, methodology_);
    for (std::size_t at = 0; at < sealed.rows.size(); ++at) {
      const SealedRow& row = sealed.rows[at];
      Replayed& decided = taken.decided[taken.sources[row.index]];
      decided = {row.outcome, no_failed_check, row.reduction_mg};
      if (row.outcome == Outcome::check_failed) decided.check = failed_check(rule, taken.acts, sealed, at);
    }
    tails_[round.day] = sealed.tail;
  }

  std::int32_t failed_check(const CompiledMethodology& rule, const Acts& acts, const SealedDay& sealed,
                            std::size_t at) const {
    std::vector<std::int64_t> inputs;
    read_formula_inputs(methodology_, acts, sealed, at, inputs);
    const auto failed = rule.first_failed_check(inputs, CheckStage::seal);
    return failed ? static_cast<std::int32_t>(*failed) : no_failed_check;
  }

  std::vector<OpenEnd> tail_of(Day day) const {
    const auto next = tails_.lower_bound(day);
    return next == tails_.begin() ? std::vector<OpenEnd>{} : std::prev(next)->second;
  }

  // Days of the month before the first that is tried: as they stand.
  void load_month_before() {
    auto& month = months_[first_of_month(terms_.from)];
    for (const SealedRound& round : list_rounds(reader_, terms_.scenario, first_of_month(terms_.from), terms_.from - 1))
      for_each_act(reader_, round, [&](const SealedAct& act) {
        if (act.outcome == Outcome::accepted) add_to(month[act.account.value], round.day, act.reduction_mg);
      });
  }

  std::vector<PersonBefore> persons_before(const ReplayRound& round, const Taken& taken) const {
    std::vector<PersonBefore> before;
    if (!asks_month()) return before;
    for (std::size_t i = 0; i < taken.acts.size(); ++i) {
      const AccountId account{taken.acts.account[i]};
      if (!before.empty() && before.back().account == account) continue;
      before.push_back({account, 0, 0, 0});
      add_month(round.day, before.back());
    }
    return before;
  }

  void add_month(Day day, PersonBefore& person) const {
    const auto month = months_.find(first_of_month(day));
    if (month == months_.end()) return;
    const auto own = month->second.find(person.account.value);
    if (own == month->second.end()) return;
    for (const OwnDay& each : own->second) {
      if (each.day > day) continue;
      person.month_records += each.records;
      person.month_reduction_mg += each.reduction_mg;
      if (each.day == day) person.day_reduction_mg += each.reduction_mg;
    }
  }

  // Sums as they were stored. Whoever had all of them has an act that stands or failed a check; where no act of an
  // identity tells, it had them if one is not 0.
  std::vector<OwnSums> own_sums(const StoredActs& stored) const {
    struct Known {
      std::vector<std::optional<std::int64_t>> values;
      bool complete = false, missing = false;
    };
    std::map<std::int64_t, Known> known;
    for (std::size_t i = 0; !translation_.references().empty() && i < stored.acts.size(); ++i) {
      Known& own = known[identity_of(*terms_.in_force, stored.acts, i)];
      const Outcome outcome = stored.outcomes[i];
      own.values.clear();
      for (const std::size_t place : translation_.references()) {
        const std::int64_t value = stored.references[i * stored.reference_count + place];
        const bool is_sum = terms_.in_force->references[place].kind == "own_sum";
        own.values.push_back(is_sum ? std::optional(value) : std::nullopt);
        own.complete = own.complete || (is_sum && value != 0);
      }
      own.complete = own.complete || outcome == Outcome::accepted || outcome == Outcome::check_failed;
      own.missing = own.missing || outcome == Outcome::reference_missing;
    }
    std::vector<OwnSums> sums;
    for (auto& [identity, own] : known)
      if (own.complete && !own.missing) sums.push_back({identity, std::move(own.values)});
    return sums;
  }

  // A day that has further rounds to come, and the one after it, are asked for again: one outcome an act is kept.
  void keep(const ReplayRound& round, const Taken& taken) {
    if (asks_month()) add_to_month(round.day, taken);
    if (rounds_left_[round.day] > 0 || rounds_left_[round.day - 1] > 0) {
      auto& outcomes = kept_[{round.day, round.round}];
      outcomes.outcomes.assign(taken.decided.size(), not_taken);
      outcomes.is_open = round.is_open();
      for (const std::uint32_t source : taken.sources) outcomes.outcomes[source] = taken.decided[source].outcome;
    }
    for (const Day day : {round.day, round.day + 1})
      if (rounds_left_[day] <= 0 && rounds_left_[day - 1] <= 0)
        std::erase_if(kept_, [&](auto& each) { return each.first.first == day; });
    if (--months_left_[first_of_month(round.day)] == 0) months_.erase(first_of_month(round.day));
  }

  void add_to_month(Day day, const Taken& taken) {
    auto& month = months_[first_of_month(day)];
    for (std::size_t i = 0; i < taken.acts.size(); ++i) {
      const Replayed& decided = taken.decided[taken.sources[i]];
      if (decided.outcome != Outcome::accepted) continue;
      add_to(month[taken.acts.account[i]], day, decided.reduction_mg);
    }
  }

  struct OwnDay {
    Day day;
    std::int64_t records = 0, reduction_mg = 0;
  };
  static void add_to(std::vector<OwnDay>& own, Day day, std::int64_t reduction_mg) {
    if (own.empty() || own.back().day != day) own.push_back({day, 0, 0});
    ++own.back().records;
    own.back().reduction_mg += reduction_mg;
  }

  /// Appends what earlier rounds of the day hold.
  void load_kept(Day day, Acts& acts, std::vector<Outcome>& outcomes, bool closed_only = false) {
    std::vector<std::int64_t> from(terms_.in_force->kept_columns), fields(methodology_.kept_columns);
    for (const auto& [key, kept] : kept_) {
      if (key.first != day || (closed_only && kept.is_open)) continue;
      const StoredActs stored = load_stored_acts(reader_, terms_.scenario, *terms_.in_force, day, key.second);
      for (std::size_t i = 0; i < stored.acts.size(); ++i) {
        if (kept.outcomes[i] == not_taken) continue;
        for (std::size_t field = 0; field < from.size(); ++field) from[field] = stored.acts.field(field)[i];
        translation_.read(from, fields);
        acts.append(stored.acts.at(i), fields);
        outcomes.push_back(kept.outcomes[i]);
      }
    }
  }

  std::vector<PostedInterval> posted_after(const ReplayRound& round) {
    std::vector<PostedInterval> after;
    Acts acts(methodology_.kept_columns);
    std::vector<Outcome> outcomes;
    load_kept(round.day + 1, acts, outcomes, true);
    for (std::size_t i = 0; i < acts.size(); ++i) {
      const Act act = acts.at(i);
      if (stands(outcomes[i]))
        after.push_back(
            {identity_of(methodology_, acts, i), act.started_at, Instant{act.started_at.ms + act.duration_ms}});
    }
    std::ranges::stable_sort(after, {}, &PostedInterval::identity);
    return after;
  }

  static constexpr Outcome not_taken{0};
  struct Kept {
    std::vector<Outcome> outcomes;
    bool is_open = false;
  };

  Database& reader_;
  const ReplayTerms terms_;
  const Methodology& methodology_;
  Translation translation_;
  std::vector<FrozenTable> tables_;
  std::vector<WithdrawnConsent> withdrawals_;
  Intake intake_;
  std::map<Day, std::int64_t> rounds_left_, months_left_;
  std::map<Day, std::vector<OpenEnd>> tails_;
  std::map<Day, std::unordered_map<std::int64_t, std::vector<OwnDay>>> months_;  // by its first day
  std::map<std::pair<Day, std::int64_t>, Kept> kept_;                            // by day and round
};

Replay::Replay(Database& reader, const ReplayTerms& terms, Translation translation,
               const std::vector<ReplayRound>& rounds)
    : sealing_(std::make_unique<Sealing>(reader, terms, std::move(translation), rounds)) {}
Replay::~Replay() = default;

std::vector<Replayed> Replay::seal(const ReplayRound& round, const StoredActs& stored) {
  return sealing_->seal(round, stored);
}

}  // namespace tanpuhui
