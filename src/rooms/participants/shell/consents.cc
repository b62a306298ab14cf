#include "rooms/participants/shell/consents.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "base/cbor.h"
#include "crypto/hash.h"
#include "rooms/participants/consent.h"
#include "rooms/participants/holder_text.h"
#include "rooms/participants/shell/consent_file.h"
#include "rooms/participants/shell/register_rows.h"
#include "rooms/scenario/shell/find_scenario.h"

namespace tanpuhui {
namespace {

constexpr std::size_t consent_examples_max = 20;

std::optional<ScenarioId> find_scenario_id(Database& database, std::string_view name) {
  auto row = database.statement("SELECT scenario_id FROM scenarios WHERE name = ?");
  row.bind(name);
  if (!row.step()) return std::nullopt;
  return ScenarioId{row.integer(0)};
}

std::vector<StandingConsent> load_standing(Database& database, ScenarioId scenario, std::string_view subject) {
  std::vector<StandingConsent> standing;
  auto rows = database.statement(
      "SELECT account_id, person_ref, from_at, until_at FROM consents WHERE scenario_id = ? AND subject = ? "
      "ORDER BY from_at");
  rows.bind(scenario.value).bind(subject);
  while (rows.step()) {
    StandingConsent& consent = standing.emplace_back();
    consent.account = AccountId{rows.integer(0)};
    consent.person = std::string(rows.text(1));
    consent.term.from.ms = rows.integer(2);
    if (!rows.is_null(3)) consent.term.until = Instant{rows.integer(3)};
  }
  return standing;
}

/// What a file will change, decided line by line on the register and the lines before.
class ConsentPlan {
 public:
  ConsentPlan(const Office& office, ByteView account_salt) : office_(office), salt_(account_salt) {}

  ConsentVerdict take(const ConsentFile::Line& line);
  bool empty() const { return recorded_.empty(); }
  std::int64_t accounts_opened() const { return static_cast<std::int64_t>(opened_.size()); }
  void save(Database& database) const;
  /// The same plan of the same file has the same id.
  CommandId command_id(const Digest& file) const;
  Digest digest(const Digest& file) const;

 private:
  struct Recorded {
    std::int64_t line;
    ScenarioId scenario;
    Consent consent;
    AccountId account;
  };
  struct Holder {
    RegisteredAccount account;
    bool registered = false;  ///< in the register or by a line before
  };
  std::optional<ScenarioId> scenario_of(std::string_view name);
  bool is_project_of(std::string_view name);
  std::vector<StandingConsent>& standing_of(ScenarioId scenario, std::string_view subject);
  Holder& holder_of(std::string_view person);
  void record(const Recorded& recorded, std::vector<StandingConsent>& standing);
  void open(std::string_view person, Holder& holder, Instant from);

  const Office& office_;
  ByteView salt_;
  std::vector<Recorded> recorded_;
  std::vector<std::string_view> opened_;
  std::unordered_map<std::string_view, std::optional<ScenarioId>> scenarios_;
  std::unordered_map<std::string_view, bool> projects_;
  std::unordered_map<std::string, std::vector<StandingConsent>> standing_;
  std::unordered_map<std::string_view, Holder> holders_;
  std::unordered_map<AccountId, std::string_view> new_numbers_;
};

ConsentVerdict ConsentPlan::take(const ConsentFile::Line& line) {
  if (line.malformed) return {ConsentOutcome::malformed_line, {}};
  const auto consent = read_consent(line.values);
  if (!consent) return consent.error();
  const auto scenario = scenario_of(consent->scenario);
  if (!scenario) return {ConsentOutcome::unknown_scenario, ConsentField::scenario};
  std::vector<StandingConsent>& standing = standing_of(*scenario, consent->subject);
  Holder& holder = holder_of(consent->person);
  ConsentFacts facts{standing, {}, is_project_of(consent->scenario)};
  if (holder.registered) facts.holder = HolderFacts{holder.account.kind, holder.account.status};
  const ConsentVerdict verdict = decide_consent(*consent, facts, office_.now);
  if (verdict.outcome == ConsentOutcome::recorded) {
    open(consent->person, holder, consent->term.from);
    record({line.number, *scenario, *consent, holder.account.account}, standing);
  }
  return verdict;
}

std::optional<ScenarioId> ConsentPlan::scenario_of(std::string_view name) {
  const auto known = scenarios_.find(name);
  if (known != scenarios_.end()) return known->second;
  return scenarios_.emplace(name, find_scenario_id(office_.database, name)).first->second;
}

bool ConsentPlan::is_project_of(std::string_view name) {
  const auto known = projects_.find(name);
  if (known != projects_.end()) return known->second;
  return projects_.emplace(name, is_project(office_.database, std::string(name))).first->second;
}

std::vector<StandingConsent>& ConsentPlan::standing_of(ScenarioId scenario, std::string_view subject) {
  std::string key = fmt::format("{} {}", scenario.value, subject);
  const auto known = standing_.find(key);
  if (known != standing_.end()) return known->second;
  return standing_.emplace(std::move(key), load_standing(office_.database, scenario, subject)).first->second;
}

ConsentPlan::Holder& ConsentPlan::holder_of(std::string_view person) {
  const auto known = holders_.find(person);
  if (known != holders_.end()) return known->second;
  Holder holder;
  if (const auto found = find_registered(office_.database, person)) holder = {*found, true};
  return holders_.emplace(person, holder).first->second;
}

// A new account is open from the first consent of the file on, in whatever order the lines stand.
void ConsentPlan::open(std::string_view person, Holder& holder, Instant from) {
  if (!holder.registered) {
    const AccountId number = free_account_number(office_.database, salt_, person);
    const auto [same, fresh] = new_numbers_.emplace(number, person);
    if (!fresh) fail_same_number(number, person, same->second);
    holder = {{number, AccountKind::person, AccountStatus::active, from}, true};
    opened_.push_back(person);
  } else if (new_numbers_.contains(holder.account.account)) {
    holder.account.opened_at = std::min(holder.account.opened_at, from);
  }
}

void ConsentPlan::record(const Recorded& recorded, std::vector<StandingConsent>& standing) {
  standing.push_back({recorded.account, std::string(recorded.consent.person), recorded.consent.term});
  recorded_.push_back(recorded);
}

void ConsentPlan::save(Database& database) const {
  for (const std::string_view person : opened_) insert_account(database, person, holders_.at(person).account);
  // An end that the file names was agreed: what was done before it is settled. Only a withdrawal drops.
  auto insert = database.statement(
      "INSERT INTO consents(scenario_id, subject, account_id, person_ref, from_at, until_at, drop_unsealed, "
      "text_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  for (const auto& [line, scenario, consent, account] : recorded_) {
    insert.bind(scenario.value).bind(consent.subject).bind(account.value).bind(consent.person);
    insert.bind(consent.term.from.ms);
    if (consent.term.until)
      insert.bind(consent.term.until->ms);
    else
      insert.bind(nullptr);
    insert.bind(consent.term.until ? 0 : 1).bind(consent.text_version).add();
  }
  insert.queue();
}

Digest ConsentPlan::digest(const Digest& file) const {
  CborWriter content;
  content.array(3).text("tph/consents1").bytes(file).array(recorded_.size());
  for (const Recorded& recorded : recorded_) content.integer(recorded.line);
  return sha256(content.result());
}

CommandId ConsentPlan::command_id(const Digest& file) const {
  Instant last = recorded_.front().consent.term.from;
  for (const Recorded& recorded : recorded_) last = std::max(last, recorded.consent.term.from);
  return command_id_of(last, digest(file));
}

std::string counts_text(const ConsentReport& report) {
  std::string text;
  for (const auto& [outcome, count] : report.counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", outcome, count);
  return text;
}

void count(ConsentReport& report, const ConsentFile::Line& line, const ConsentVerdict& verdict) {
  const ConsentOutcomeRow& row = describe_consent_outcome(verdict.outcome);
  ++report.lines;
  ++report.counts[std::string(row.id)];
  if (row.family.empty() || report.examples.size() == consent_examples_max) return;
  ConsentExample& example = report.examples.emplace_back();
  example.line = line.number;
  example.outcome = std::string(row.id);
  if (!line.malformed) example.field = std::string(name_of(verdict.field));
  example.value = shown_text(line.malformed ? line.text : line.values[static_cast<std::size_t>(verdict.field)]);
  example.message_zh = std::string(row.zh);
  example.message_en = std::string(row.en);
  example.remedy_zh = std::string(row.remedy_zh);
  example.remedy_en = std::string(row.remedy_en);
}

Entry loading_entry(const Office& office, const ConsentFile& file, const ConsentReport& report) {
  Entry entry = office.entry(EntryKind::register_act, "partner", office.book.basis_of("CON-01"));
  entry.document_digest = file.digest();
  entry.notes = {{1, file.name()}, {2, counts_text(report)}};
  return entry;
}

Digest request_digest(const Withdrawal& withdrawal) {
  CborWriter content;
  content.array(5).text("tph/withdraw1").text(withdrawal.scenario).text(withdrawal.subject);
  content.integer(withdrawal.at.ms).integer(withdrawal.settle_unsealed ? 1 : 0);
  return sha256(content.result());
}

Refusal no_such_scenario(const Withdrawal& withdrawal) {
  return refuse("DAT-04")
      .because("scenario", shown_text(withdrawal.scenario))
      .says("没有这个场景", "there is no such scenario")
      .mend("核对场景名称", "check the name of the scenario");
}

void end_consent(Database& database, ScenarioId scenario, const Withdrawal& withdrawal, Instant from) {
  auto update = database.statement(
      "UPDATE consents SET until_at = ?, drop_unsealed = ? WHERE scenario_id = ? AND subject = ? AND from_at = ?");
  update.bind(withdrawal.at.ms).bind(withdrawal.settle_unsealed ? 0 : 1);
  update.bind(scenario.value).bind(withdrawal.subject).bind(from.ms);
  update.queue(1);  // the consent that ends stands in the register
}

Entry withdrawal_entry(const Office& office, const Withdrawal& withdrawal, AccountId account) {
  Entry entry = office.entry(EntryKind::register_act, "person", office.book.basis_of("CON-01"));
  entry.notes = {{1, withdrawal.scenario},
                 {2, std::to_string(account.value)},
                 {3, format_utc(withdrawal.at)},
                 {4, withdrawal.settle_unsealed ? "settle unsealed acts" : "drop unsealed acts"}};
  return entry;
}

}  // namespace

Result<ConsentReport> load_consents(const Office& office, ByteView account_salt, const std::string& path) {
  auto file = ConsentFile::read(path);
  if (!file) return office.on_its_basis(file.error());
  ConsentReport report;
  report.file_name = file->name();
  ConsentPlan plan(office, account_salt);
  while (const auto line = file->next()) count(report, *line, plan.take(*line));
  report.accounts_opened = plan.accounts_opened();
  if (plan.empty()) return report;
  TANPUHUI_TRY(const EntryId entry, office.register_act(plan.command_id(file->digest()), plan.digest(file->digest()),
                                                        loading_entry(office, *file, report),
                                                        [&plan](Database& store, EntryId) { plan.save(store); }));
  static_cast<void>(entry);
  return report;
}

Result<EntryId> withdraw_consent(const Office& office, const Withdrawal& withdrawal, CommandId id) {
  const auto decide = [&](const AccountState&) -> Result<Decided> {
    const auto scenario = find_scenario_id(office.database, withdrawal.scenario);
    if (!scenario) return no_such_scenario(withdrawal);
    const auto standing = load_standing(office.database, *scenario, withdrawal.subject);
    TANPUHUI_TRY(const StandingConsent open, decide_withdrawal(standing, withdrawal.at, office.now));
    return Decided{withdrawal_entry(office, withdrawal, open.account),
                   [&withdrawal, scenario, from = open.term.from](Database& store, EntryId) {
                     end_consent(store, *scenario, withdrawal, from);
                   }};
  };
  return office.carry_out(
      office.command(id, system_account(SystemAccount::issued), request_digest(withdrawal), decide));
}

}  // namespace tanpuhui
