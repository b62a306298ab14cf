#include "cli/values.h"

#include "base/decimal.h"
#include "office/office.h"

namespace tanpuhui {

Day day_option(const std::string& name, const std::string& text) {
  const auto day = parse_day(text);
  if (!day) throw UsageError(name + ": `" + text + "` is no day; write it as 2025-01-31");
  return *day;
}

Instant instant_option(const std::string& name, const std::string& text) {
  const auto instant = parse_instant(text);
  if (!instant)
    throw UsageError(name + ": `" + text + "` is no time with its zone; write it as 2025-01-31T08:00:00+08:00");
  return *instant;
}

Milligrams kilograms_option(const std::string& name, const std::string& text) {
  const auto mg = parse_fixed(text, 6);
  if (!mg) throw UsageError(name + ": `" + text + "` is no amount in kg; write it as 1.25, with at most six decimals");
  return Milligrams(*mg);
}

CommandId id_option(const std::string& text, Instant now) {
  if (text.empty()) return new_command_id(now);
  const auto id = parse_command_id(text);
  if (!id) throw UsageError("--id: a command id has 32 hexadecimal digits");
  return *id;
}

}  // namespace tanpuhui
