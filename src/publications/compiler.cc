#include "publications/compiler.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/check.h"
#include "base/words.h"
#include "publications/compilers.h"
#include "store/entry_row.h"
#include "store/programme.h"

namespace tanpuhui {
namespace {

constexpr int persons_min = 5;

struct Word {
  std::string_view id, zh, en;
};

// What the fields of all books are called. A field has one meaning, whichever publication shows it.
constexpr Word words[] = {
    {"amount_t", "签发量（吨）", "amount, tonnes of CO2e"},
    {"answered", "答复数", "answered"},
    {"applicant", "申请人", "applicant"},
    {"beneficiary", "受益人", "beneficiary"},
    {"boundary", "边界", "boundary"},
    {"cancelled_t", "注销量（吨）", "cancelled, tonnes"},
    {"cancelled_t_by_purpose", "按用途消纳量（吨）", "out of circulation by purpose, tonnes"},
    {"caps", "上限", "caps"},
    {"category", "类别", "category"},
    {"cause_class", "原因类别", "class of cause"},
    {"changes", "变更", "changes"},
    {"cleared_points", "清零碳积分", "points cleared"},
    {"closes_on", "公示最后一日", "last day of the notice"},
    {"collected_t", "权益提供方代收量（吨）", "collected by benefit providers, tonnes"},
    {"corrected_points", "冲回碳积分", "points taken back"},
    {"corrected_t", "修正量（吨）", "found wrong and taken back, tonnes"},
    {"covered_by", "活动抵消量（吨）", "reductions given to the event, tonnes"},
    {"data_quality", "数据质量", "accepted of sealed records"},
    {"developer", "开发主体", "developer"},
    {"document_number", "文号", "document number"},
    {"effective_from", "施行日", "in effect from"},
    {"effective_to", "失效日", "in effect until"},
    {"emission_t", "排放量（吨）", "emission, tonnes"},
    {"ended_on", "终止日", "ended on"},
    {"evaluation", "机制评估", "evaluation"},
    {"event", "活动", "event"},
    {"filed_on", "备案日", "filed on"},
    {"from", "自", "from"},
    {"full_text", "全文摘要值", "digest of the full text"},
    {"grams_per_point", "每分克数", "grams per point"},
    {"held_on", "举办日", "held on"},
    {"held_t", "持有量（吨）", "in circulation, tonnes"},
    {"id", "编号", "id"},
    {"issued_on", "签发日", "issued on"},
    {"issued_t", "签发量（吨）", "issued, tonnes"},
    {"kind", "种类", "kind"},
    {"live_on", "上线日", "live on"},
    {"methodology", "方法学", "methodology"},
    {"methodology_version", "方法学版本", "version of the methodology"},
    {"month", "月份", "month"},
    {"name", "名称", "name"},
    {"number", "编号", "number"},
    {"object", "对象", "object"},
    {"objection_channel", "异议渠道", "where to object"},
    {"opened_on", "公示起始日", "on notice from"},
    {"organisation", "单位", "organisation"},
    {"organiser", "主办单位", "organiser"},
    {"owner", "制定方", "whose rule"},
    {"parameters", "参数摘要值", "digest of calculation and parameters"},
    {"period", "期间", "period"},
    {"persons", "人数", "persons"},
    {"points_granted", "发放碳积分", "points granted"},
    {"points_per_act", "每次行为碳积分", "points per act"},
    {"posted_on", "登记日", "posted on"},
    {"purpose", "用途", "purpose"},
    {"quarter", "季度", "quarter"},
    {"reason", "事由类别", "class of reason"},
    {"received", "收到数", "received"},
    {"recognised_on", "认定日", "recognised on"},
    {"redemption", "兑换办法", "redemption"},
    {"repealed_on", "废止日", "repealed on"},
    {"retired_on", "核销日", "retired on"},
    {"retired_t", "核销量（吨）", "retired, tonnes"},
    {"rule_changes", "规则变更", "changes of rules"},
    {"scenario", "场景", "scenario"},
    {"scope", "范围", "scope"},
    {"state", "状态", "state"},
    {"term", "有效期", "term"},
    {"title", "名称", "title"},
    {"traded_t", "交易量（吨）", "transferred between holders, tonnes"},
    {"uncovered_t", "待补足量（吨）", "still to be made good, tonnes"},
    {"until", "至", "until"},
    {"upheld", "成立数", "upheld"},
    {"users", "用户数", "users"},
    {"uses_t", "消纳量（吨）", "out of circulation by use, tonnes"},
    {"valid_until", "有效期至", "valid until"},
    {"version", "版本", "version"},
    {"working_days", "平均答复工作日", "working days to the answer, mean"},
    {"year", "年份", "year"},
};

struct Compiler {
  std::string_view publication;
  Result<Rows> (*compile)(const Compilation&);
  std::vector<std::string> fields;  ///< all that it can fill
};

const std::vector<Compiler>& compilers() {
  static const std::vector<Compiler> all = {
      {"rules", compile_rules, {"title", "document_number", "full_text", "version", "effective_from", "repealed_on"}},
      {"methodology_notices",
       compile_methodology_notices,
       {"title", "kind", "applicant", "full_text", "opened_on", "closes_on", "objection_channel"}},
      {"methodology_catalogue",
       compile_methodology_catalogue,
       {"id", "kind", "version", "effective_from", "effective_to", "full_text", "parameters", "changes", "state"}},
      {"object_notices",
       compile_object_notices,
       {"object", "developer", "methodology", "boundary", "opened_on", "closes_on", "objection_channel"}},
      {"exits", compile_exits, {"object", "reason", "opened_on", "closes_on", "objection_channel"}},
      {"scenario_register",
       compile_register,
       {"name", "developer", "category", "methodology", "state", "filed_on", "live_on", "ended_on", "data_quality"}},
      {"register",
       compile_register,
       {"name", "kind", "developer", "methodology", "state", "recognised_on", "ended_on", "data_quality"}},
      {"issuances",
       compile_issuances,
       {"scenario", "object", "period", "amount_t", "persons", "methodology_version", "posted_on", "issued_on",
        "objection_channel"}},
      {"retirements", compile_retirements, {"number", "purpose", "beneficiary", "amount_t", "retired_on", "state"}},
      {"neutrality_certificates",
       compile_neutrality_certificates,
       {"number", "organiser", "event", "held_on", "emission_t", "covered_by", "state"}},
      {"points_rules",
       compile_points_rules,
       {"owner", "version", "effective_from", "grams_per_point", "points_per_act", "caps", "redemption", "term"}},
      {"verification_bodies", compile_verification_bodies, {"name", "scope", "valid_until", "state"}},
      {"disqualifications", compile_disqualifications, {"organisation", "scope", "from", "until"}},
      {"monthly_figures",
       compile_monthly_figures,
       {"month", "users", "issued_t", "held_t", "cancelled_t_by_purpose", "retired_t", "cancelled_t", "cleared_points",
        "collected_t", "traded_t", "corrected_t"}},
      {"corrections",
       compile_corrections,
       {"scenario", "object", "period", "corrected_t", "corrected_points", "cause_class", "uncovered_t"}},
      {"complaint_statistics",
       compile_complaint_statistics,
       {"quarter", "received", "answered", "working_days", "upheld"}},
      {"yearly_report",
       compile_yearly_report,
       {"year", "issued_t", "points_granted", "uses_t", "retired_t", "cancelled_t", "traded_t", "evaluation",
        "rule_changes"}},
  };
  return all;
}

const Compiler* find_compiler(std::string_view publication) {
  const auto found = std::ranges::find(compilers(), publication, &Compiler::publication);
  return found == compilers().end() ? nullptr : &*found;
}

DataField describe_field(const std::string& id) {
  const auto* word = std::ranges::find(words, id, &Word::id);
  TANPUHUI_REQUIRE(word != std::end(words), "every field of a compiler has its words");
  return {id, std::string(word->zh), std::string(word->en)};
}

bool can_fill(const Compiler& compiler, const PublicationRule& rule) {
  return std::ranges::all_of(rule.fields, [&](const std::string& field) { return is_one_of(compiler.fields, field); });
}

Refusal not_compiled(const PublicationRule& rule) {
  return refuse("PRO-01", rule.basis)
      .because("publication", rule.id)
      .says("“" + rule.zh + "”尚不能由平台编制", "the platform cannot compile " + rule.id + " yet")
      .mend("另行编制；`rulebook check` 列出尚不能编制的公开事项",
            "compile it by hand; `rulebook check` lists what is missing");
}

Result<Compilation> begin(const PublicationSources& sources, const PublicationRule& rule,
                          const PublicationRequest& request) {
  TANPUHUI_TRY(const std::optional<Period> period, find_period(rule, request.period));
  TANPUHUI_TRY(const Instant recorded_at, find_recording(sources.database, request.as_of));
  return Compilation{sources, rule, request.as_of, recorded_at, period};
}

/// Exactly the fields of the book, in their order.
std::vector<DataField> fields_of(const PublicationRule& rule) {
  std::vector<DataField> fields;
  for (const std::string& field : rule.fields) fields.push_back(describe_field(field));
  return fields;
}

void keep_only(const std::vector<std::string>& fields, Rows& rows) {
  for (Row& row : rows) std::erase_if(row, [&](const auto& cell) { return !is_one_of(fields, cell.first); });
}

}  // namespace

int Compilation::group_min() const { return std::max(rule.group_min, persons_min); }

Result<PublicationRule> find_publication(const Rulebook& book, const std::string& id, Day day) {
  if (const PublicationRule* rule = book.find(book.publications, id, day)) return *rule;
  std::vector<std::string> known;
  for (const PublicationRule& rule : book.publications)
    if (book.applies_on(rule, day)) known.push_back(rule.id);
  return refuse("PRO-01", book.name)
      .because("publication", id)
      .says("规则库没有此公开事项：" + id, "the rulebook has no such publication: " + id)
      .mend("可选：" + joined(known), "choose one of: " + joined(known));
}

Result<std::optional<Period>> find_period(const PublicationRule& rule, const std::string& period) {
  const std::string example = period_example(rule.every);
  if (example.empty() && period.empty()) return std::optional<Period>();
  if (auto parsed = parse_period(rule.every, period)) return parsed;
  const bool none = example.empty();
  return refuse("HLD-01", rule.basis)
      .because("publication", rule.id)
      .because("every", rule.every)
      .because("period", period)
      .says(none ? "“" + rule.zh + "”随时公开，不分期" : "“" + rule.zh + "”的期间须写作 " + example,
            none ? rule.id + " is published at once and has no period"
                 : "a period of " + rule.id + " is written like " + example)
      .mend(none ? "不要写期间" : "写明期间", none ? "leave the period out" : "name the period");
}

Result<Instant> find_recording(Database& database, EntryId entry) {
  auto row = database.statement("SELECT body FROM entries WHERE entry_id = ?");
  row.bind(entry.value);
  if (row.step()) return read_entry(database, entry, row.blob(0)).recorded_at;
  return refuse("HLD-01")
      .because("as_of", std::to_string(entry.value))
      .says("账簿没有第 " + std::to_string(entry.value) + " 号记录", "there is no entry " + std::to_string(entry.value))
      .mend("写明账簿中已有的记录号", "name an entry that stands in the ledger");
}

Result<DataSet> compile_publication(const PublicationSources& sources, const PublicationRequest& request) {
  TANPUHUI_TRY(const Instant recorded_at, find_recording(sources.database, request.as_of));
  TANPUHUI_TRY(const PublicationRule rule,
               find_publication(sources.book, request.publication, day_at(recorded_at, sources.book.zone)));
  const Compiler* compiler = find_compiler(rule.id);
  if (compiler == nullptr || !can_fill(*compiler, rule)) return not_compiled(rule);
  TANPUHUI_TRY(const Compilation at, begin(sources, rule, request));
  DataSet set;
  TANPUHUI_TRY(set.rows, compiler->compile(at));
  keep_only(rule.fields, set.rows);
  const ProgrammeSettings programme = load_programme(sources.database);
  set.programme = programme.name;
  set.rehearsal = programme.rehearsal;
  set.publication = rule.id;
  set.title_zh = rule.zh;
  set.title_en = rule.en;
  set.basis = rule.basis;
  set.rulebook = sources.book.name;
  set.rulebook_hash = sources.book.hash;
  set.period = at.period ? at.period->text : "";
  set.as_of = at.as_of;
  set.as_of_at = at.as_of_at;
  set.zone = sources.book.zone;
  set.group_min = at.group_min();
  set.fields = fields_of(rule);
  return set;
}

PublicationCheck check_publications(const Rulebook& book) {
  PublicationCheck check;
  for (const PublicationRule& rule : book.publications) {
    const Compiler* compiler = find_compiler(rule.id);
    if (compiler == nullptr) check.uncompiled.insert(rule.id);
    for (const std::string& field : rule.fields)
      if (compiler != nullptr && !is_one_of(compiler->fields, field))
        check.findings.push_back({rule.file, rule.line, 1, rule.id + ": nothing fills the field " + field,
                                  "name one of: " + joined(compiler->fields)});
  }
  return check;
}

}  // namespace tanpuhui
