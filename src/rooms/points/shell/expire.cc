#include "rooms/points/shell/expire.h"

#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/cbor.h"
#include "crypto/hash.h"
#include "office/share_lanes.h"
#include "rooms/points/expire.h"
#include "store/account_row.h"

namespace tanpuhui {
namespace {

// The next slice in order of the key: a scan in slices, so that memory stays flat however many are due.
std::vector<AccountState> next_due(Database& database, Day today, PartRange parts, std::optional<AccountId> after,
                                   std::size_t most) {
  auto rows = database.statement(fmt::format(
      "SELECT {}, {} FROM accounts a JOIN accounts_register r ON r.account_id = a.account_id WHERE (a.part, "
      "a.account_id) > (?, ?) AND a.part <= ? AND a.next_expiry < ? ORDER BY a.part, a.account_id LIMIT ?",
      registered_columns, account_columns));
  rows.bind(after ? part_of(*after).value : parts.first.value - 1).bind(after.value_or(AccountId{}).value);
  rows.bind(parts.last.value).bind(today.number).bind(most);
  std::vector<AccountState> due;
  due.reserve(most);
  while (rows.step()) due.push_back(read_account(database, rows));
  return due;
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

using Progress = std::function<void(std::int64_t, std::int64_t)>;

/// The accounts of one range of parts, slice after slice.
class Clearing {
 public:
  Clearing(const Office& office, const Run& run, PartRange parts, const Progress& progress, ExpiryReport& report)
      : office_(office), run_(run), parts_(parts), progress_(progress), report_(report) {}

  Writer::Step next(Database& reader) {
    Writer::Step step{{}, next_due(reader, office_.today(), parts_, last_, size_)};
    if (step.at_hand.empty()) return step;
    last_ = step.at_hand.back().account;
    size_ = std::min(2 * size_, Writer::job_commands_per_commit);
    const auto cleared = std::make_shared<std::vector<Cleared>>(step.at_hand.size());
    step.commands.reserve(step.at_hand.size());
    for (std::size_t i = 0; i < step.at_hand.size(); ++i)
      step.commands.push_back(clearing(office_, run_, step.at_hand[i].account, (*cleared)[i]));
    step.answered = [this, cleared, part = part_of(*last_)](std::span<const Answer> answers) {
      return count(answers, *cleared, part);
    };
    return step;
  }

 private:
  Result<Done> count(std::span<const Answer> answers, std::span<const Cleared> cleared, Part until) const {
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (answers[i].refusal) return *answers[i].refusal;
      if (answers[i].repeated) continue;  // cleared earlier today; what came back since waits for tomorrow
      report_.accounts += 1;
      report_.points += cleared[i].points;
      report_.reductions += cleared[i].reductions;
    }
    if (progress_) progress_(until.value, part_count);
    return Done{};
  }

  const Office& office_;
  const Run& run_;
  PartRange parts_;
  const Progress& progress_;
  ExpiryReport& report_;
  // Of the thread that decides.
  std::optional<AccountId> last_;
  std::size_t size_ = Writer::commands_per_commit;  // rises, so that the writer soon has something to do
};

}  // namespace

Result<ExpiryReport> expire_points(const Office& office, const Progress& progress) {
  const Result<ExpiryRule> rule = office.book.expiry.on(office.today());
  if (!rule) return office.on_its_basis(rule.error());
  const Run run = run_of(office, rule->basis);
  ExpiryReport report;
  TANPUHUI_TRY([[maybe_unused]] const Done all, share_lanes(office.database, [&](PartRange parts, const Shared& lease) {
                 Clearing clearing(office, run, parts, progress, report);
                 return office.writer.execute_in_step([&](Database& reader) { return clearing.next(reader); },
                                                      office.now, lease);
               }));
  if (progress) progress(part_count, part_count);
  return report;
}

}  // namespace tanpuhui
