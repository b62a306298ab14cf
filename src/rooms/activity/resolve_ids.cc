#include "rooms/activity/resolve_ids.h"

#include <algorithm>
#include <map>

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

}  // namespace

void resolve_ids(const Acts& acts, const Acts* posted, SealedDay& out) { IdResolver(acts, posted, out).run(); }

}  // namespace tanpuhui
