#include "rooms/activity/translation.h"

#include <algorithm>

#include <fmt/format.h>

namespace tanpuhui {
namespace {

BilingualText lacks(std::string_view kind_zh, std::string_view kind_en, const std::string& name,
                    const Methodology& from) {
  const std::string version = from.id + "/" + from.version;
  return {
      fmt::format("草案需要{}“{}”，而 {} 的记录没有它或单位、定义不同：无法在这些记录上试算", kind_zh, name, version),
      fmt::format("the draft asks for the {} `{}`, which records of {} do not bring, or in another unit or sense: "
                  "it cannot be tried on them",
                  kind_en, name, version)};
}

const MethodologyList* list_of(const Methodology& methodology, const MethodologyColumn& column) {
  return methodology.list(methodology.fields[column.field].list);
}

std::vector<std::int64_t> places_of_words(const MethodologyList& from, const MethodologyList& to) {
  std::vector<std::int64_t> places;
  for (const MethodologyList::Word& word : from.words) {
    const auto found = std::ranges::find(to.words, word.id, &MethodologyList::Word::id);
    places.push_back(found == to.words.end() ? -1 : found - to.words.begin());
  }
  return places;
}

bool same_definition(const MethodologyReference& a, const MethodologyReference& b) {
  return a.name == b.name && a.kind == b.kind && a.of == b.of && a.days == b.days && a.by == b.by && a.unit == b.unit &&
         a.decimals == b.decimals && a.min == b.min && a.max == b.max;
}

}  // namespace

Result<Translation, BilingualText> Translation::between(const Methodology& from, const Methodology& to) {
  Translation out;
  for (std::size_t i = 0; i < to.field_columns; ++i) {
    const MethodologyColumn& wanted = to.columns[i];
    const auto end = from.columns.begin() + static_cast<std::ptrdiff_t>(from.field_columns);
    const auto found =
        std::find_if(from.columns.begin(), end, [&](const auto& each) { return each.name == wanted.name; });
    if (found == end) return lacks("字段", "field", wanted.name, from);
    const MethodologyList *old_list = list_of(from, *found), *list = list_of(to, wanted);
    if (found->unit != wanted.unit || (old_list == nullptr) != (list == nullptr))
      return lacks("字段", "field", wanted.name, from);
    Column column;
    column.source = static_cast<std::size_t>(found - from.columns.begin());
    column.times = power_of_ten(std::max(0, wanted.decimals - found->decimals));
    column.divisor = power_of_ten(std::max(0, found->decimals - wanted.decimals));
    column.min = wanted.min;
    column.max = wanted.max;
    column.is_word = list != nullptr;
    if (list != nullptr) column.words = places_of_words(*old_list, *list);
    out.columns_.push_back(std::move(column));
  }
  out.keeps_subject_ = to.tells_subjects_apart();
  if (out.keeps_subject_ && !from.tells_subjects_apart()) return lacks("标识", "identity", "subject", from);
  for (const MethodologyReference& wanted : to.references) {
    const auto found =
        std::ranges::find_if(from.references, [&](const auto& each) { return same_definition(each, wanted); });
    const bool same_sum = wanted.kind != "own_sum" || from.seal.identity == to.seal.identity;
    if (found == from.references.end() || !same_sum) return lacks("参考量", "reference", wanted.name, from);
    out.references_.push_back(static_cast<std::size_t>(found - from.references.begin()));
  }
  return out;
}

Outcome Translation::read_number(const Column& column, std::int64_t value, std::int64_t& out) {
  if (value % column.divisor != 0) return Outcome::too_many_decimals;
  const int128 scaled = int128{value / column.divisor} * column.times;
  if (scaled < column.min || scaled > column.max) return Outcome::out_of_range;
  out = static_cast<std::int64_t>(scaled);
  return Outcome::received;
}

Outcome Translation::read(std::span<const std::int64_t> kept, std::span<std::int64_t> out) const {
  if (keeps_subject_) out.back() = kept.back();
  Outcome first = Outcome::received;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    Outcome outcome = Outcome::received;
    if (column.is_word) {
      out[i] = column.words[static_cast<std::size_t>(kept[column.source])];
      if (out[i] < 0) outcome = Outcome::out_of_range;
    } else {
      outcome = read_number(column, kept[column.source], out[i]);
    }
    first = std::min(first, outcome);
  }
  return first;
}

}  // namespace tanpuhui
