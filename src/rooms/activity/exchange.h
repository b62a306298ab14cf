#pragma once
/// What programmes tell each other of the acts they credited, so that one act is credited in one of them only. An act
/// is told as a key that nobody can read who has not the secret of those who exchange: of the person as all of them
/// know that person, of what the scenarios that see the same acts are called among them, and of the minute in which it
/// began.
///
///   tanpuhui exchange 1 rides            the group, in the first line of a file
///   2025-03-03 3af09c11d20b7e64          the day of the act, its key
///
/// Whoever takes a file in yields: an act that another programme told is not credited. Which programme tells and which
/// yields is agreed between them. Basis: js24.a23, sip25.a15, AMB-30, decisions D17
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace tanpuhui {

struct ExchangeGroup {
  std::string name;  ///< agreed: `rides`
  Bytes secret;      ///< likewise, 32 bytes
};

/// 63 bits, never 0. `minute`: minutes since 1970.
std::int64_t exchange_key(const ExchangeGroup& group, std::string_view person, std::int64_t minute, HashFunction hash);
/// Keys that tell of the act: the minute in which it began, and its neighbours, since clocks differ.
std::vector<std::int64_t> keys_of(const ExchangeGroup& group, std::string_view person, Instant started_at,
                                  HashFunction hash);
std::int64_t minute_of(Instant instant);

struct ToldAct {
  Day day;
  std::int64_t key = 0;
  auto operator<=>(const ToldAct&) const = default;
};

/// Sorted, each once.
std::string format_exchange(const std::string& group, std::vector<ToldAct> acts);

struct ExchangeFile {
  std::string group;
  std::vector<ToldAct> acts;
};
/// None: another form. `bad_line` is then its number.
std::optional<ExchangeFile> read_exchange(std::string_view text, std::int64_t& bad_line);

}  // namespace tanpuhui
