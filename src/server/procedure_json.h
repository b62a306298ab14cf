#pragma once
/// What the book says of its procedures on a day, as JSON: enough for a page to draw any of them without knowing it.
/// Contract: api/openapi.yaml
#include <optional>

#include <boost/json.hpp>

#include "rulebook/rulebook.h"

namespace tanpuhui {

boost::json::object procedure_list_json(const Rulebook& book, Day day);
/// None when the book has no such procedure on that day.
std::optional<boost::json::object> procedure_json(const Rulebook& book, const std::string& id, Day day);

/// {id, zh, en}
template <class NamedRule>
boost::json::object named_json(const NamedRule& rule) {
  return {{"id", rule.id}, {"zh", rule.zh}, {"en", rule.en}};
}
boost::json::array words_json(const std::vector<std::string>& words);
/// Null where there is nothing.
boost::json::value text_or_null(const std::string& text);

}  // namespace tanpuhui
