#include "rooms/activity/shell/consent_book.h"

#include <algorithm>
#include <utility>

namespace tanpuhui {
namespace {

constexpr std::size_t remembered_max = 500'000;  // some 100 MB, however long the file

ConsentInterval read_interval(const Statement& row) {
  ConsentInterval consent;
  consent.account.value = row.integer(1);
  consent.from.ms = row.integer(2);
  if (!row.is_null(3)) consent.until = Instant{row.integer(3)};
  consent.drop_unsealed = row.integer(4) != 0;
  return consent;
}

}  // namespace

std::uint32_t ConsentBook::number_of(std::string_view subject) {
  if (const auto found = numbers_.find(subject); found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(subjects_.size());
  numbers_.emplace(subjects_.emplace_back(subject), number);
  return number;
}

void ConsentBook::learn() {
  auto rows = database_.statement(
      "SELECT subject, account_id, from_at, until_at, drop_unsealed FROM consents WHERE scenario_id = ? AND subject = "
      "?");
  for (std::size_t number = ranges_.size(); number < subjects_.size(); ++number)
    rows.bind(scenario_.value).bind(subjects_[number]).add();
  std::vector<std::pair<std::uint32_t, ConsentInterval>> read;
  if (ranges_.size() < subjects_.size())
    while (rows.step()) read.emplace_back(numbers_.find(rows.text(0))->second, read_interval(rows));
  std::ranges::sort(read, {}, [](const auto& one) { return std::pair(one.first, one.second.from); });
  ranges_.resize(subjects_.size());
  for (const auto& [number, consent] : read) {
    Range& range = ranges_[number];
    if (range.count++ == 0) range.first = static_cast<std::uint32_t>(intervals_.size());
    intervals_.push_back(consent);
  }
}

std::span<const ConsentInterval> ConsentBook::of(std::uint32_t number) const {
  return std::span(intervals_).subspan(ranges_[number].first, ranges_[number].count);
}

void ConsentBook::end_chunk() {
  if (subjects_.size() < remembered_max) return;
  numbers_.clear();
  subjects_.clear();
  ranges_.clear();
  intervals_.clear();
}

}  // namespace tanpuhui
