#pragma once
/// Lists of words, as files name things and messages enumerate them.
#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tanpuhui {

/// "a, b, c"; `name` gives the word of an element.
///
///   joined(action.by)                          joined(purposes, &UsePurpose::id)
template <class List, class Name = std::identity>
std::string joined(const List& list, Name name = {}) {
  std::string all;
  for (const auto& element : list) all += (all.empty() ? "" : ", ") + std::string(std::invoke(name, element));
  return all;
}

inline bool is_one_of(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace tanpuhui
