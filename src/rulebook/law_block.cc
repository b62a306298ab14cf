#include "rulebook/law_block.h"

#include <algorithm>

namespace tanpuhui {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// use_1, event_neutrality
bool is_plain_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// MET-01
bool is_code(std::string_view text) {
  return text.size() == 6 && text[3] == '-' && all_digits(text.substr(4)) &&
         std::all_of(text.begin(), text.begin() + 3, [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

bool is_reading(std::string_view text) {
  if (text.starts_with("AMB-")) return all_digits(text.substr(4));
  return text.starts_with("D") && all_digits(text.substr(1));
}

bool is_question(std::string_view text) { return is_reading(text) || is_plain_word(text); }

void LawBlockReader::read_common(Rule& rule) {
  rule.basis = provision.id;
  rule.from = toml.optional_day("from");
  rule.until = toml.optional_day("until");
  rule.settings = toml.texts("settings");
  rule.mark = toml.optional_text("mark").value_or("");
  rule.file = provision.file;
  rule.line = toml.at().line;
  if (rule.from && rule.until && *rule.until < *rule.from)
    toml.fail("until", "until is before from", "exchange the days");
  for (const std::string& setting : rule.settings)
    if (!is_reading(setting)) toml.fail("settings", setting + " is no setting", "write it like AMB-02 or D4");
}

void LawBlockReader::twice(const Rule& other) {
  toml.fail(toml.has("from") ? "from" : "id",
            "this value is in force together with the one at " + other.file + ":" + std::to_string(other.line),
            "end the older value with until = the day before");
}

std::string LawBlockReader::id(std::string_view key) {
  const std::string text = toml.text(key);
  if (!text.empty() && !is_plain_word(text)) toml.fail(key, "the id is no plain word", "use a to z, 0 to 9 and _");
  return text;
}

std::string LawBlockReader::optional_id(std::string_view key) { return toml.has(key) ? id(key) : ""; }

std::vector<std::string> LawBlockReader::ids(std::string_view key) {
  std::vector<std::string> words = toml.texts(key);
  std::vector<std::string> sorted = words;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end())
    toml.fail(key, std::string(key) + " names something twice", "name it once");
  for (const std::string& word : words)
    if (!is_plain_word(word)) toml.fail(key, "`" + word + "` is no plain word", "use a to z, 0 to 9 and _");
  return words;
}

std::vector<std::string> LawBlockReader::some_ids(std::string_view key) {
  std::vector<std::string> words = ids(key);
  if (words.empty())
    toml.fail(key, std::string(key) + (toml.has(key) ? " is empty" : " is missing"),
              "write " + std::string(key) + " = [\"...\"]");
  return words;
}

std::vector<std::string> LawBlockReader::one_or_some_ids(std::string_view key) {
  const TomlValue* value = toml.raw(key);
  if (value != nullptr && value->is(TomlKind::array)) return some_ids(key);
  return {id(key)};
}

std::string LawBlockReader::code() {
  const std::string text = toml.text("code");
  if (!text.empty() && !is_code(text)) toml.fail("code", "this is no refusal code", "write it like MET-01");
  return text;
}

}  // namespace tanpuhui
