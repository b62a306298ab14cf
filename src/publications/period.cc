#include "publications/period.h"

#include <fmt/format.h>

namespace tanpuhui {
namespace {

constexpr int months_a_year = 12;

int months_of(std::string_view every) {
  if (every == "month") return 1;
  if (every == "quarter") return 3;
  return every == "year" ? months_a_year : 0;
}

}  // namespace

std::optional<Period> period_of(std::string_view every, Day day) {
  const int months = months_of(every);
  if (months == 0) return std::nullopt;
  const Civil civil = civil_of(day);
  const int begun = (civil.month - 1) / months;
  Period period;
  period.first = day_of({civil.year, begun * months + 1, 1});
  const int next = begun * months + months;  // the month after it, counted from 0
  period.last = day_of({civil.year + next / months_a_year, next % months_a_year + 1, 1}) - 1;
  if (every == "month") period.text = fmt::format("{:04}-{:02}", civil.year, civil.month);
  if (every == "quarter") period.text = fmt::format("{:04}-Q{}", civil.year, begun + 1);
  if (every == "year") period.text = fmt::format("{:04}", civil.year);
  return period;
}

// Whatever day of the text is taken: a period that is written otherwise is another text.
std::optional<Period> parse_period(std::string_view every, std::string_view text) {
  std::string day(text);
  if (every == "year") day += "-01";
  if (every == "quarter" && day.size() == 7 && day[5] == 'Q' && day[6] >= '1' && day[6] <= '4')
    day = fmt::format("{}{:02}", day.substr(0, 5), (day[6] - '0') * 3);
  const auto parsed = parse_day(day + "-01");
  if (!parsed) return std::nullopt;
  auto period = period_of(every, *parsed);
  return period && period->text == text ? period : std::nullopt;
}

std::string period_example(std::string_view every) {
  const auto period = period_of(every, day_of({2026, 10, 1}));
  return period ? period->text : "";
}

}  // namespace tanpuhui
