#include "rooms/points/shell/expire.h"

#include <vector>

#include "base/cbor.h"
#include "crypto/hash.h"
#include "rooms/points/expire.h"

namespace tanpuhui {
namespace {

std::int64_t count_due(Database& database, Day today) {
  return database.statement("SELECT count(*) FROM accounts WHERE next_expiry < ?").bind(today.number).run_integer();
}

// The next slice in order of the key: a scan in slices, so that memory stays flat however many are due.
std::vector<AccountId> next_due(Database& database, Day today, AccountId after) {
  const std::int32_t part = after.value == 0 ? -1 : part_of(after).value;
  auto rows = database.statement(
      "SELECT account_id FROM accounts WHERE (part, account_id) > (?, ?) AND next_expiry < ? ORDER BY part, account_id "
      "LIMIT ?");
  rows.bind(part).bind(after.value).bind(today.number).bind(Writer::commands_per_commit);
  std::vector<AccountId> accounts;
  while (rows.step()) accounts.push_back(AccountId{rows.integer(0)});
  return accounts;
}

// One clearing an account and day, whoever runs it and how often.
Digest clearing_of(AccountId account, Day today) {
  CborWriter out;
  out.array(3).text("tph/expire1").integer(account.value).integer(today.number);
  return sha256(out.result());
}

Command clearing(const Office& office, AccountId account, const std::string& basis, Cleared& cleared) {
  const Day today = office.today();
  const Digest content = clearing_of(account, today);
  return office.command(command_id_of(start_of(today, office.book.zone), content), account, content,
                        [&office, &basis, &cleared, today](const AccountState& state) -> Result<Decided> {
                          Posting posting = decide_expiry(state, today);
                          cleared = cleared_by(posting);
                          return Decided{office.entry(EntryKind::expire, "platform", basis, std::move(posting)), {}};
                        });
}

Result<Done> clear_slice(const Office& office, const std::vector<AccountId>& accounts, const std::string& basis,
                         ExpiryReport& report) {
  std::vector<Cleared> cleared(accounts.size());
  std::vector<Command> commands;
  commands.reserve(accounts.size());
  for (std::size_t i = 0; i < accounts.size(); ++i)
    commands.push_back(clearing(office, accounts[i], basis, cleared[i]));
  const std::vector<Answer> answers = office.writer.execute(commands, office.now);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].refusal) return *answers[i].refusal;
    if (answers[i].repeated) continue;  // cleared earlier today; what came back since waits for tomorrow
    report.accounts += 1;
    report.points += cleared[i].points;
    report.reductions += cleared[i].reductions;
  }
  return Done{};
}

}  // namespace

Result<ExpiryReport> expire_points(const Office& office,
                                   const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const Day today = office.today();
  const Result<ExpiryRule> rule = office.book.expiry.on(today);
  if (!rule) return office.on_its_basis(rule.error());
  const std::int64_t due = count_due(office.database, today);
  ExpiryReport report;
  std::int64_t done = 0;
  for (auto slice = next_due(office.database, today, AccountId{}); !slice.empty();
       slice = next_due(office.database, today, slice.back())) {
    TANPUHUI_TRY([[maybe_unused]] const Done cleared, clear_slice(office, slice, rule->basis, report));
    done += std::ssize(slice);
    if (progress) progress(done, due);
  }
  return report;
}

}  // namespace tanpuhui
