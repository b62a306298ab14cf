#include "methodology/explain.h"

#include <fmt/format.h>

namespace tanpuhui {
namespace {

/// The sentences of one language.
class Words {
 public:
  explicit Words(Language language) : zh_(language == Language::zh) {}

  std::string not_valid(Day day) const {
    return format_day(day) + (zh_ ? "：方法学当日无效" : ": the methodology is not valid");
  }
  std::string factor(const WorkedFactor& factor) const {
    const DatedValue& row = factor.row;
    const std::string head =
        fmt::format("{} = {} {}", factor.name, format_fixed(row.value.mantissa, row.value.scale), factor.unit);
    const std::string year = row.data_year == 0 ? "" : std::to_string(row.data_year);
    if (zh_)
      return fmt::format("{}（{} 起；地区 {}；{}{}；来源：{}）", head, format_day(row.from), row.region,
                         year.empty() ? "" : year + " 年数据；", trust(row.trust), row.source);
    return fmt::format("{} (since {}; region {}; {}{}; source: {})", head, format_day(row.from), row.region,
                       year.empty() ? "" : "data of " + year + "; ", row.trust, row.source);
  }
  std::string check(const MethodologyCheck& check, bool holds) const {
    if (holds) return check.expression + (zh_ ? "：成立" : ": holds");
    return zh_ ? fmt::format("{}：不成立，拒绝 {}（{}）", check.expression, check.code, check.message.zh)
               : fmt::format("{}: fails, refused as {} ({})", check.expression, check.code, check.message.en);
  }
  std::string exact(const std::string& expression, const std::string& mg) const {
    return fmt::format("{} = {} = {} mgCO2e", zh_ ? "减排量" : "reduction", expression, mg);
  }
  std::string rounded(const WorkedCalculation& worked) const {
    const bool to_zero = worked.negative && worked.rounded_mg >= 0;
    const std::string how = to_zero ? (zh_ ? "负值计为零" : "a negative result counts as 0")
                            : worked.negative
                                ? (zh_ ? "向下取整，作为负值保留" : "rounded down, kept as a negative line")
                                : (zh_ ? "向下取整" : "rounded down");
    return fmt::format("{}{}{} mgCO2e", how, zh_ ? "：" : ": ", worked.rounded_mg);
  }
  std::string capped(std::int64_t mg) const {
    return fmt::format("{}{} mgCO2e", zh_ ? "单条记录上限：" : "at most, a record: ", mg);
  }
  std::string seal_caps(const MethodologySeal& seal) const {
    std::string text;
    add(text, seal.cap_records_person_day, zh_ ? "每人每日 {} 条" : "{} records a person and day");
    add(text, seal.cap_records_person_month, zh_ ? "每人每月 {} 条" : "{} records a person and month");
    add(text, seal.cap_reduction_person_day_mg, zh_ ? "每人每日 {} mgCO2e" : "{} mgCO2e a person and day");
    add(text, seal.cap_reduction_person_month_mg, zh_ ? "每人每月 {} mgCO2e" : "{} mgCO2e a person and month");
    return (zh_ ? "封账时的上限：" : "caps at the seal: ") + text;
  }
  std::string points() const {
    return zh_ ? "本行为只产生积分，不产生减排量" : "the act earns points and bears no reduction";
  }

 private:
  void add(std::string& text, std::int64_t cap, const char* sentence) const {
    if (cap == 0) return;
    text += (text.empty() ? "" : zh_ ? "，" : ", ") + fmt::format(fmt::runtime(sentence), cap);
  }
  static std::string trust(const std::string& mark) {
    if (mark == "official") return "官方文本";
    if (mark == "news") return "新闻报道";
    if (mark == "repositories") return "公开代码库";
    return mark == "calculated" ? "计算得出" : "演示";
  }

  bool zh_;
};

class Sheet {
 public:
  Sheet(const Methodology& methodology, const WorkedCalculation& worked, Language language)
      : m_(methodology), worked_(worked), words_(language) {}

  std::vector<std::string> run() {
    for (const WorkedInput& input : worked_.inputs)
      line(fmt::format("{} = {}{}{}", input.name, input.value, input.unit.empty() ? "" : " ", input.unit));
    for (const WorkedFactor& factor : worked_.factors) line(words_.factor(factor));
    for (const WorkedFormula& let : worked_.lets) formula(let);
    for (const WorkedCheck& check : worked_.checks) line(words_.check(m_.checks[check.index], check.holds));
    if (!worked_.refused) result();
    return std::move(lines_);
  }

 private:
  void result() {
    if (!worked_.reduction) return line(words_.points());
    for (const WorkedFormula& part : worked_.parts) formula(part);
    for (const WorkedStep& each : worked_.reduction->steps) step(each);
    line(words_.exact(worked_.reduction->expression, worked_.exact_mg));
    line(words_.rounded(worked_));
    if (worked_.capped) line(words_.capped(worked_.reduction_mg));
    line(words_.seal_caps(m_.seal));
  }
  void formula(const WorkedFormula& formula) {
    for (const WorkedStep& each : formula.steps) step(each);
    line(fmt::format("{} = {} = {}", formula.name, formula.expression, formula.value));
  }
  void step(const WorkedStep& step) {
    const std::string note = step.note.empty() ? "" : fmt::format(" [{}]", step.note);
    line(fmt::format("  {}{} = {}", step.text, note, step.value));
  }
  void line(std::string text) { lines_.push_back(std::move(text)); }

  const Methodology& m_;
  const WorkedCalculation& worked_;
  Words words_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> explain(const Methodology& methodology, std::span<const std::int64_t> inputs, Day day,
                                 Language language) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{} {} sha {}", methodology.id, methodology.version, to_hex(methodology.hash)));
  lines.push_back(in_language(methodology.title, language));
  const WorkedCalculation worked = work_out(methodology, inputs, day);
  if (!worked.valid) return lines.push_back(Words(language).not_valid(day)), lines;
  for (std::string& line : Sheet(methodology, worked, language).run()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace tanpuhui
