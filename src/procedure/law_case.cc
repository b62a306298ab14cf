#include "procedure/law_case.h"

#include <array>
#include <set>

namespace tanpuhui {
namespace {

std::map<std::string, std::string> read_words(std::optional<TomlReader> table) {
  std::map<std::string, std::string> words;
  if (!table) return words;
  for (const std::string& key : table->keys()) words[key] = table->text(key);
  return words;
}

std::map<std::string, std::vector<std::string>> read_lists(std::optional<TomlReader> table) {
  std::map<std::string, std::vector<std::string>> lists;
  if (!table) return lists;
  for (const std::string& key : table->keys()) lists[key] = table->texts(key);
  return lists;
}

/// "10:05" -> 605
int read_minute(TomlReader& step) {
  const std::string text = step.optional_text("at").value_or("10:00");
  const auto at = parse_instant("2000-01-01T" + text + ":00Z");
  if (!at) step.fail("at", "this is no time of day", "write it like \"10:00\"");
  return at ? static_cast<int>((*at).ms / 60'000 % 1'440) : 0;
}

ToldStep read_step(TomlReader step) {
  static constexpr std::array<std::string_view, 2> votes = {"for", "against"};
  ToldStep read;
  read.on = step.day("on");
  read.minute = read_minute(step);
  read.by = step.text("by");
  read.does = step.text("does");
  read.as = step.optional_text("as").value_or("");
  read.unit = step.optional_text("unit").value_or("");
  read.reason = step.optional_text("reason").value_or("");
  read.documents = step.texts("documents");
  read.fields = read_words(step.optional_table("fields"));
  if (step.has("vote")) read.vote = step.one_of("vote", votes) == "for" ? Vote::for_it : Vote::against;
  read.conflict = step.optional_boolean("conflict").value_or(false);
  step.finish();
  return read;
}

void read_story(TomlReader& table, LawCase& told) {
  told.procedure = table.text("procedure");
  told.state = table.optional_text("state").value_or("");
  told.applicant = table.optional_text("applicant").value_or("organisation");
  told.documents = table.texts("documents");
  told.facts = table.texts("facts");
  told.fields = read_words(table.optional_table("fields"));
  told.linked = read_words(table.optional_table("linked"));
  told.about = read_words(table.optional_table("about"));
  told.lists = read_lists(table.optional_table("lists"));
  for (TomlReader& step : table.tables("given")) told.given.push_back(read_step(step));
  if (auto asks = table.table("asks")) told.asks = read_step(*asks);
}

std::int64_t count(TomlReader& table, std::string_view key) { return table.integer(key, 0, 1'000'000'000); }

ValueQuestion read_value(TomlReader& table) {
  static constexpr std::array<std::string_view, 8> rules = {"right", "use",     "points", "expiry",
                                                            "spend", "signing", "honour", "act_day"};
  static constexpr std::array<std::string_view, 2> actors = {"owner", "platform"};
  static constexpr std::array<std::string_view, 2> signers = {"authority", "operator"};
  static constexpr std::array<std::string_view, 3> delegations = {"none", "valid", "expired"};
  ValueQuestion question;
  question.rule = table.one_of("rule", rules);
  if (question.rule == "spend") {
    question.bearing = count(table, "bearing");
    question.plain = count(table, "plain");
    question.points = count(table, "points");
    question.takes_bearing = count(table, "takes_bearing");
  }
  question.on = table.day("on");
  if (question.rule == "right") {
    question.holder = table.text("holder");
    question.asset = table.text("asset");
    question.act = table.text("act");
  } else if (question.rule == "use") {
    question.purpose = table.text("purpose");
    question.by = table.one_of("by", actors);
  } else if (question.rule == "points") {
    if (table.has("reduction_g")) question.reduction_mg = table.fixed("reduction_g", 3);
    if (table.has("acts")) question.acts = count(table, "acts");
    question.points = count(table, "points");
  } else if (question.rule == "expiry") {
    question.available_on = table.day("available_on");
  } else if (question.rule == "signing") {
    question.signer = table.one_of("signer", signers);
    question.delegation = table.has("delegation") ? table.one_of("delegation", delegations) : "none";
  } else if (question.rule == "honour") {
    question.honour = table.text("honour");
  }
  return question;
}

LawCase read_case(TomlReader& table) {
  LawCase told;
  told.file = table.file();
  told.line = table.at().line;
  told.id = table.text("id");
  told.basis = table.text("basis");
  told.zh = table.text("zh");
  told.en = table.text("en");
  told.expect = table.text("expect");
  told.waits_for = table.optional_text("waits_for").value_or("");
  if (table.has("rule") == table.has("procedure"))
    table.fail("id", "a case asks either a procedure or a rule", "write procedure = \"...\" or rule = \"...\"");
  if (table.has("rule")) told.value = read_value(table);
  if (table.has("procedure")) read_story(table, told);
  table.finish();
  return told;
}

}  // namespace

Result<std::vector<LawCase>, TextErrors> read_law_cases(const SourceFile& file) {
  TANPUHUI_TRY(const TomlValue root, parse_toml(file.text, file.name));
  TextErrors errors;
  TomlReader reader(root, file.name, errors);
  std::vector<LawCase> cases;
  std::set<std::string> ids;
  for (TomlReader& table : reader.tables("case")) {
    cases.push_back(read_case(table));
    if (!ids.insert(cases.back().id).second) table.fail("id", "the case comes twice", "give each an id of its own");
  }
  reader.finish();
  if (!errors.empty()) return errors;
  return cases;
}

}  // namespace tanpuhui
