#include "rooms/activity/seal.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

#include "base/check.h"
#include "rooms/activity/resolve_ids.h"

namespace tanpuhui {
namespace {

using Indices = std::vector<std::uint32_t>;

void sort_rows(const Acts& acts, std::vector<SealedRow>& rows) {
  std::sort(rows.begin(), rows.end(),
            [&acts](const SealedRow& a, const SealedRow& b) { return acts.content_less(a.index, b.index); });
  for (std::size_t i = 1; i < rows.size(); ++i)
    rows[i].n = acts.account[rows[i].index] == acts.account[rows[i - 1].index] ? rows[i - 1].n + 1 : 0;
}

std::int64_t owner(const OpenEnd& open) { return open.identity; }
std::int64_t owner(const PostedInterval& act) { return act.identity; }
std::int64_t owner(const WithdrawnConsent& consent) { return consent.account.value; }
std::int64_t owner(const CreditedElsewhere& act) { return act.account.value; }
std::int64_t owner(const PersonBefore& person) { return person.account.value; }

/// The part of a list sorted by owner that is one owner's; owners are asked for in rising order.
template <class T>
class ByOwner {
 public:
  explicit ByOwner(std::span<const T> all) : all_(all) {}
  std::span<const T> of(std::int64_t wanted) {
    while (at_ < all_.size() && owner(all_[at_]) < wanted) ++at_;
    const std::size_t first = at_;
    while (at_ < all_.size() && owner(all_[at_]) == wanted) ++at_;
    return all_.subspan(first, at_ - first);
  }

 private:
  std::span<const T> all_;
  std::size_t at_ = 0;
};

/// Accepted acts of the day's closed rounds: by identity and start, and how many each account has.
struct PostedToday {
  std::vector<PostedInterval> acts;
  std::map<std::int64_t, std::int64_t> accepted;
};

PostedToday posted_today(const SealFacts& facts, const Methodology& methodology) {
  PostedToday today;
  for (std::size_t i = 0; facts.posted && i < facts.posted->size(); ++i) {
    if (!stands(facts.posted_outcomes[i])) continue;
    const Act act = facts.posted->at(i);
    today.acts.push_back(
        {identity_of(methodology, *facts.posted, i), act.started_at, Instant{act.started_at.ms + act.duration_ms}});
    ++today.accepted[act.account.value];
  }
  std::sort(today.acts.begin(), today.acts.end(), [](const auto& a, const auto& b) {
    return a.identity != b.identity ? a.identity < b.identity : a.started_at < b.started_at;
  });
  return today;
}

/// Tells whether an act meets an accepted one of the same identity. Identities come in rising order, acts of one in
/// order of start.
class Overlaps {
 public:
  Overlaps(const SealFacts& facts, const PostedToday& today)
      : tail_(facts.tail), today_(today.acts), after_(facts.posted_after) {}

  void begin(std::int64_t identity) {
    last_end_ms_ = std::numeric_limits<std::int64_t>::min();
    for (const OpenEnd& open : tail_.of(identity)) last_end_ms_ = std::max(last_end_ms_, open.ended_at.ms);
    own_today_ = today_.of(identity);
    own_after_ = after_.of(identity);
  }
  bool meets(std::int64_t start, std::int64_t end) const {
    return start < last_end_ms_ || meets(own_today_, start, end) || meets(own_after_, start, end);
  }
  void accept(std::int64_t end) { last_end_ms_ = std::max(last_end_ms_, end); }

 private:
  static bool meets(std::span<const PostedInterval> posted, std::int64_t start, std::int64_t end) {
    return std::any_of(posted.begin(), posted.end(), [&](const PostedInterval& act) {
      return start < act.ended_at.ms && (act.started_at.ms < end || act.started_at.ms == start);
    });
  }

  ByOwner<OpenEnd> tail_;
  ByOwner<PostedInterval> today_, after_;
  std::int64_t last_end_ms_ = 0;
  std::span<const PostedInterval> own_today_, own_after_;
};

/// Decides, row after row, which of the acts whose ids stand are accepted.
class Sealer {
 public:
  Sealer(const Acts& acts, const SealFacts& facts, const Methodology& methodology, const CompiledMethodology& rule,
         const PostedToday& posted, SealedDay& out)
      : acts_(acts), facts_(facts), methodology_(methodology), rule_(rule), posted_(posted), out_(out) {}

  void run() {
    find_references();
    drop_withdrawn();
    drop_credited_elsewhere();
    if (std::ranges::find(rule_.stages, CheckStage::seal) != rule_.stages.end()) ask_checks();
    if (methodology_.tells_subjects_apart()) find_overlaps_of_subjects();
    find_beyond_caps();
    for (std::size_t at = 0; at < out_.rows.size(); ++at)
      if (open(at) && !complete(at)) out_.rows[at].outcome = Outcome::reference_missing;
  }

 private:
  bool open(std::size_t at) const { return out_.rows[at].outcome == Outcome::accepted; }
  bool complete(std::size_t at) const { return complete_.empty() || complete_[at] != 0; }
  std::int64_t account(std::size_t at) const { return acts_.account[out_.rows[at].index]; }
  std::int64_t start(std::size_t at) const { return acts_.started_ms[out_.rows[at].index]; }
  std::int64_t end(std::size_t at) const { return start(at) + acts_.duration_ms[out_.rows[at].index]; }
  std::int64_t identity(std::size_t at) const { return identity_of(methodology_, acts_, out_.rows[at].index); }

  void find_references() {
    const std::size_t count = methodology_.references.size();
    if (count == 0) return;
    const References references(methodology_, facts_.references);
    out_.references.resize(out_.rows.size() * count);
    complete_.resize(out_.rows.size());
    for (std::size_t at = 0; at < out_.rows.size(); ++at)
      complete_[at] =
          references.read(acts_, out_.rows[at].index, std::span(out_.references).subspan(at * count, count)) ? 1 : 0;
  }

  void drop_withdrawn() {
    if (facts_.withdrawals.empty()) return;
    ByOwner<WithdrawnConsent> withdrawals(facts_.withdrawals);
    std::span<const WithdrawnConsent> own;
    for (std::size_t at = 0; at < out_.rows.size(); ++at) {
      if (out_.rows[at].n == 0) own = withdrawals.of(account(at));
      const bool dropped = std::ranges::any_of(own, [&](const WithdrawnConsent& consent) {
        return start(at) >= consent.from.ms && start(at) < consent.until.ms;
      });
      if (open(at) && dropped) out_.rows[at].outcome = Outcome::consent_withdrawn;
    }
  }

  void drop_credited_elsewhere() {
    if (facts_.elsewhere.empty()) return;
    ByOwner<CreditedElsewhere> elsewhere(facts_.elsewhere);
    std::span<const CreditedElsewhere> own;
    for (std::size_t at = 0; at < out_.rows.size(); ++at) {
      if (out_.rows[at].n == 0) own = elsewhere.of(account(at));
      const bool told =
          std::ranges::any_of(own, [&](const CreditedElsewhere& act) { return act.started_at.ms == start(at); });
      if (open(at) && told) out_.rows[at].outcome = Outcome::credited_elsewhere;
    }
  }

  // What a record tells together with its references.
  void ask_checks() {
    std::vector<std::int64_t> inputs;
    for (std::size_t at = 0; at < out_.rows.size(); ++at) {
      if (!open(at) || !complete(at)) continue;
      read_formula_inputs(methodology_, acts_, out_, at, inputs);
      if (rule_.first_failed_check(inputs, CheckStage::seal)) out_.rows[at].outcome = Outcome::check_failed;
    }
  }

  bool refuses_overlaps() const { return methodology_.seal.overlap == "refuse"; }

  void find_overlaps_of_subjects() {
    if (!refuses_overlaps()) return;
    Indices order;
    for (std::uint32_t at = 0; at < out_.rows.size(); ++at)
      if (open(at)) order.push_back(at);
    std::ranges::sort(order, [this](std::uint32_t a, std::uint32_t b) {
      const auto &left = acts_.record_suffix[out_.rows[a].index], &right = acts_.record_suffix[out_.rows[b].index];
      return std::tuple(identity(a), start(a), left) < std::tuple(identity(b), start(b), right);
    });
    Overlaps overlaps(facts_, posted_);
    std::int64_t subject = std::numeric_limits<std::int64_t>::min();
    for (const std::uint32_t at : order) {
      if (identity(at) != subject) overlaps.begin(subject = identity(at));
      if (overlaps.meets(start(at), end(at)))
        out_.rows[at].outcome = Outcome::overlap;
      else
        overlaps.accept(end(at));
    }
  }

  // Acts beyond a cap take no time: what overlaps only them may stand. So overlaps of a person are found on the way.
  void find_beyond_caps() {
    const MethodologySeal& limits = methodology_.seal;
    const bool asks_overlaps = refuses_overlaps() && !methodology_.tells_subjects_apart();
    Overlaps overlaps(facts_, posted_);
    ByOwner<PersonBefore> before(facts_.before);
    std::int64_t of_day = 0, of_month = 0;
    for (std::size_t at = 0; at < out_.rows.size(); ++at) {
      if (out_.rows[at].n == 0) {
        if (asks_overlaps) overlaps.begin(account(at));
        const auto own = before.of(account(at));
        const auto posted = posted_.accepted.find(account(at));
        of_day = posted == posted_.accepted.end() ? 0 : posted->second;
        of_month = own.empty() ? 0 : own.front().month_records;
      }
      if (!open(at)) continue;
      Outcome& outcome = out_.rows[at].outcome;
      if (asks_overlaps && overlaps.meets(start(at), end(at)))
        outcome = Outcome::overlap;
      else if (limits.cap_records_person_day > 0 && of_day >= limits.cap_records_person_day)
        outcome = Outcome::cap_day;
      else if (limits.cap_records_person_month > 0 && of_month >= limits.cap_records_person_month)
        outcome = Outcome::cap_month;
      else
        ++of_day, ++of_month, overlaps.accept(end(at));
    }
  }

  const Acts& acts_;
  const SealFacts& facts_;
  const Methodology& methodology_;
  const CompiledMethodology& rule_;
  const PostedToday& posted_;
  SealedDay& out_;
  std::vector<std::uint8_t> complete_;  // beside the rows; empty where nothing is asked
};

void quantify(const Acts& acts, const Methodology& methodology, const CompiledMethodology& rule, SealedDay& out) {
  std::vector<std::uint32_t> accepted;
  for (std::uint32_t i = 0; i < out.rows.size(); ++i)
    if (out.rows[i].outcome == Outcome::accepted) accepted.push_back(i);
  const std::vector<std::int64_t> reductions = compute_reductions(methodology, rule, acts, out, accepted);
  for (std::size_t i = 0; i < accepted.size(); ++i) out.rows[accepted[i]].reduction_mg = reductions[i];
}

/// Cuts off what is beyond the caps of a person's day and month, in order of start.
void cap_reductions(const Acts& acts, const SealFacts& facts, const MethodologySeal& limits, SealedDay& out) {
  const std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();
  const auto left = [&](std::int64_t cap, std::int64_t used) {
    return cap == 0 ? no_limit : std::max<std::int64_t>(0, cap - used);
  };
  ByOwner<PersonBefore> before(facts.before);
  std::int64_t day_left = no_limit, month_left = no_limit;
  for (SealedRow& row : out.rows) {
    if (row.n == 0) {
      const auto own = before.of(acts.account[row.index]);
      day_left = left(limits.cap_reduction_person_day_mg, own.empty() ? 0 : own.front().day_reduction_mg);
      month_left = left(limits.cap_reduction_person_month_mg, own.empty() ? 0 : own.front().month_reduction_mg);
    }
    row.reduction_mg = std::min({row.reduction_mg, day_left, month_left});
    if (day_left != no_limit) day_left -= std::max<std::int64_t>(0, row.reduction_mg);
    if (month_left != no_limit) month_left -= std::max<std::int64_t>(0, row.reduction_mg);
  }
}

std::vector<OpenEnd> next_tail(const Acts& acts, const SealFacts& facts, const Methodology& methodology,
                               const SealedDay& sealed, std::span<const PostedInterval> posted) {
  std::map<std::int64_t, Instant> ends;
  const auto add = [&](std::int64_t identity, Instant end) {
    if (end > facts.next_day) ends[identity] = std::max(ends[identity], end);
  };
  for (const OpenEnd& open : facts.tail) add(open.identity, open.ended_at);
  for (const PostedInterval& act : posted) add(act.identity, act.ended_at);
  for (const SealedRow& row : sealed.rows) {
    if (!stands(row.outcome)) continue;
    add(identity_of(methodology, acts, row.index), Instant{acts.started_ms[row.index] + acts.duration_ms[row.index]});
  }
  std::vector<OpenEnd> tail;
  for (const auto& [identity, end] : ends) tail.push_back({identity, end});
  return tail;
}

/// Parts of about equal size, persons in rising order from part to part, each person in one of them.
std::vector<SealedDay> share_out(const Acts& acts, std::span<const SealedRow> rows, std::size_t count) {
  std::vector<SealedDay> parts(count);
  std::vector<std::int64_t> bounds;  // the last accounts of all parts but the last one
  if (count > 1) {
    constexpr std::size_t samples_a_part = 64;
    std::vector<std::int64_t> samples;
    const std::size_t step = rows.size() / (count * samples_a_part) + 1;
    for (std::size_t i = 0; i < rows.size(); i += step) samples.push_back(acts.account[rows[i].index]);
    std::ranges::sort(samples);
    for (std::size_t i = 1; i < count && !samples.empty(); ++i) bounds.push_back(samples[i * samples.size() / count]);
  }
  for (SealedDay& part : parts) part.rows.reserve(rows.size() / count + rows.size() / 8);
  for (const SealedRow& row : rows) {
    const auto bound = std::ranges::lower_bound(bounds, acts.account[row.index]);
    parts[static_cast<std::size_t>(bound - bounds.begin())].rows.push_back(row);
  }
  return parts;
}

/// Each person's acts depend on nobody else's once it is settled which ids stand.
void seal_part(const Acts& acts, const SealFacts& facts, const Methodology& methodology,
               const CompiledMethodology& rule, const PostedToday& posted, SealedDay& part) {
  sort_rows(acts, part.rows);
  Sealer(acts, facts, methodology, rule, posted, part).run();
  quantify(acts, methodology, rule, part);
  cap_reductions(acts, facts, methodology.seal, part);
  for (const SealedRow& row : part.rows) {
    ++part.counts[slot(row.outcome)];
    part.reduction += Milligrams(row.reduction_mg);
  }
}

void append(SealedDay& day, const SealedDay& part) {
  day.rows.insert(day.rows.end(), part.rows.begin(), part.rows.end());
  day.references.insert(day.references.end(), part.references.begin(), part.references.end());
  for (std::size_t i = 0; i < day.counts.size(); ++i) day.counts[i] += part.counts[i];
  day.reduction += part.reduction;
}

}  // namespace

void read_formula_inputs(const Methodology& methodology, const Acts& acts, const SealedDay& sealed, std::size_t at,
                         std::vector<std::int64_t>& inputs) {
  const std::size_t count = methodology.references.size();
  const std::uint32_t index = sealed.rows[at].index;
  const auto references = std::span(sealed.references).subspan(at * count, count);
  inputs.clear();
  for (std::size_t i = 0; i < methodology.field_columns; ++i) inputs.push_back(acts.field(i)[index]);
  inputs.insert(inputs.end(), references.begin(), references.end());
  inputs.push_back(acts.duration_ms[index]);
}

std::vector<std::int64_t> compute_reductions(const Methodology& methodology, const CompiledMethodology& rule,
                                             const Acts& acts, const SealedDay& sealed,
                                             std::span<const std::uint32_t> rows) {
  const std::size_t fields = methodology.field_columns, references = methodology.references.size();
  std::vector<std::vector<std::int64_t>> columns(methodology.column_count());
  for (auto& column : columns) column.reserve(rows.size());
  for (const std::uint32_t at : rows) {
    const std::uint32_t index = sealed.rows[at].index;
    for (std::size_t i = 0; i < fields; ++i) columns[i].push_back(acts.field(i)[index]);
    for (std::size_t i = 0; i < references; ++i) columns[fields + i].push_back(sealed.references[at * references + i]);
    columns.back().push_back(acts.duration_ms[index]);
  }
  const std::vector<std::span<const std::int64_t>> views(columns.begin(), columns.end());
  std::vector<std::int64_t> reductions(rows.size());
  rule.reductions(views, reductions);
  return reductions;
}

SealedDay seal_day(const Acts& acts, const SealFacts& facts, const Methodology& methodology, std::size_t shares,
                   const RunTasks& run) {
  const CompiledMethodology* rule = methodology.in_force(facts.day);
  TANPUHUI_REQUIRE(rule, "a day that is sealed has a methodology in force");
  SealedDay sealed;
  sealed.rows.reserve(acts.size());
  resolve_ids(acts, facts.posted, sealed);
  const PostedToday posted = posted_today(facts, methodology);
  // A subject may be many persons'.
  std::vector<SealedDay> parts = share_out(acts, sealed.rows, methodology.tells_subjects_apart() ? 1 : shares);
  run(parts.size(), [&](std::size_t i) { seal_part(acts, facts, methodology, *rule, posted, parts[i]); });
  sealed.rows.clear();
  for (const SealedDay& part : parts) append(sealed, part);
  sealed.tail = next_tail(acts, facts, methodology, sealed, posted.acts);
  return sealed;
}

void one_after_another(std::size_t count, const std::function<void(std::size_t)>& task) {
  for (std::size_t i = 0; i < count; ++i) task(i);
}

}  // namespace tanpuhui
