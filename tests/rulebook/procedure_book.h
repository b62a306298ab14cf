#pragma once
/// A made-up regulation: a plan is submitted, supplemented, appraised by votes, put on notice, signed by two bureaus.
#include "rulebook/book_files.h"

namespace tanpuhui::test {

constexpr std::string_view small_book_toml =
    "name = \"t1\"\ntitle_zh = \"试\"\ntitle_en = \"Trial\"\ndocument_number = \"1\"\nzone = \"+08:00\"\nregion = "
    "\"1\"\n";

constexpr std::string_view small_chapter = R"(# 章 · Chapter
## t1.a1 计划 · Plans
- **zh**: 计划经评估、公示后公布。
- **en**: Plans are appraised, put on notice and published.
- **kind**: procedure · **status**: executable

```toml
[[role]]
id = "developer"
zh = "开发主体"
en = "developer"
party = "applicant"

[[role]]
id = "clerk"
zh = "经办人"
en = "clerk"
party = "operator"
excludes = ["approver"]

[[role]]
id = "approver"
zh = "审核人"
en = "approver"
party = "operator"

[[role]]
id = "expert"
zh = "专家"
en = "expert"
party = "expert"

[[role]]
id = "first_bureau"
zh = "甲局"
en = "first bureau"
party = "authority"

[[role]]
id = "second_bureau"
zh = "乙局"
en = "second bureau"
party = "authority"

[[procedure]]
id = "plan"
zh = "计划"
en = "plan"
starts = "draft"
states = [
  {id = "draft", zh = "草稿", en = "draft"},
  {id = "appraising", zh = "评估中", en = "being appraised"},
  {id = "supplement", zh = "待补正", en = "to be supplemented"},
  {id = "passed", zh = "评估通过", en = "passed"},
  {id = "on_notice", zh = "公示中", en = "on notice"},
  {id = "filing", zh = "待公布", en = "to be published"},
  {id = "published", zh = "已公布", en = "published", rests = true},
  {id = "rejected", zh = "未通过", en = "rejected", rests = true},
]

[[procedure]]
id = "objection"
zh = "异议"
en = "objection"
starts = "received"
states = [
  {id = "received", zh = "已收到", en = "received"},
  {id = "answered", zh = "已答复", en = "answered", rests = true},
]

[[action]]
procedure = "objection"
id = "answer"
zh = "答复"
en = "answer"
when = ["received"]
to = "answered"
by = ["clerk"]

[[guard]]
id = "parts"
code = "MET-01"
zh = "须附材料"
en = "parts must be attached"
remedy_zh = "补充材料"
remedy_en = "attach them"
documents = ["baseline", "text"]

[[guard]]
id = "majority"
code = "MET-03"
zh = "须三分之二同意"
en = "two thirds must agree"
remedy_zh = "请专家表决"
remedy_en = "let the experts vote"
votes_for = "vote"
share = "2/3"
at_least = 2

[[guard]]
id = "no_objection"
code = "MET-03"
zh = "异议尚未办结"
en = "an objection is open"
remedy_zh = "先办结异议"
remedy_en = "answer it first"
closed = "objection"

[[guard]]
id = "appraisal_late"
code = "TER-01"
zh = "评估尚未逾期"
en = "the appraisal is not overdue"
remedy_zh = "等待期满"
remedy_en = "wait until it is"
overdue = "appraisal"

[[action]]
procedure = "plan"
id = "submit"
zh = "申报"
en = "submit"
when = ["draft"]
to = "appraising"
by = ["developer"]
needs = ["parts"]

[[action]]
procedure = "plan"
id = "ask"
zh = "要求补正"
en = "ask for a supplement"
when = ["appraising"]
to = "supplement"
by = ["clerk"]
needs_reason = true

[[action]]
procedure = "plan"
id = "supply"
zh = "补正"
en = "supply"
when = ["supplement"]
to = "appraising"
by = ["developer"]

[[action]]
procedure = "plan"
id = "vote"
zh = "表决"
en = "vote"
when = ["appraising"]
by = ["expert"]
votes = true

[[action]]
procedure = "plan"
id = "pass"
zh = "通过"
en = "pass"
when = ["appraising"]
to = "passed"
by = ["clerk", "approver"]
apart_from = ["ask"]
needs = ["majority"]

[[action]]
procedure = "plan"
id = "give_up"
zh = "终止"
en = "give up"
when = ["appraising"]
to = "rejected"
by = ["clerk"]
needs = ["appraisal_late"]

[[action]]
procedure = "plan"
id = "open_notice"
zh = "开始公示"
en = "open the notice"
when = ["passed"]
to = "on_notice"
by = ["clerk"]
publishes = "notices"

[[action]]
procedure = "plan"
id = "close_notice"
zh = "结束公示"
en = "close the notice"
when = ["on_notice"]
to = "filing"
by = ["clerk"]
needs = ["no_objection"]

[[action]]
procedure = "plan"
id = "change_text"
zh = "变更内容"
en = "change the text"
when = ["on_notice", "filing"]
to = "passed"
by = ["developer"]

[[action]]
procedure = "plan"
id = "publish"
zh = "公布"
en = "publish"
when = ["filing"]
to = "published"
by = ["first_bureau", "second_bureau"]
together = true
publishes = "notices"
effect = "plan_published"

[[deadline]]
id = "appraisal"
procedure = "plan"
zh = "评估"
en = "appraisal"
starts = ["submit"]
ends = ["pass", "give_up"]
working_days = 20
paused_by = ["ask"]
resumed_by = ["supply"]
remind_after = [10, 15, 18]
owner = "clerk"
escalates_to = "approver"

[[notice]]
id = "plan_notice"
procedure = "plan"
zh = "计划公示"
en = "notice of a plan"
opens = ["open_notice"]
closes = ["close_notice"]
working_days_min = 5
before = ["filing", "published"]
code = "MET-03"

[[publication]]
id = "notices"
zh = "公示"
en = "notices"
fields = ["title"]
every = "at_once"
```
)";

inline std::vector<SourceFile> small_files() {
  return {{"t1/book.toml", std::string(small_book_toml)}, {"t1/ch1_first.law.md", std::string(small_chapter)}};
}

/// The book with one passage replaced.
inline std::vector<SourceFile> small_files_with(std::string_view from, std::string_view to) {
  std::vector<SourceFile> files = small_files();
  const auto at = files[1].text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) files[1].text.replace(at, from.size(), to);
  return files;
}

}  // namespace tanpuhui::test
