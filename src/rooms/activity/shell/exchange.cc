#include "rooms/activity/shell/exchange.h"

#include <algorithm>
#include <map>

#include "base/cbor.h"
#include "base/fault.h"
#include "crypto/hash.h"
#include "rooms/activity/shell/find_sealed_acts.h"

namespace tanpuhui {
namespace {

Refusal in_another_group(const ExchangeGroup& standing) {
  return refuse("SCN-04")
      .because("group", standing.name)
      .says("该场景已加入另一交换组：" + standing.name, "the scenario is in another group already: " + standing.name)
      .mend("使用原来的组名和密钥", "use that group and its secret");
}

Refusal in_no_group() {
  return refuse("SCN-04")
      .says("该场景未加入交换组", "the scenario is in no group of programmes that exchange")
      .mend("先用约定的组名和密钥加入", "join the agreed group first");
}

Refusal other_file(const std::string& what_zh, const std::string& what_en) {
  return refuse("DAT-06")
      .says(what_zh, what_en)
      .mend("向对方索取本组的交换文件", "ask the other programme for the file");
}

/// How this programme names the holders of accounts to others.
class Refs {
 public:
  explicit Refs(Database& database) : database_(database) {}
  const std::string& of(AccountId account) {
    const auto [known, is_new] = refs_.try_emplace(account);
    if (!is_new) return known->second;
    auto row = database_.statement("SELECT ref FROM accounts_register WHERE account_id = ?");
    if (!row.bind(account.value).step()) throw Fault("an account with acts is in no register; run `tanpuhui audit`");
    return known->second = std::string(row.text(0));
  }

 private:
  Database& database_;
  std::map<AccountId, std::string> refs_;
};

}  // namespace

std::optional<ExchangeGroup> find_exchange(Database& database, ScenarioId scenario) {
  auto row = database.statement("SELECT name, secret FROM exchange_groups WHERE scenario_id = ?");
  if (!row.bind(scenario.value).step()) return std::nullopt;
  return ExchangeGroup{std::string(row.text(0)), Bytes(row.blob(1).begin(), row.blob(1).end())};
}

Result<EntryId> join_exchange(const Office& office, ScenarioId scenario, const ExchangeGroup& group, CommandId id) {
  const auto standing = find_exchange(office.database, scenario);
  if (standing && (standing->name != group.name || standing->secret != group.secret))
    return office.on_its_basis(in_another_group(*standing));
  const Digest digest =
      sha256(CborWriter().array(3).integer(scenario.value).text(group.name).bytes(sha256(group.secret)).result());
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("CMB-01"));
  entry.notes = {{1, std::to_string(scenario.value)}, {2, group.name}};
  return office.register_act(id, digest, std::move(entry), [=](Database& store, EntryId) {
    auto insert = store.statement(
        "INSERT INTO exchange_groups(scenario_id, name, secret) VALUES (?, ?, ?) ON CONFLICT (scenario_id) DO NOTHING");
    insert.bind(scenario.value).bind(group.name).bind(group.secret).run();
  });
}

std::string tell_credited(Database& database, ScenarioId scenario, Day from, Day until) {
  const ReadTransaction one_state(database);
  const auto group = find_exchange(database, scenario);
  if (!group) throw Fault("the scenario is in no group of programmes that exchange: `tanpuhui exchange join` first");
  Refs refs(database);
  std::vector<ToldAct> told;
  for (const SealedRound& round : list_rounds(database, scenario, from, until))
    if (round.batch)
      for_each_act(database, round, [&](const SealedAct& act) {
        if (act.outcome == Outcome::accepted)
          told.push_back({round.day, exchange_key(*group, refs.of(act.account), minute_of(act.started_at), sha256)});
      });
  return format_exchange(group->name, std::move(told));
}

Result<Heard> hear_credited(const Office& office, ScenarioId scenario, const std::string& programme,
                            std::string_view text, CommandId id) {
  const auto group = find_exchange(office.database, scenario);
  if (!group) return office.on_its_basis(in_no_group());
  std::int64_t line = 0;
  const auto file = read_exchange(text, line);
  if (!file)
    return office.on_its_basis(other_file("第 " + std::to_string(line) + " 行不是交换文件的格式",
                                          "line " + std::to_string(line) + " is not of an exchange file"));
  if (file->group != group->name)
    return office.on_its_basis(
        other_file("文件属于另一交换组：" + file->group, "the file is of another group: " + file->group));
  const auto count = [&] {
    auto row = office.database.statement("SELECT count(*) FROM credited_elsewhere WHERE scenario_id = ?");
    return row.bind(scenario.value).run_integer();
  };
  const std::int64_t before = count();
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("CMB-01"));
  entry.notes = {{1, std::to_string(scenario.value)}, {2, programme}};
  entry.document_digest = sha256(as_bytes(text));
  const Digest digest = *entry.document_digest;
  TANPUHUI_TRY([[maybe_unused]] const EntryId made,
               office.register_act(id, digest, std::move(entry), [&](Database& store, EntryId) {
                 auto insert = store.statement(
                     "INSERT INTO credited_elsewhere(scenario_id, day, act_key, programme) VALUES (?, ?, ?, ?) "
                     "ON CONFLICT DO NOTHING");
                 for (const ToldAct& act : file->acts)
                   insert.bind(scenario.value).bind(act.day.number).bind(act.key).bind(programme).add();
                 if (!file->acts.empty()) insert.run();
               }));
  const std::int64_t heard = std::ssize(file->acts);
  return Heard{heard, heard - (count() - before)};
}

std::vector<std::int64_t> find_heard(Database& database, ScenarioId scenario, Day day) {
  std::vector<std::int64_t> keys;
  auto rows =
      database.statement("SELECT act_key FROM credited_elsewhere WHERE scenario_id = ? AND day = ? ORDER BY act_key");
  rows.bind(scenario.value).bind(day.number);
  while (rows.step()) keys.push_back(rows.integer(0));
  return keys;
}

std::vector<CreditedElsewhere> find_credited_elsewhere(Database& database, const ExchangeGroup& group,
                                                       const std::vector<std::int64_t>& heard, const Acts& acts) {
  std::vector<CreditedElsewhere> twins;
  Refs refs(database);
  for (std::size_t i = 0; i < acts.size(); ++i) {
    const Act act = acts.at(i);
    if (std::ranges::any_of(keys_of(group, refs.of(act.account), act.started_at, sha256),
                            [&](std::int64_t key) { return std::ranges::binary_search(heard, key); }))
      twins.push_back({act.account, act.started_at});
  }
  std::ranges::sort(twins);
  return twins;
}

}  // namespace tanpuhui
