#include "governance/register_effects.h"

#include <algorithm>

#include "base/decimal.h"
#include "cases/listings.h"
#include "cases/officers.h"
#include "governance/standing_effects.h"
#include "rooms/participants/shell/register_rows.h"
#include "rooms/reduction/shell/signers.h"

namespace tanpuhui {
namespace {

AccountKind kind_of(const Applicant& applicant) {
  return applicant.kind == "person" ? AccountKind::person : AccountKind::organisation;
}

Refusal no_such_account(const std::string& ref) {
  return refuse("ACC-01")
      .because("account", ref)
      .says("没有此账户：" + ref, "there is no account " + ref)
      .mend("先开户", "open the account first");
}

/// What the account of the case's holder becomes; `opens` where there is none yet.
Effect account_becomes(AccountStatus status, bool opens, const Bytes& salt) {
  return [=](const StepTaken& step) -> Result<RowChange> {
    const Applicant& holder = step.stored.matter.applicant;
    const std::string ref = holder_of(step.stored.matter);
    const auto account = find_registered(step.office.database, ref);
    if (account)
      return RowChange(
          [=, number = account->account](Database& store, EntryId) { set_account_status(store, number, status); });
    if (!opens) return no_such_account(ref);
    const AccountId number = free_account_number(step.office.database, salt, ref);
    const RegisteredAccount row{number, kind_of(holder), status, step.office.now};
    return RowChange([=](Database& store, EntryId) { insert_account(store, ref, row); });
  };
}

/// The word in that field of the case is on the list from now on, and the case's own.
Effect puts_on_list(const std::string& list, const std::string& field) {
  return [=](const StepTaken& step) -> Result<RowChange> {
    const std::string word = step.stored.matter.field(field);
    return RowChange([=, number = step.stored.number](Database& store, EntryId) {
      if (!word.empty()) add_listing(store, list, word, number);
    });
  };
}

std::string expert_role(const Rulebook& book) {
  const auto role = std::ranges::find(book.roles, Party::expert, &RoleRule::party);
  return role == book.roles.end() ? "" : role->id;
}

Effect expert_until(bool ends) {
  return [ends](const StepTaken& step) -> Result<RowChange> {
    const Case& matter = step.stored.matter;
    TANPUHUI_TRY(const Day from, begins_on(step, "term_begins_on"));
    TANPUHUI_TRY(const std::optional<Day> until, day_in(step, "term_ends_on"));
    Officer expert{holder_of(matter), expert_role(step.office.book), matter.field("employer"), from, until};
    if (ends) expert.until = step.office.today() + -1;
    if (auto refusal = refuse_officer(step.office, expert)) return *refusal;
    return RowChange([expert](Database& store, EntryId) { save_officer(store, expert); });
  };
}

std::string document_of(const StoredCase& stored) { return "case:" + std::to_string(stored.number); }

Refusal bad_limit() {
  return refuse("ISS-01")
      .says("委托没有截止日期，或数量上限无法识别", "the delegation has no last day, or its limit cannot be read")
      .mend("写明截止日期；数量上限以千克计，如 50000", "name its last day, and the limit in kg, as 50000");
}

Result<Delegation> delegation_of(const StepTaken& step) {
  TANPUHUI_TRY(const Day from, begins_on(step, "begins_on"));
  TANPUHUI_TRY(const std::optional<Day> until, day_in(step, "ends_on"));
  const auto limit_mg = parse_fixed(step.stored.matter.field("limit"), 6);
  if (!until || !limit_mg || *limit_mg < 0) return bad_limit();
  return Delegation{document_of(step.stored), step.stored.matter.field("scope"), from, *until, Milligrams(*limit_mg)};
}

Effect delegation_in_force() {
  return [](const StepTaken& step) -> Result<RowChange> {
    TANPUHUI_TRY(const Delegation delegation, delegation_of(step));
    return RowChange([delegation](Database& store, EntryId) { save_delegation(store, delegation); });
  };
}

Effect delegation_revoked() {
  return [](const StepTaken& step) -> Result<RowChange> {
    return RowChange([document = document_of(step.stored), last = step.office.today() + -1](Database& store, EntryId) {
      end_delegation(store, document, last);
    });
  };
}

}  // namespace

std::map<std::string, Effect> account_effects(Bytes account_salt) {
  return {{"account_active", both(account_becomes(AccountStatus::active, true, account_salt),
                                  puts_on_list("registered_identities", "identity"))},
          {"account_frozen", account_becomes(AccountStatus::suspended, false, account_salt)},
          {"account_closed", account_becomes(AccountStatus::closed, false, account_salt)}};
}

std::map<std::string, Effect> expert_effects() {
  return {{"expert_appointed", expert_until(false)}, {"expert_ended", expert_until(true)}};
}

std::map<std::string, Effect> delegation_effects() {
  return {{"delegation_in_force", delegation_in_force()}, {"delegation_revoked", delegation_revoked()}};
}

Effect claim_identifier() { return puts_on_list("identifiers_in_use", "identifier"); }

}  // namespace tanpuhui
