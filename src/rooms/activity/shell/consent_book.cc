#include "rooms/activity/shell/consent_book.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tanpuhui {
namespace {

constexpr std::size_t remembered_max = 500'000;               // some 100 MB, however long the file
constexpr std::size_t many_at_least = 2'048, many_times = 4;  // of a scenario's consents: a quarter or more

ConsentInterval read_interval(const Statement& row) {
  ConsentInterval consent;
  consent.account.value = row.integer(1);
  consent.from.ms = row.integer(2);
  if (!row.is_null(3)) consent.until = Instant{row.integer(3)};
  consent.drop_unsealed = row.integer(4) != 0;
  return consent;
}

}  // namespace

void SubjectNumbers::number_all(std::span<const std::string_view> texts, std::vector<std::uint32_t>& numbers) {
  constexpr std::size_t together = 16;
  std::array<std::uint64_t, together> hashes{};
  numbers.clear();
  numbers.reserve(texts.size());
  for (std::size_t at = 0; at < texts.size(); at += together) {
    const auto some = texts.subspan(at, std::min(together, texts.size() - at));
    for (std::size_t i = 0; i < some.size(); ++i) {
      hashes[i] = hash_of(some[i]);
      __builtin_prefetch(&slots_[hashes[i] & (slots_.size() - 1)]);
    }
    for (std::size_t i = 0; i < some.size(); ++i)
      if (const Slot& slot = slots_[hashes[i] & (slots_.size() - 1)]; slot.next_number > 0)
        __builtin_prefetch(text(slot.next_number - 1).data());
    for (std::size_t i = 0; i < some.size(); ++i) numbers.push_back(number_of(some[i], hashes[i]));
  }
}

std::uint32_t SubjectNumbers::number_of(std::string_view wanted, std::uint64_t hash) {
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at].next_number > 0; at = (at + 1) & (slots_.size() - 1))
    if (slots_[at].hash == hash && text(slots_[at].next_number - 1) == wanted) return slots_[at].next_number - 1;
  const auto number = static_cast<std::uint32_t>(ends_.size());
  texts_.append(wanted);
  ends_.push_back(texts_.size());
  slots_[at] = {hash, number + 1};
  if (2 * ends_.size() > slots_.size()) grow();
  return number;
}

void SubjectNumbers::grow() {
  std::vector<Slot> taken(4 * slots_.size());
  slots_.swap(taken);
  for (const Slot& slot : taken) {
    if (slot.next_number == 0) continue;
    std::size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].next_number > 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

void SubjectNumbers::clear() { *this = SubjectNumbers(); }

void ConsentBook::learn() {
  const std::size_t first = ranges_.size();
  if (first == subjects_.size()) return;
  auto rows = are_many(subjects_.size() - first) ? ask_for_all() : ask_for(first);
  std::vector<std::pair<std::uint32_t, ConsentInterval>> read;
  while (rows.step())
    if (const auto number = subjects_.number_of(rows.text(0)); number >= first)
      read.emplace_back(number, read_interval(rows));
  std::ranges::sort(read, {}, [](const auto& one) { return std::pair(one.first, one.second.from); });
  ranges_.resize(subjects_.size());
  for (const auto& [number, consent] : read) {
    Range& range = ranges_[number];
    if (range.count++ == 0) range.first = static_cast<std::uint32_t>(intervals_.size());
    intervals_.push_back(consent);
  }
}

// One read of everybody is then cheaper than a look-up each, and whoever comes later is known.
bool ConsentBook::are_many(std::size_t fresh) {
  if (fresh < many_at_least) return false;
  const std::size_t enough = many_times * fresh;
  auto some = database_.statement("SELECT count(*) FROM (SELECT 1 FROM consents WHERE scenario_id = ? LIMIT ?) found");
  return some.bind(scenario_.value).bind(enough + 1).run_integer() <= static_cast<std::int64_t>(enough);
}

Statement ConsentBook::ask_for_all() {
  auto rows = database_.statement(
      "SELECT subject, account_id, from_at, until_at, drop_unsealed FROM consents WHERE scenario_id = ?");
  rows.bind(scenario_.value);
  return rows;
}

Statement ConsentBook::ask_for(std::size_t first) {
  auto rows = database_.statement(
      "SELECT subject, account_id, from_at, until_at, drop_unsealed FROM consents WHERE scenario_id = ? AND subject = "
      "?");
  for (std::size_t number = first; number < subjects_.size(); ++number)
    rows.bind(scenario_.value).bind(subjects_.text(static_cast<std::uint32_t>(number))).add();
  return rows;
}

std::span<const ConsentInterval> ConsentBook::of(std::uint32_t number) const {
  return std::span(intervals_).subspan(ranges_[number].first, ranges_[number].count);
}

void ConsentBook::end_chunk() {
  if (subjects_.size() < remembered_max) return;
  subjects_.clear();
  ranges_.clear();
  intervals_.clear();
}

}  // namespace tanpuhui
