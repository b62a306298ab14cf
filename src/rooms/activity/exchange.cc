#include "rooms/activity/exchange.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/cbor.h"
#include "rooms/activity/subject_key.h"

namespace tanpuhui {
namespace {

constexpr std::string_view first_words = "tanpuhui exchange 1 ";
constexpr std::int64_t ms_per_minute = 60'000;
constexpr std::size_t key_digits = 16;

std::optional<ToldAct> read_line(std::string_view line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto day = parse_day(line.substr(0, space));
  const std::string_view digits = line.substr(space + 1);
  ToldAct act;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), act.key, 16);
  if (!day || digits.size() != key_digits || read.ec != std::errc() || read.ptr != digits.data() + digits.size())
    return std::nullopt;
  act.day = *day;
  return act;
}

}  // namespace

std::int64_t minute_of(Instant instant) { return instant.ms / ms_per_minute; }

std::int64_t exchange_key(const ExchangeGroup& group, std::string_view person, std::int64_t minute, HashFunction hash) {
  CborWriter content;
  content.array(5).text("tph/exchange1").bytes(group.secret).text(group.name).text(person).integer(minute);
  return key_of(hash(content.result()));
}

std::vector<std::int64_t> keys_of(const ExchangeGroup& group, std::string_view person, Instant started_at,
                                  HashFunction hash) {
  std::vector<std::int64_t> keys;
  for (const std::int64_t minute : {minute_of(started_at), minute_of(started_at) - 1, minute_of(started_at) + 1})
    keys.push_back(exchange_key(group, person, minute, hash));
  return keys;
}

std::string format_exchange(const std::string& group, std::vector<ToldAct> acts) {
  std::ranges::sort(acts);
  acts.erase(std::unique(acts.begin(), acts.end()), acts.end());
  std::string text = std::string(first_words) + group + "\n";
  for (const ToldAct& act : acts) text += fmt::format("{} {:016x}\n", format_day(act.day), act.key);
  return text;
}

std::optional<ExchangeFile> read_exchange(std::string_view text, std::int64_t& bad_line) {
  ExchangeFile file;
  bad_line = 1;
  for (; !text.empty(); ++bad_line) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (bad_line == 1) {
      if (!line.starts_with(first_words) || line.size() == first_words.size()) return std::nullopt;
      file.group = line.substr(first_words.size());
    } else if (const auto act = read_line(line)) {
      file.acts.push_back(*act);
    } else {
      return std::nullopt;
    }
  }
  if (file.group.empty()) return std::nullopt;
  return file;
}

}  // namespace tanpuhui
