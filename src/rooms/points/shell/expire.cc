#include "rooms/points/shell/expire.h"

#include <optional>
#include <vector>

#include "base/cbor.h"
#include "crypto/hash.h"
#include "office/share_lanes.h"
#include "rooms/points/expire.h"

namespace tanpuhui {
namespace {

// The next slice in order of the key: a scan in slices, so that memory stays flat however many are due.
std::vector<AccountId> next_due(Database& database, Day today, PartRange parts, std::optional<AccountId> after) {
  auto rows = database.statement(
      "SELECT account_id FROM accounts WHERE (part, account_id) > (?, ?) AND part <= ? AND next_expiry < ? ORDER BY "
      "part, account_id LIMIT ?");
  rows.bind(after ? part_of(*after).value : parts.first.value - 1).bind(after.value_or(AccountId{}).value);
  rows.bind(parts.last.value).bind(today.number).bind(Writer::job_commands_per_commit);
  std::vector<AccountId> accounts;
  while (rows.step()) accounts.push_back(AccountId{rows.integer(0)});
  return accounts;
}

/// One clearing an account and day, whoever runs it and how often. All accounts share the id of the day's run; an
/// answer is kept under (id, part, account), so answers arrive in the order of their key.
struct Run {
  Digest content{};
  CommandId id;
  std::string basis;
};

Run run_of(const Office& office, std::string basis) {
  const Day today = office.today();
  CborWriter out;
  out.array(2).text("tph/expire2").integer(today.number);
  const Digest content = sha256(out.result());
  return {content, command_id_of(start_of(today, office.book.zone), content), std::move(basis)};
}

Command clearing(const Office& office, const Run& run, AccountId account, Cleared& cleared) {
  return office.command(run.id, account, run.content, [&](const AccountState& state) -> Result<Decided> {
    Posting posting = decide_expiry(state, office.today());
    cleared = cleared_by(posting);
    return Decided{office.entry(EntryKind::expire, "platform", run.basis, std::move(posting)), {}};
  });
}

Result<Done> clear_slice(const Office& office, const Run& run, const std::vector<AccountId>& accounts,
                         const Shared& lease, ExpiryReport& report) {
  std::vector<Cleared> cleared(accounts.size());
  std::vector<Command> commands;
  commands.reserve(accounts.size());
  for (std::size_t i = 0; i < accounts.size(); ++i) commands.push_back(clearing(office, run, accounts[i], cleared[i]));
  const std::vector<Answer> answers =
      office.writer.execute(commands, office.now, lease, Writer::job_commands_per_commit);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].refusal) return *answers[i].refusal;
    if (answers[i].repeated) continue;  // cleared earlier today; what came back since waits for tomorrow
    report.accounts += 1;
    report.points += cleared[i].points;
    report.reductions += cleared[i].reductions;
  }
  return Done{};
}

Result<Done> clear_parts(const Office& office, const Run& run, PartRange parts, const Shared& lease,
                         const std::function<void(std::int64_t, std::int64_t)>& progress, ExpiryReport& report) {
  const Day today = office.today();
  for (auto slice = next_due(office.database, today, parts, std::nullopt); !slice.empty();
       slice = next_due(office.database, today, parts, slice.back())) {
    TANPUHUI_TRY([[maybe_unused]] const Done cleared, clear_slice(office, run, slice, lease, report));
    if (progress) progress(part_of(slice.back()).value, part_count);
  }
  return Done{};
}

}  // namespace

Result<ExpiryReport> expire_points(const Office& office,
                                   const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const Result<ExpiryRule> rule = office.book.expiry.on(office.today());
  if (!rule) return office.on_its_basis(rule.error());
  const Run run = run_of(office, rule->basis);
  ExpiryReport report;
  TANPUHUI_TRY([[maybe_unused]] const Done all, share_lanes(office.database, [&](PartRange parts, const Shared& lease) {
                 return clear_parts(office, run, parts, lease, progress, report);
               }));
  if (progress) progress(part_count, part_count);
  return report;
}

}  // namespace tanpuhui
