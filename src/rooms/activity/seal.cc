#include "rooms/activity/seal.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <optional>

#include "base/cbor.h"
#include "base/check.h"

namespace tanpuhui {
namespace {

using Indices = std::vector<std::uint32_t>;

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = text.size();
  for (char c : text) hash = mix_bits(hash ^ static_cast<std::uint8_t>(c));
  return hash;
}

/// Indices in an order in which equal ids stand together. The order of the ids themselves does not matter.
Indices group_by_id(const Acts& acts) {
  struct Key {
    std::uint64_t hash;
    std::uint32_t index;
  };
  std::vector<Key> keys(acts.size());
  for (std::uint32_t i = 0; i < keys.size(); ++i) keys[i] = {hash_text(acts.record_suffix[i]), i};
  std::sort(keys.begin(), keys.end(), [&acts](const Key& a, const Key& b) {
    return a.hash != b.hash ? a.hash < b.hash : acts.record_suffix[a.index] < acts.record_suffix[b.index];
  });
  Indices order(keys.size());
  std::transform(keys.begin(), keys.end(), order.begin(), [](const Key& key) { return key.index; });
  return order;
}

class IdResolver {
 public:
  IdResolver(const Acts& acts, const Acts* posted, SealedDay& out) : acts_(acts), posted_(posted), out_(out) {
    if (!posted_) return;
    for (std::uint32_t i = 0; i < posted_->size(); ++i) posted_ids_[posted_->record_suffix[i]].push_back(i);
  }

  void run() {
    const Indices order = group_by_id(acts_);
    for (std::size_t first = 0; first < order.size();) {
      std::size_t last = first + 1;
      while (last < order.size() && acts_.record_suffix[order[last]] == acts_.record_suffix[order[first]]) ++last;
      resolve(order, first, last);
      first = last;
    }
  }

 private:
  void resolve(const Indices& order, std::size_t first, std::size_t last) {
    group_.assign(order.begin() + static_cast<std::ptrdiff_t>(first),
                  order.begin() + static_cast<std::ptrdiff_t>(last));
    collapse_copies();
    const auto posted = posted_ids_.find(acts_.record_suffix[group_.front()]);
    if (posted != posted_ids_.end()) return keep_posted(posted->second);
    if (group_.size() > 1) return decide_revisions();
    add(group_.front(), acts_.withdrawn[group_.front()] ? Outcome::withdrawn : Outcome::accepted);
  }

  void collapse_copies() {
    if (group_.size() == 1) return;
    const std::size_t before = group_.size();
    std::sort(group_.begin(), group_.end(), [this](auto a, auto b) { return acts_.content_less(a, b); });
    const auto same = [this](auto a, auto b) { return acts_.same_content(a, b); };
    group_.erase(std::unique(group_.begin(), group_.end(), same), group_.end());
    out_.copies += static_cast<std::int64_t>(before - group_.size());
  }

  // The very content that was posted is no new row; all else under this id is for a correction.
  void keep_posted(const Indices& posted) {
    for (std::uint32_t index : group_) {
      const auto is_copy = [&](std::uint32_t other) { return acts_.same_content(index, *posted_, other); };
      if (std::none_of(posted.begin(), posted.end(), is_copy)) add(index, Outcome::conflict_with_posted);
    }
  }

  void decide_revisions() {
    std::int64_t highest = 0;
    for (std::uint32_t index : group_) highest = std::max(highest, acts_.revision[index]);
    std::uint32_t winner = 0, winners = 0;
    bool one_person = true;
    for (std::uint32_t index : group_) {
      if (acts_.revision[index] != highest) continue;
      if (winners++ > 0 && acts_.account[index] != acts_.account[winner]) one_person = false;
      winner = index;
    }
    const Outcome conflict = one_person ? Outcome::conflict_same_person : Outcome::conflict_other_person;
    const Outcome alone = acts_.withdrawn[winner] ? Outcome::withdrawn : Outcome::accepted;
    for (std::uint32_t index : group_) {
      const bool is_highest = acts_.revision[index] == highest;
      add(index, !is_highest ? Outcome::superseded : winners > 1 ? conflict : alone);
    }
  }

  void add(std::uint32_t index, Outcome outcome) { out_.rows.push_back({index, 0, outcome, 0}); }

  const Acts& acts_;
  const Acts* posted_;
  SealedDay& out_;
  std::map<std::string_view, Indices> posted_ids_;
  Indices group_;
};

void sort_rows(const Acts& acts, std::vector<SealedRow>& rows) {
  std::sort(rows.begin(), rows.end(),
            [&acts](const SealedRow& a, const SealedRow& b) { return acts.content_less(a.index, b.index); });
  for (std::size_t i = 1; i < rows.size(); ++i)
    rows[i].n = acts.account[rows[i].index] == acts.account[rows[i - 1].index] ? rows[i - 1].n + 1 : 0;
}

/// The part of a list sorted by account that is one account's; accounts are asked for in rising order.
template <class T>
class ByAccount {
 public:
  explicit ByAccount(std::span<const T> all) : all_(all) {}
  std::span<const T> of(AccountId account) {
    while (at_ < all_.size() && all_[at_].account < account) ++at_;
    const std::size_t first = at_;
    while (at_ < all_.size() && all_[at_].account == account) ++at_;
    return all_.subspan(first, at_ - first);
  }

 private:
  std::span<const T> all_;
  std::size_t at_ = 0;
};

/// Accepted acts of the day's closed rounds, by account and start.
std::vector<PostedInterval> posted_accepted(const SealFacts& facts) {
  std::vector<PostedInterval> accepted;
  for (std::size_t i = 0; facts.posted && i < facts.posted->size(); ++i) {
    if (!stands(facts.posted_outcomes[i])) continue;
    const Act act = facts.posted->at(i);
    accepted.push_back({act.account, act.started_at, Instant{act.started_at.ms + act.duration_ms}});
  }
  std::sort(accepted.begin(), accepted.end(), [](const auto& a, const auto& b) {
    return a.account != b.account ? a.account < b.account : a.started_at < b.started_at;
  });
  return accepted;
}

bool references_complete(const Methodology& methodology, const PersonBefore* before) {
  if (methodology.references.empty()) return true;
  return before != nullptr &&
         std::ranges::all_of(before->references, [](const auto& value) { return value.has_value(); });
}

/// Fields, references, duration: as formulas read them.
void append_formula_inputs(std::vector<std::int64_t>& inputs, const Acts& acts, std::uint32_t index,
                           const PersonBefore* before) {
  for (std::size_t i = 0; i < acts.field_count(); ++i) inputs.push_back(acts.field(i)[index]);
  if (before != nullptr)
    for (const auto& value : before->references) inputs.push_back(value.value_or(0));
  inputs.push_back(acts.duration_ms[index]);
}

/// Goes through the rows person by person and decides what is accepted.
class PersonSealer {
 public:
  PersonSealer(const Acts& acts, const SealFacts& facts, const Methodology& methodology,
               const CompiledMethodology& rule)
      : acts_(acts),
        methodology_(methodology),
        rule_(rule),
        asks_seal_(std::ranges::find(rule.stages, CheckStage::seal) != rule.stages.end()),
        posted_today_(posted_accepted(facts)),
        tail_(facts.tail),
        today_(posted_today_),
        after_(facts.posted_after),
        withdrawals_(facts.withdrawals),
        before_(facts.before) {}

  void run(std::vector<SealedRow>& rows) {
    for (std::size_t first = 0; first < rows.size();) {
      std::size_t last = first;
      const AccountId account{acts_.account[rows[first].index]};
      begin(account);
      for (; last < rows.size() && acts_.account[rows[last].index] == account.value; ++last)
        if (rows[last].outcome == Outcome::accepted) rows[last].outcome = decide(rows[last].index);
      first = last;
    }
  }

  const std::vector<PostedInterval>& posted_today() const { return posted_today_; }

 private:
  void begin(AccountId account) {
    last_end_ms_ = std::numeric_limits<std::int64_t>::min();
    for (const OpenEnd& open : tail_.of(account)) last_end_ms_ = std::max(last_end_ms_, open.ended_at.ms);
    own_today_ = today_.of(account);
    own_after_ = after_.of(account);
    own_withdrawals_ = withdrawals_.of(account);
    accepted_ = static_cast<std::int64_t>(own_today_.size());
    const auto before = before_.of(account);
    own_before_ = before.empty() ? nullptr : &before.front();
    month_records_ = own_before_ ? own_before_->month_records : 0;
  }

  Outcome decide(std::uint32_t index) {
    const std::int64_t start = acts_.started_ms[index], end = start + acts_.duration_ms[index];
    for (const WithdrawnConsent& consent : own_withdrawals_)
      if (start >= consent.from.ms && start < consent.until.ms) return Outcome::consent_withdrawn;
    const bool complete = references_complete(methodology_, own_before_);
    if (complete && fails_seal_check(index)) return Outcome::check_failed;
    const bool meets_another = start < last_end_ms_ || meets(own_today_, start, end) || meets(own_after_, start, end);
    const MethodologySeal& limits = methodology_.seal;
    if (meets_another && limits.overlap == "refuse") return Outcome::overlap;
    if (limits.cap_records_person_day > 0 && accepted_ >= limits.cap_records_person_day) return Outcome::cap_day;
    if (limits.cap_records_person_month > 0 && month_records_ >= limits.cap_records_person_month)
      return Outcome::cap_month;
    ++accepted_;
    ++month_records_;
    last_end_ms_ = std::max(last_end_ms_, end);
    return complete ? Outcome::accepted : Outcome::reference_missing;
  }

  // What the record tells together with its references.
  bool fails_seal_check(std::uint32_t index) {
    if (!asks_seal_) return false;
    inputs_.clear();
    append_formula_inputs(inputs_, acts_, index, own_before_);
    return rule_.first_failed_check(inputs_, CheckStage::seal).has_value();
  }

  static bool meets(std::span<const PostedInterval> posted, std::int64_t start, std::int64_t end) {
    return std::any_of(posted.begin(), posted.end(), [&](const PostedInterval& act) {
      return start < act.ended_at.ms && (act.started_at.ms < end || act.started_at.ms == start);
    });
  }

  const Acts& acts_;
  const Methodology& methodology_;
  const CompiledMethodology& rule_;
  bool asks_seal_;  // some check needs references
  std::vector<PostedInterval> posted_today_;
  ByAccount<OpenEnd> tail_;
  ByAccount<PostedInterval> today_, after_;
  ByAccount<WithdrawnConsent> withdrawals_;
  ByAccount<PersonBefore> before_;
  std::int64_t last_end_ms_ = 0, accepted_ = 0, month_records_ = 0;
  const PersonBefore* own_before_ = nullptr;
  std::vector<std::int64_t> inputs_;
  std::span<const PostedInterval> own_today_, own_after_;
  std::span<const WithdrawnConsent> own_withdrawals_;
};

/// The references of all rows, one after another.
void fill_references(const Acts& acts, const SealFacts& facts, const Methodology& methodology, SealedDay& out) {
  if (methodology.references.empty()) return;
  ByAccount<PersonBefore> before(facts.before);
  std::int64_t account = std::numeric_limits<std::int64_t>::min();
  std::span<const PersonBefore> own;
  for (const SealedRow& row : out.rows) {
    if (acts.account[row.index] != account) own = before.of(AccountId{account = acts.account[row.index]});
    for (std::size_t i = 0; i < methodology.references.size(); ++i)
      out.references.push_back(own.empty() ? 0 : own.front().references[i].value_or(0));
  }
}

void quantify(const Acts& acts, const CompiledMethodology& rule, std::size_t references, SealedDay& out) {
  std::vector<std::uint32_t> accepted;
  for (std::uint32_t i = 0; i < out.rows.size(); ++i)
    if (out.rows[i].outcome == Outcome::accepted) accepted.push_back(i);
  std::vector<std::vector<std::int64_t>> columns(acts.field_count() + references + 1);
  for (auto& column : columns) column.reserve(accepted.size());
  for (const std::uint32_t at : accepted) {
    const std::uint32_t index = out.rows[at].index;
    for (std::size_t i = 0; i < acts.field_count(); ++i) columns[i].push_back(acts.field(i)[index]);
    for (std::size_t i = 0; i < references; ++i)
      columns[acts.field_count() + i].push_back(out.references[at * references + i]);
    columns.back().push_back(acts.duration_ms[index]);
  }
  const std::vector<std::span<const std::int64_t>> views(columns.begin(), columns.end());
  std::vector<std::int64_t> reductions(accepted.size());
  rule.reductions(views, reductions);
  for (std::size_t i = 0; i < accepted.size(); ++i) out.rows[accepted[i]].reduction_mg = reductions[i];
}

/// Cuts off what is beyond the caps of a person's day and month, in order of start.
void cap_reductions(const Acts& acts, const SealFacts& facts, const MethodologySeal& limits, SealedDay& out) {
  const std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();
  const auto left = [&](std::int64_t cap, std::int64_t used) {
    return cap == 0 ? no_limit : std::max<std::int64_t>(0, cap - used);
  };
  ByAccount<PersonBefore> before(facts.before);
  std::int64_t account = std::numeric_limits<std::int64_t>::min(), day_left = no_limit, month_left = no_limit;
  for (SealedRow& row : out.rows) {
    if (acts.account[row.index] != account) {
      const auto own = before.of(AccountId{account = acts.account[row.index]});
      day_left = left(limits.cap_reduction_person_day_mg, own.empty() ? 0 : own.front().day_reduction_mg);
      month_left = left(limits.cap_reduction_person_month_mg, own.empty() ? 0 : own.front().month_reduction_mg);
    }
    row.reduction_mg = std::min({row.reduction_mg, day_left, month_left});
    if (day_left != no_limit) day_left -= std::max<std::int64_t>(0, row.reduction_mg);
    if (month_left != no_limit) month_left -= std::max<std::int64_t>(0, row.reduction_mg);
  }
}

std::vector<OpenEnd> next_tail(const Acts& acts, const SealFacts& facts, const SealedDay& sealed,
                               std::span<const PostedInterval> posted) {
  std::map<AccountId, Instant> ends;
  const auto add = [&](AccountId account, Instant end) {
    if (end > facts.next_day) ends[account] = std::max(ends[account], end);
  };
  for (const OpenEnd& open : facts.tail) add(open.account, open.ended_at);
  for (const PostedInterval& act : posted) add(act.account, act.ended_at);
  for (const SealedRow& row : sealed.rows) {
    if (!stands(row.outcome)) continue;
    add(AccountId{acts.account[row.index]}, Instant{acts.started_ms[row.index] + acts.duration_ms[row.index]});
  }
  std::vector<OpenEnd> tail;
  for (const auto& [account, end] : ends) tail.push_back({account, end});
  return tail;
}

}  // namespace

SealedDay seal_day(const Acts& acts, const SealFacts& facts, const Methodology& methodology) {
  const CompiledMethodology* rule = methodology.in_force(facts.day);
  TANPUHUI_REQUIRE(rule, "a day that is sealed has a methodology in force");
  SealedDay sealed;
  sealed.rows.reserve(acts.size());
  IdResolver(acts, facts.posted, sealed).run();
  sort_rows(acts, sealed.rows);
  PersonSealer persons(acts, facts, methodology, *rule);
  persons.run(sealed.rows);
  fill_references(acts, facts, methodology, sealed);
  quantify(acts, *rule, methodology.references.size(), sealed);
  cap_reductions(acts, facts, methodology.seal, sealed);
  for (const SealedRow& row : sealed.rows) {
    ++sealed.counts[slot(row.outcome)];
    sealed.reduction += Milligrams(row.reduction_mg);
  }
  sealed.tail = next_tail(acts, facts, sealed, persons.posted_today());
  return sealed;
}

Bytes canonical_bytes(const SealedIdentity& identity, const SealedDay& sealed, const Acts& acts) {
  CborWriter out;
  out.array(5).text(identity.scenario).integer(identity.day.number).integer(identity.round);
  out.bytes(identity.methodology_hash).array(sealed.rows.size());
  const std::size_t references = sealed.rows.empty() ? 0 : sealed.references.size() / sealed.rows.size();
  for (std::size_t at = 0; at < sealed.rows.size(); ++at) {
    const SealedRow& row = sealed.rows[at];
    const Act act = acts.at(row.index);
    out.array(8 + acts.field_count() + references)
        .integer(act.account.value)
        .integer(act.started_at.ms)
        .integer(act.duration_ms);
    out.text(act.record_suffix).integer(act.revision).integer(act.withdrawn ? 1 : 0);
    out.integer(static_cast<std::int64_t>(row.outcome)).integer(row.reduction_mg);
    for (std::size_t i = 0; i < acts.field_count(); ++i) out.integer(acts.field(i)[row.index]);
    for (std::size_t i = 0; i < references; ++i) out.integer(sealed.references[at * references + i]);
  }
  return out.take();
}

Bytes encode_tail(std::span<const OpenEnd> tail) {
  CborWriter out;
  out.array(tail.size() * 2);
  for (const OpenEnd& open : tail) out.integer(open.account.value).integer(open.ended_at.ms);
  return out.take();
}

std::vector<OpenEnd> decode_tail(ByteView bytes, Instant from) {
  CborReader in(bytes);
  std::vector<OpenEnd> tail;
  for (std::size_t left = in.array() / 2; left > 0; --left) {
    const std::int64_t account = in.integer();
    const Instant ended_at{in.integer()};
    if (ended_at > from) tail.push_back({AccountId{account}, ended_at});
  }
  TANPUHUI_REQUIRE(in.finish(), "a stored tail reads back");
  return tail;
}

}  // namespace tanpuhui
