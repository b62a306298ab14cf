#include "rooms/scenario/shell/record_scenario.h"

#include <algorithm>

#include "base/cbor.h"
#include "base/words.h"
#include "cases/standings.h"
#include "crypto/ed25519.h"
#include "crypto/hash.h"

namespace tanpuhui {
namespace {

std::string key_holder(const std::string& scenario) { return "partner:" + scenario; }

std::optional<PublicKeyBytes> find_partner_key(Database& database, const std::string& name) {
  const std::string holder = key_holder(name);
  auto row = database.statement("SELECT public_key FROM signing_keys WHERE holder = ?");
  row.bind(holder);
  if (!row.step()) return std::nullopt;
  PublicKeyBytes key{};
  std::ranges::copy_n(row.blob(0).begin(), std::min<std::ptrdiff_t>(32, std::ssize(row.blob(0))), key.begin());
  return key;
}

bool lets_connect(Database& database, std::int64_t case_number) {
  static const std::vector<std::string> words{"filed", "recognised", "connecting", "live", "suspended"};
  const std::vector<Standing> standings = standings_of_object(database, case_number);
  return !standings.empty() && is_one_of(words, standings.back().word);  // also one that goes live later
}

ScenarioFacts find_facts(const Office& office, const ScenarioRecord& record) {
  Database& database = office.database;
  ScenarioFacts facts;
  facts.scenario = find_scenario(database, record.name);
  facts.partner_key = find_partner_key(database, record.name);
  facts.case_lets_connect = lets_connect(database, record.case_number);
  auto other = database.statement("SELECT 1 FROM scenario_cases WHERE case_id = ? AND scenario <> ?");
  facts.case_is_of_another = other.bind(record.case_number).bind(record.name).step();
  for (const Standing& version : standings_of(database, methodology_thing, record.methodology))
    facts.published_hash = version.detail;
  return facts;
}

Digest request_digest(const ScenarioRecord& record) {
  CborWriter content;
  content.array(12).text("tph/scenario2").text(record.name).text(record.title_zh).text(record.title_en);
  content.text(record.developer).text(record.methodology).bytes(record.methodology_hash);
  content.integer(record.live_from.number);
  if (record.live_until)
    content.array(1).integer(record.live_until->number);
  else
    content.array(0);
  content.integer(record.lateness_days).bytes(record.partner_key).integer(record.case_number);
  return sha256(content.result());
}

void insert_scenario(Database& database, const ScenarioRecord& record) {
  auto insert = database.statement(
      "INSERT INTO scenarios(scenario_id, name, title_zh, title_en, developer, methodology, methodology_hash, "
      "live_from, live_until, lateness_days, status) "
      "VALUES ((SELECT coalesce(max(scenario_id), 0) + 1 FROM scenarios), ?, ?, ?, ?, ?, ?, ?, ?, ?, 'live')");
  insert.bind(record.name).bind(record.title_zh).bind(record.title_en).bind(record.developer);
  insert.bind(record.methodology).bind(ByteView(record.methodology_hash)).bind(record.live_from.number);
  if (record.live_until)
    insert.bind(record.live_until->number);
  else
    insert.bind(nullptr);
  insert.bind(record.lateness_days).run();
}

void insert_key(Database& database, const ScenarioRecord& record) {
  const std::string holder = key_holder(record.name);
  // The key may stand already: the decision saw that it is this one.
  auto insert =
      database.statement("INSERT INTO signing_keys(holder, public_key) VALUES (?, ?) ON CONFLICT (holder) DO NOTHING");
  insert.bind(holder).bind(ByteView(record.partner_key)).run();
}

void insert_case_of(Database& database, const ScenarioRecord& record) {
  auto insert = database.statement("INSERT INTO scenario_cases(scenario, case_id) VALUES (?, ?)");
  insert.bind(record.name).bind(record.case_number).run();
}

Entry recording_entry(const Office& office, const ScenarioRecord& record) {
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("SCN-05"));
  entry.notes = {{1, record.name},
                 {2, record.methodology},
                 {3, to_hex(record.methodology_hash)},
                 {4, to_hex(record.partner_key)},
                 {5, std::to_string(record.case_number)}};
  return entry;
}

}  // namespace

Result<ScenarioId> record_scenario(const Office& office, const ScenarioRecord& record, CommandId id) {
  const ScenarioFacts facts = find_facts(office, record);
  const auto is_new = decide_record_scenario(record, facts);
  if (is_new && !*is_new) return facts.scenario->id;
  const auto decide = [&](const AccountState&) -> Result<Decided> {
    if (!is_new) return is_new.error();
    return Decided{recording_entry(office, record), [&record](Database& store, EntryId) {
                     insert_scenario(store, record);
                     insert_key(store, record);
                     insert_case_of(store, record);
                   }};
  };
  TANPUHUI_TRY(const EntryId entry, office.carry_out(office.command(id, system_account(SystemAccount::issued),
                                                                    request_digest(record), decide)));
  static_cast<void>(entry);
  return find_scenario(office.database, record.name).value().id;
}

}  // namespace tanpuhui
