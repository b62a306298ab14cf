#include <algorithm>

#include <fmt/format.h>

#include "base/words.h"
#include "ledger/account.h"
#include "procedure/first_act.h"
#include "publications/compilers.h"

namespace tanpuhui {

std::vector<StoredCase> cases_of(const Compilation& at, const std::string& procedure) {
  return list_cases_as_of(at.sources.database, procedure, at.as_of);
}

bool is_person(Database& database, AccountId account) {
  auto row = database.statement("SELECT kind FROM accounts_register WHERE account_id = ?");
  row.bind(account.value);
  return !row.step() || row.integer(0) == static_cast<int>(AccountKind::person);
}

Cell applicant_of(const Case& matter) {
  const Applicant& applicant = matter.applicant;
  if (applicant.kind == "person" || applicant.unit.empty()) return std::string("个人 individual");
  return applicant.unit;
}

Cell field_of(const Case& matter, const std::string& field) {
  const std::string text = matter.field(field);
  return text.empty() ? Cell() : Cell(text);
}

std::string name_of(const StoredCase& stored, const std::vector<std::string>& fields) {
  for (const std::string& field : fields)
    if (std::string text = stored.matter.field(field); !text.empty()) return text;
  return fmt::format("case {}", stored.number);
}

Cell document_of(const Case& matter, const std::string& kind) {
  const auto found = matter.documents.find(kind);
  return found == matter.documents.end() ? Cell() : Cell("sha256:" + to_hex(found->second.digest));
}

const CaseAct* last_act(const Case& matter, const std::vector<std::string>& actions) {
  const auto found = std::find_if(matter.history.rbegin(), matter.history.rend(),
                                  [&](const CaseAct& act) { return act.complete && is_one_of(actions, act.action); });
  return found == matter.history.rend() ? nullptr : &*found;
}

const CaseAct* first_act_with(const Compilation& at, const Case& matter, const std::vector<std::string>& effects) {
  const auto leads = [&](const CaseAct& act, const ActionRule& rule) {
    const bool it = rule.id == act.action || (act.action == bring_in_action && rule.to == act.to);
    return it && rule.procedure == matter.procedure && is_one_of(effects, rule.effect);
  };
  for (const CaseAct& act : matter.history)
    if (act.complete &&
        std::ranges::any_of(at.sources.book.actions, [&](const ActionRule& rule) { return leads(act, rule); }))
      return &act;
  return nullptr;
}

const CaseAct* first_entry(const Case& matter, const std::string& state) {
  const auto found = std::ranges::find_if(
      matter.history, [&](const CaseAct& act) { return act.complete && act.to == state && act.from != state; });
  return found == matter.history.end() ? nullptr : &*found;
}

Cell day_of_act(const Compilation& at, const CaseAct* act) {
  return act == nullptr ? Cell() : Cell(format_day(day_at(act->at, at.sources.book.zone)));
}

Cell objection_channel(const std::string& about) {
  return "向平台提出异议，注明 " + about + " / object on the platform, naming " + about;
}

}  // namespace tanpuhui
