#include "rooms/activity/shell/seal_days.h"

#include <algorithm>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/cbor.h"
#include "base/fault.h"
#include "crypto/hash.h"
#include "rooms/activity/shell/arrived_days.h"
#include "rooms/activity/shell/before.h"
#include "rooms/activity/shell/day_counts.h"
#include "rooms/activity/shell/exchange.h"
#include "rooms/activity/shell/find_sealed_acts.h"

namespace tanpuhui {
namespace {

struct StoredRound {
  std::int64_t round = 0;  // 0: the day was never sealed
  bool closed = false;
  Bytes runs_digest, inputs_digest;
  Instant sealed_at;
};

Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }
bool same(ByteView a, ByteView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

/// Rows of the closed rounds of a day.
struct Posted {
  explicit Posted(std::size_t field_count) : acts(field_count) {}
  Acts acts;
  std::vector<Outcome> outcomes;
};

/// A day that is decided, on its way to the store.
struct DecidedDay {
  explicit DecidedDay(std::size_t field_count) : acts(field_count) {}
  ArrivedDay day;
  std::int64_t round = 1;
  Instant cut;
  Digest inputs{};
  Acts acts;
  SealedDay sealed;
};

// Fewer acts are not worth a thread of their own.
constexpr std::size_t acts_a_share = 8'192;

void beside_each_other(std::size_t count, const std::function<void(std::size_t)>& task) {
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < count; ++i) others.push_back(std::async(std::launch::async, task, i));
  task(0);
  for (std::future<void>& other : others) other.get();
}

/// Decides day after day, reading; a second thread writes what was decided: small days together, a large one alone.
class SealRun {
 public:
  SealRun(Database& writer, const SealOptions& options)
      : writer_(writer),
        reader_(Database::open_reader(writer.location())),
        options_(options),
        kept_(options.methodology->kept_columns),
        inputs_(options.methodology->sealed_columns()) {}

  SealReport run() {
    const std::vector<ArrivedDay> days = list_arrived_days(reader_, options_.scenario, options_.until);
    group_ = find_exchange(reader_, options_.scenario);
    withdrawals_ = load_withdrawals(reader_, options_.scenario, options_.now);
    std::int64_t done = 0;
    for (const ArrivedDay& day : days) {
      visit(day);
      tell(++done - std::ssize(decided_) - std::ssize(saved_), days.size());
    }
    save_all();
    tell(done, days.size());
    return std::move(report_);
  }

 private:
  void tell(std::int64_t done, std::size_t days) const {
    if (options_.progress) options_.progress(done, static_cast<std::int64_t>(days));
  }
  Instant end_of(Day day) const { return start_of(day + 1, options_.zone); }

  StoredRound load_round(Day day) {
    StoredRound stored;
    auto row = reader_.statement(
        "SELECT round, batch_id, runs_digest, inputs_digest, sealed_at FROM sealed_days "
        "WHERE scenario_id = ? AND day = ? ORDER BY round DESC LIMIT 1");
    row.bind(options_.scenario.value).bind(day.number);
    if (!row.step()) return stored;
    return {row.integer(0), !row.is_null(1), to_bytes(row.blob(2)), to_bytes(row.blob(3)), Instant{row.integer(4)}};
  }

  void visit(const ArrivedDay& day) {
    const StoredRound stored = load_round(day.day);
    const bool nothing_new = stored.closed && same(stored.runs_digest, day.digest);
    const bool open = stored.round > 0 && !stored.closed;
    const std::int64_t round = open ? stored.round : stored.round + 1;
    const Instant cut = open ? stored.sealed_at : options_.now;
    if (nothing_new || !seal(day, round, stored, open, cut)) ++report_.days_unchanged;
  }

  /// False when the day stands as it is.
  bool seal(const ArrivedDay& day, std::int64_t round, const StoredRound& stored, bool open, Instant cut) {
    if (asks_days_before(*options_.methodology)) save_all();
    const auto tail = tail_before(day.day);
    const auto withdrawals = withdrawals_of(withdrawals_, day.day, cut, options_.zone);
    const auto after = load_posted_after(day.day);
    std::vector<std::int64_t> heard;
    if (group_) heard = find_heard(reader_, options_.scenario, day.day);
    const auto before = load_before(reader_, *options_.methodology, {options_.scenario, day.day, round});
    const Digest inputs = inputs_digest(day, round, {tail, withdrawals, after, before, heard});
    if (open && same(stored.inputs_digest, inputs)) return false;

    SealFacts facts;
    facts.day = day.day;
    facts.next_day = end_of(day.day);
    facts.tail = tail;
    facts.withdrawals = withdrawals;
    facts.posted_after = after;
    facts.before = before.persons;
    facts.references = before.references();
    Posted posted(kept_);
    if (round > 1) load_posted(day.day, round, posted);
    facts.posted = round > 1 ? &posted.acts : nullptr;
    facts.posted_outcomes = posted.outcomes;
    auto owned = std::make_unique<DecidedDay>(kept_);
    DecidedDay& decided = *owned;
    for (std::int64_t run : day.run_ids) load_run(run, day.day, decided.acts);
    std::vector<CreditedElsewhere> elsewhere;
    if (!heard.empty()) elsewhere = find_credited_elsewhere(reader_, *group_, heard, decided.acts);
    facts.elsewhere = elsewhere;
    const std::size_t shares = std::clamp<std::size_t>(decided.acts.size() / acts_a_share, 1, options_.threads);
    SealedDay& sealed = decided.sealed;
    sealed = seal_day(decided.acts, facts, *options_.methodology, shares, beside_each_other);
    // Copies are counted in the round that met them.
    sealed.copies = std::max<std::int64_t>(0, sealed.copies - copies_before(day.day, round));
    if (round > 1 && sealed.rows.empty() && !open) return note_copies(day), false;
    decided.day = day;
    decided.round = round;
    decided.cut = cut;
    decided.inputs = inputs;
    waiting_acts_ += decided.acts.size();
    decided_.push_back(std::move(owned));
    if (waiting_acts_ >= options_.acts_a_commit) begin_saving();
    return true;
  }

  // A day that is not saved yet lies after all that are, of those that are before this one.
  std::vector<OpenEnd> tail_before(Day day) {
    const auto saved = find_tail_before(reader_, options_.scenario, day);
    const DecidedDay* last = !decided_.empty() ? decided_.back().get()
                             : !saved_.empty() ? saved_.back().get()
                                               : nullptr;
    const bool is_last = last && (!saved || saved->day <= last->day.day);
    if (!is_last && !saved) return {};
    return decode_tail(is_last ? encode_tail(last->sealed.tail) : saved->ends, start_of(day, options_.zone));
  }

  void begin_saving() {
    finish_saving();
    saved_ = std::exchange(decided_, {});
    waiting_acts_ = 0;
    const auto how = options_.threads > 1 ? std::launch::async : std::launch::deferred;
    saving_ = std::async(how, [this] {
      Transaction transaction(writer_);
      for (const auto& day : saved_) save(*day);
      transaction.commit();
    });
  }

  void finish_saving() {
    if (!saving_.valid()) return;
    saving_.get();
    for (const auto& day : saved_) report(day->sealed);
    saved_.clear();
  }

  void save_all() {
    if (!decided_.empty()) begin_saving();
    finish_saving();
  }

  // The new runs held nothing but copies: the last round has seen them too.
  void note_copies(const ArrivedDay& day) {
    save_all();
    writer_
        .statement(
            "UPDATE sealed_days SET runs_digest = ? WHERE scenario_id = ? AND day = ? AND round = (SELECT max(round) "
            "FROM sealed_days WHERE scenario_id = ? AND day = ?)")
        .bind(ByteView(day.digest))
        .bind(options_.scenario.value)
        .bind(day.day.number)
        .bind(options_.scenario.value)
        .bind(day.day.number)
        .run();
  }

  std::vector<PostedInterval> load_posted_after(Day day) {
    std::vector<PostedInterval> posted;
    for (const SealedRound& round : list_rounds(reader_, options_.scenario, day + 1, day + 1))
      if (round.batch)
        for_each_act(reader_, round, [&](const SealedAct& act) {
          const Instant ended_at{act.started_at.ms + act.duration_ms};
          if (stands(act.outcome)) posted.push_back({identity_of(act), act.started_at, ended_at});
        });
    std::ranges::stable_sort(posted, {},
                             [](const PostedInterval& act) { return std::pair(act.identity, act.started_at.ms); });
    return posted;
  }

  std::int64_t identity_of(const SealedAct& act) {
    if (!options_.methodology->tells_subjects_apart()) return act.account.value;
    read_inputs(reader_, act, inputs_);
    return inputs_[options_.methodology->field_columns];
  }

  void load_posted(Day day, std::int64_t round, Posted& posted) {
    for (const SealedRound& before : list_rounds(reader_, options_.scenario, day, day))
      if (before.round < round)
        for_each_act(reader_, before, [&](const SealedAct& act) {
          read_inputs(reader_, act, inputs_);
          posted.acts.append(act, std::span(inputs_).first(kept_));
          posted.outcomes.push_back(act.outcome);
        });
  }

  std::int64_t copies_before(Day day, std::int64_t round) {
    auto rows = reader_.statement("SELECT counts FROM sealed_days WHERE scenario_id = ? AND day = ? AND round < ?");
    rows.bind(options_.scenario.value).bind(day.number).bind(round);
    std::int64_t copies = 0;
    while (rows.step()) copies += read_day_counts(rows.text(0))["duplicate"];
    return copies;
  }

  void load_run(std::int64_t run_id, Day day, Acts& acts) {
    auto row = reader_.statement("SELECT rows FROM arrived_runs WHERE run_id = ?");
    row.bind(run_id);
    if (!row.step() || !read_run(row.blob(0), day, acts))
      throw Fault(fmt::format("{}: run {} cannot be read; restore the file from a backup", reader_.path(), run_id));
  }

  struct Surroundings {
    std::span<const OpenEnd> tail;
    std::span<const WithdrawnConsent> withdrawals;
    std::span<const PostedInterval> after;
    const Before& before;
    std::span<const std::int64_t> heard;
  };

  Digest inputs_digest(const ArrivedDay& day, std::int64_t round, const Surroundings& facts) {
    CborWriter out;
    out.bytes(day.digest).integer(round).bytes(options_.methodology->hash).bytes(encode_tail(facts.tail));
    for (const WithdrawnConsent& consent : facts.withdrawals)
      out.integer(consent.account.value).integer(consent.from.ms).integer(consent.until.ms);
    out.text("posted");
    for (const PostedInterval& act : facts.after)
      out.integer(act.identity).integer(act.started_at.ms).integer(act.ended_at.ms);
    out.text("before");
    append_before(out, facts.before);
    if (!facts.heard.empty()) out.text("elsewhere");
    for (const std::int64_t key : facts.heard) out.integer(key);
    auto rows = reader_.statement(
        "SELECT digest FROM sealed_days WHERE scenario_id = ? AND day = ? AND round < ? ORDER BY round");
    rows.bind(options_.scenario.value).bind(day.day.number).bind(round);
    while (rows.step()) out.bytes(rows.blob(0));
    return sha256(out.result());
  }

  void save(const DecidedDay& decided) {
    const SealedDay& sealed = decided.sealed;
    const Day day = decided.day.day;
    const SealedIdentity identity{options_.scenario_name, day, decided.round, options_.methodology->hash};
    const Digest digest = sha256(canonical_bytes(identity, sealed, decided.acts));
    const Bytes tail = encode_tail(sealed.tail);
    writer_.statement("DELETE FROM sealed_acts WHERE scenario_id = ? AND day = ? AND round = ?")
        .bind(options_.scenario.value)
        .bind(day.number)
        .bind(decided.round)
        .run();
    insert_rows(decided);
    writer_
        .statement(
            "INSERT INTO sealed_days(scenario_id, day, round, runs_digest, inputs_digest, digest, tail, counts, "
            "accepted, reduction_mg, sealed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (scenario_id, "
            "day, round) DO UPDATE SET runs_digest = excluded.runs_digest, inputs_digest = excluded.inputs_digest, "
            "digest = excluded.digest, tail = excluded.tail, counts = excluded.counts, accepted = excluded.accepted, "
            "reduction_mg = excluded.reduction_mg, sealed_at = excluded.sealed_at WHERE sealed_days.batch_id IS NULL")
        .bind(options_.scenario.value)
        .bind(day.number)
        .bind(decided.round)
        .bind(ByteView(decided.day.digest))
        .bind(ByteView(decided.inputs))
        .bind(ByteView(digest))
        .bind(tail)
        .bind(counts_json(sealed))
        .bind(sealed.counts[slot(Outcome::accepted)])
        .bind(sealed.reduction.count())
        .bind(decided.cut.ms)
        .queue(1);
  }

  void insert_rows(const DecidedDay& decided) {
    auto insert = writer_.statement(
        "INSERT INTO sealed_acts(scenario_id, day, round, account_id, n, started_at, duration_ms, record_suffix, "
        "revision, withdrawn, outcome, inputs, reduction_mg) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Bytes inputs;
    const SealedDay& sealed = decided.sealed;
    const std::size_t references = options_.methodology->references.size();
    for (std::size_t at = 0; at < sealed.rows.size(); ++at) {
      const SealedRow& row = sealed.rows[at];
      const Act act = decided.acts.at(row.index);
      inputs.clear();
      append_fields(inputs, decided.acts, row.index);
      for (std::size_t i = 0; i < references; ++i) append_number(inputs, sealed.references[at * references + i]);
      insert.bind(options_.scenario.value).bind(decided.day.day.number).bind(decided.round).bind(act.account.value);
      insert.bind(row.n).bind(act.started_at.ms).bind(act.duration_ms).bind(act.record_suffix).bind(act.revision);
      insert.bind(act.withdrawn ? 1 : 0).bind(slot(row.outcome)).bind(inputs).bind(row.reduction_mg);
      insert.add();
    }
    insert.run();
  }

  static std::string counts_json(const SealedDay& sealed) {
    std::string json = fmt::format("{{\"duplicate\":{}", sealed.copies);
    for (std::size_t i = 0; i < sealed.counts.size(); ++i)
      if (sealed.counts[i] > 0)
        json += fmt::format(",\"{}\":{}", describe_outcome(static_cast<Outcome>(i)).id, sealed.counts[i]);
    return json + "}";
  }

  void report(const SealedDay& sealed) {
    ++report_.days_sealed;
    report_.rows += static_cast<std::int64_t>(sealed.rows.size());
    report_.reduction += sealed.reduction;
    if (sealed.copies > 0) report_.counts["duplicate"] += sealed.copies;
    for (std::size_t i = 0; i < sealed.counts.size(); ++i)
      if (sealed.counts[i] > 0)
        report_.counts[std::string(describe_outcome(static_cast<Outcome>(i)).id)] += sealed.counts[i];
  }

  Database& writer_;  // while a day is being saved it belongs to that thread
  Database reader_;
  const SealOptions& options_;
  std::size_t kept_;                    // numbers that an act keeps
  std::vector<std::int64_t> inputs_;    // those and the references
  std::optional<ExchangeGroup> group_;  // of programmes that tell each other what they credited
  std::vector<WithdrawnConsent> withdrawals_;
  SealReport report_;
  std::vector<std::unique_ptr<DecidedDay>> decided_,
      saved_;  // days that wait, in their order; and before them those on their way
  std::size_t waiting_acts_ = 0;
  std::future<void> saving_;  // ends before what it saves
};

}  // namespace

SealReport seal_days(Database& writer, const SealOptions& options) {
  const Job alone(writer);
  return SealRun(writer, options).run();
}

std::map<std::string, std::int64_t> count_sealed(Database& database, ScenarioId scenario, Day from, Day until) {
  std::map<std::string, std::int64_t> counts;
  auto rows = database.statement("SELECT counts FROM sealed_days WHERE scenario_id = ? AND day BETWEEN ? AND ?");
  rows.bind(scenario.value).bind(from.number).bind(until.number);
  while (rows.step())
    for (const auto& [outcome, count] : read_day_counts(rows.text(0)))
      if (count > 0) counts[outcome] += count;
  return counts;
}

Digest sealed_digest(Database& database, ScenarioId scenario, Day from, Day until) {
  Sha256Stream hash;
  auto rows = database.statement(
      "SELECT digest FROM sealed_days WHERE scenario_id = ? AND day BETWEEN ? AND ? ORDER BY day, round");
  rows.bind(scenario.value).bind(from.number).bind(until.number);
  while (rows.step()) hash.update(rows.blob(0));
  return hash.finish();
}

}  // namespace tanpuhui
