#include <fmt/format.h>

#include "expr/exact.h"
#include "methodology/methodology.h"

namespace tanpuhui {
namespace {

/// value / divisor for people: exact up to nine decimals, `...` where more follow.
std::string decimal_of(int128 value, int128 divisor) {
  const bool negative = value < 0;
  int128 rest = negative ? -value : value;
  std::string text = (negative ? "-" : "") + expr::format_integer(rest / divisor);
  rest %= divisor;
  if (rest != 0) text += '.';
  for (int i = 0; i < 9 && rest != 0 && rest <= expr::int128_max / 10; ++i) {
    text += expr::format_integer(rest * 10 / divisor);
    rest = rest * 10 % divisor;
  }
  return rest == 0 ? text : text + "...";
}

std::string describe(const MethodologyParameter& row) {
  return fmt::format("{} = {} {} (since {}; {}; source: {})", row.name,
                     format_fixed(row.value.mantissa, row.value.scale), row.unit, format_day(row.from), row.trust,
                     row.source);
}

}  // namespace

std::vector<std::string> explain(const Methodology& methodology, std::span<const std::int64_t> inputs, Day day) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{} {} sha {}", methodology.id, methodology.version, to_hex(methodology.hash)));
  const CompiledMethodology* rule = methodology.in_force(day);
  if (rule == nullptr) return lines.push_back(format_day(day) + ": the methodology is not valid"), lines;
  for (std::size_t i = 0; i < methodology.fields.size(); ++i) {
    const MethodologyField& field = methodology.fields[i];
    lines.push_back(fmt::format("{} = {} {}", field.name, format_fixed(inputs[i], field.decimals), field.unit));
  }
  lines.push_back(fmt::format("duration = {} s", format_fixed(inputs.back(), 3)));
  for (std::size_t row : rule->parameters) lines.push_back(describe(methodology.parameters[row]));
  const auto failed = rule->first_failed_check(inputs);
  for (std::size_t i = 0; i < failed.value_or(methodology.checks.size()); ++i)
    lines.push_back(fmt::format("{}: holds", methodology.checks[i].expression));
  if (failed) {
    const MethodologyCheck& check = methodology.checks[*failed];
    lines.push_back(fmt::format("{}: fails, refused as {} ({} / {})", check.expression, check.code, check.message.zh,
                                check.message.en));
    return lines;
  }
  const std::string exact = decimal_of(rule->reduction.scalar(inputs), rule->reduction.divisor);
  lines.push_back(fmt::format("reduction = {} = {} mgCO2e", methodology.reduction.expression, exact));
  lines.push_back(fmt::format("rounded down, negative as 0: {} mgCO2e", rule->reduction_mg(inputs)));
  return lines;
}

}  // namespace tanpuhui
