#include "rooms/scenario/scenario.h"

#include <algorithm>

namespace tanpuhui {
namespace {

constexpr std::size_t name_size_max = 64;
constexpr std::int32_t lateness_days_max = 366;

bool is_name_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= name_size_max && name[0] != '-' &&
         std::ranges::all_of(name, is_name_character);
}

Refusal bad_name() {
  return refuse("DAT-06")
      .because("field", "name")
      .says("场景名称不符合规定", "this cannot be the name of a scenario")
      .mend("使用 1 至 64 个小写字母、数字或连字符，不以连字符开头",
            "use 1 to 64 of a-z, 0-9 and -, not beginning with -");
}

Refusal no_title(const ScenarioRecord& record) {
  return refuse("DAT-06")
      .because("scenario", record.name)
      .because("field", record.title_zh.empty() ? "title_zh" : "title_en")
      .says("场景缺少标题", "the scenario has no title")
      .mend("写明中文和英文标题", "give it a title in Chinese and in English");
}

Refusal no_key(const ScenarioRecord& record) {
  return refuse("DAT-06")
      .because("scenario", record.name)
      .because("field", "partner_key")
      .says("缺少合作方的签名公钥", "the partner's public key for signatures is missing")
      .mend("登记合作方的 Ed25519 公钥", "name the partner's Ed25519 public key");
}

Refusal no_methodology(const ScenarioRecord& record) {
  return refuse("SCN-02")
      .because("scenario", record.name)
      .says("场景没有方法学", "the scenario has no methodology")
      .mend("写明已发布方法学的编号和版本", "name id and version of a published methodology");
}

Refusal bad_lateness(const ScenarioRecord& record) {
  return refuse("DAT-08")
      .because("scenario", record.name)
      .because("lateness_days", std::to_string(record.lateness_days))
      .says("报送期限须为 0 至 366 天", "records may come 0 to 366 days late")
      .mend("改为 0 至 366 天", "choose 0 to 366 days");
}

Refusal bad_days(const ScenarioRecord& record) {
  return refuse("DAT-08")
      .because("scenario", record.name)
      .because("live_from", format_day(record.live_from))
      .because("live_until", format_day(*record.live_until))
      .says("场景的结束日早于开始日", "the scenario ends before it begins")
      .mend("更正起止日期", "correct the days");
}

Refusal name_taken(const ScenarioRecord& record) {
  return refuse("SCN-04")
      .because("scenario", record.name)
      .says("该名称已用于另一场景", "this name stands for another scenario")
      .mend("另取名称，或核对登记内容", "choose another name, or check what is recorded under it");
}

Refusal case_taken(const ScenarioRecord& record) {
  return refuse("SCN-04")
      .because("scenario", record.name)
      .because("case", std::to_string(record.case_number))
      .says("该案件已登记另一场景", "another scenario was recorded under this case")
      .mend("核对案件编号；每个场景各有案件", "look the case up: each scenario has its own");
}

Refusal not_filed(const ScenarioRecord& record) {
  return refuse("SCN-05")
      .because("scenario", record.name)
      .because("case", std::to_string(record.case_number))
      .says("场景尚未备案或认定，或已终止", "the scenario was neither filed nor recognised, or it has ended")
      .mend("先办理备案或认定；此前已备案的，用 `tanpuhui case bring-in` 补录",
            "have it filed or recognised first; one that was filed earlier is brought in: `tanpuhui case bring-in`");
}

Refusal not_published(const ScenarioRecord& record) {
  return refuse("MET-04")
      .because("scenario", record.name)
      .because("methodology", record.methodology)
      .says("方法学尚未公布：" + record.methodology, "the methodology was not published: " + record.methodology)
      .mend("先公布方法学；此前已公布的，用 `tanpuhui case bring-in` 补录",
            "publish it first; one that was published earlier is brought in: `tanpuhui case bring-in`");
}

Refusal other_formula(const ScenarioRecord& record, const std::string& published) {
  return refuse("MET-04")
      .because("methodology", record.methodology)
      .because("published", published)
      .because("file", to_hex(record.methodology_hash))
      .says("方法学文件与公布的版本不同：" + record.methodology,
            "the methodology's file is not the one that was published: " + record.methodology)
      .mend("换回公布的文件，或公布新的版本", "put the published file back, or publish a new version");
}

bool is_same(const ScenarioRecord& record, const Scenario& scenario) {
  return record.title_zh == scenario.title_zh && record.title_en == scenario.title_en &&
         record.developer == scenario.developer && record.methodology == scenario.methodology &&
         record.methodology_hash == scenario.methodology_hash && record.live_from == scenario.live_from &&
         record.live_until == scenario.live_until && record.lateness_days == scenario.lateness_days;
}

}  // namespace

Result<bool> decide_record_scenario(const ScenarioRecord& record, const ScenarioFacts& facts) {
  if (!is_name(record.name)) return bad_name();
  if (record.title_zh.empty() || record.title_en.empty()) return no_title(record);
  // A key of zeros is a point of the curve for which anybody can make signatures.
  if (record.partner_key == decltype(record.partner_key){}) return no_key(record);
  if (record.methodology.empty() || record.methodology_hash == Digest{}) return no_methodology(record);
  if (record.lateness_days < 0 || record.lateness_days > lateness_days_max) return bad_lateness(record);
  if (record.live_until && *record.live_until < record.live_from) return bad_days(record);
  if (facts.partner_key && *facts.partner_key != record.partner_key) return name_taken(record);
  if (facts.scenario && !is_same(record, *facts.scenario)) return name_taken(record);
  if (facts.scenario) return false;
  if (facts.case_is_of_another) return case_taken(record);
  if (!facts.case_lets_connect) return not_filed(record);
  if (facts.published_hash.empty()) return not_published(record);
  if (facts.published_hash != to_hex(record.methodology_hash)) return other_formula(record, facts.published_hash);
  return true;
}

}  // namespace tanpuhui
