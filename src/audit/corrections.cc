#include "audit/corrections.h"

#include <algorithm>

#include <fmt/format.h>

#include "cases/standings.h"
#include "crypto/hash.h"
#include "ledger/apply.h"
#include "ledger/correct.h"
#include "rooms/activity/shell/find_sums_without.h"
#include "rooms/reduction/shell/stored_batch.h"
#include "rooms/reduction/shell/supplement.h"

namespace tanpuhui {
namespace {

std::string named(const Entry& entry) { return fmt::format("entry {}: ", entry.entry_id.value); }
std::string named(std::int64_t case_number) { return fmt::format("correction of case {}: ", case_number); }

Milligrams mg_of(const Leg& leg) { return leg.d_backing_mg + leg.d_free_mg; }

Milligrams sum_to(const Posting& posting, AccountId account) {
  Milligrams sum;
  for (const Leg& leg : posting.legs)
    if (leg.account == account) sum += mg_of(leg);
  return sum;
}

constexpr AccountId reserve = system_account(SystemAccount::reserve);
constexpr AccountId invalidated = system_account(SystemAccount::invalidated);

}  // namespace

CorrectionsAgree::CorrectionsAgree(Database& database, const Rulebook& book,
                                   const std::map<std::string, Methodology>& methodologies, Findings& findings)
    : EntryCheck("L13 corrections take back what was wrong", findings),
      database_(database),
      book_(book),
      methodologies_(methodologies) {
  load();
}

void CorrectionsAgree::load() {
  auto rows = database_.statement("SELECT case_number FROM corrections WHERE sequence IS NOT NULL ORDER BY sequence");
  while (rows.step())
    if (auto correction = find_correction(database_, rows.integer(0)))
      corrections_.emplace(rows.integer(0), std::move(*correction));
  for (const auto& [case_number, correction] : corrections_)
    for (const PostedLine& posted : list_posted_lines(database_, case_number)) {
      if (posted.posted_by != EntryId{}) lines_.emplace(posted.posted_by, Line{case_number, posted});
      accounts_[posted.line.account].state.account = posted.line.account;
    }
}

void CorrectionsAgree::see(const Entry& entry) {
  if (entry.kind == EntryKind::correct) see_correction(entry);
  for (const Leg& leg : entry.posting.legs) {
    if (leg.account == reserve) reserve_[leg.batch] += mg_of(leg);
    if (entry.kind == EntryKind::set_off && leg.account == system_account(SystemAccount::points_reversed))
      set_off_[entry.posting.account] += leg.d_points;
  }
  const auto account = accounts_.find(entry.posting.account);
  if (account == accounts_.end()) return;
  if (!entry.posting.empty()) try_apply(account->second.state, entry.posting, entry.entry_id);
  account->second.entries.push_back(entry);
}

void CorrectionsAgree::see_correction(const Entry& entry) {
  met_.insert(entry.entry_id);
  if (const auto line = lines_.find(entry.entry_id); line != lines_.end()) return compare_line(entry, line->second);
  if (sum_to(entry.posting, reserve) != Milligrams()) return compare_cover(entry);
  compare_taking(entry);
}

Digest CorrectionsAgree::digest_of(std::int64_t case_number) const {
  const auto correction = corrections_.find(case_number);
  return correction == corrections_.end() ? Digest{} : correction->second.digest;
}

void CorrectionsAgree::compare_line(const Entry& entry, const Line& line) {
  const PostedLine& posted = line.posted;
  const Account& account = accounts_.at(posted.line.account);
  auto batch = database_.statement("SELECT coalesce(credited_on, 0) FROM batches WHERE batch_id = ?");
  if (!batch.bind(posted.line.batch.value).step()) return report(named(entry) + "corrects a batch that is not there");
  const Day credited_on{static_cast<std::int32_t>(batch.integer(0))};
  BatchContent content;
  content.lines.push_back({posted.line.account, posted.line.before, 1, posted.line.plain_before});
  const auto rule = grant_rule_on(book_, credited_on, content);
  if (!rule) return report(named(entry) + "no points rule was in force on the batch's crediting day");
  const LineGrants grants = grants_of(posted.line, credited_on, *rule);
  CorrectedLot again = correct_lot(
      account.state, {posted.line.batch, grants.before.points, grants.after.points, grants.before.mg, grants.after.mg},
      taken_of(posted.line.account, posted.line.batch, account.entries));
  again.posting.serials = entry.posting.serials;
  const bool same = again.reversed == posted.reversed && again.taken_back == posted.taken_back &&
                    again.overdrawn == posted.overdrawn && again.missing == posted.missing;
  if (again.posting != entry.posting || !same)
    report(named(entry) + fmt::format("account {} was corrected otherwise than its line of batch {} asks for",
                                      posted.line.account.value, posted.line.batch.value));
  if (entry.document_digest != digest_of(line.case_number))
    report(named(entry) + "does not name the digest of its correction");
}

void CorrectionsAgree::compare_taking(const Entry& entry) {
  auto row = database_.statement(
      "SELECT count(*), CAST(coalesce(sum(taken_mg), 0) AS BIGINT), coalesce(min(provider_id), 0) FROM "
      "correction_takings WHERE taken_by = ?");
  row.bind(entry.entry_id.value).step();
  if (row.integer(0) == 0) return report(named(entry) + "belongs to no line, provider or due of a correction");
  if (row.integer(1) != sum_to(entry.posting, invalidated).count() || row.integer(2) != entry.posting.account.value)
    report(named(entry) + "takes another amount, or from another provider, than its correction says");
}

void CorrectionsAgree::compare_cover(const Entry& entry) {
  auto row = database_.statement("SELECT mg, provider_id FROM correction_covers WHERE entry_id = ?");
  if (!row.bind(entry.entry_id.value).step()) return report(named(entry) + "takes from the reserve and covers nothing");
  const AccountId receiver = row.integer(1) == 0 ? reserve : AccountId{row.integer(1)};
  if (row.integer(0) != -sum_to(entry.posting, reserve).count() || entry.posting.account != receiver)
    report(named(entry) + "covers another amount, or another due, than its correction says");
}

void CorrectionsAgree::finish() {
  check_contents();
  check_reserve();
  check_debts();
  for (const auto& [entry, line] : lines_)
    if (!met_.contains(entry)) report(named(line.case_number) + fmt::format("entry {} is no correction", entry.value));
  auto covers = database_.statement("SELECT entry_id, case_number FROM correction_covers ORDER BY entry_id");
  while (covers.step())
    if (!met_.contains(EntryId{covers.integer(0)}))
      report(named(covers.integer(1)) + fmt::format("entry {} covers nothing", covers.integer(0)));
}

void CorrectionsAgree::check_contents() {
  for (const auto& [case_number, correction] : corrections_) check_content(correction);
}

void CorrectionsAgree::check_content(const StoredCorrection& correction) {
  const std::int64_t case_number = correction.content.case_number;
  if (correction_digest(correction.content, sha256) != correction.digest)
    report(named(case_number) + "the stored digest is not that of its content");
  const auto standings = standings_of(database_, correction_thing, std::to_string(case_number));
  const auto decided = std::ranges::find(standings, "decided", &Standing::word);
  if (decided == standings.end() || decided->detail != to_hex(correction.digest))
    report(named(case_number) + "no step of its case decided this content");
  check_lines_again(correction);
  if (correction.state != "posted") return;
  for (const PostedLine& posted : list_posted_lines(database_, case_number))
    if (posted.line.takes_back() && posted.posted_by == EntryId{})
      report(named(case_number) + fmt::format("is posted, and account {} has no entry", posted.line.account.value));
  check_supplement(correction);
  check_dues(correction);
}

// From the sealed acts, without the records of this correction and of those decided before it. Days that were open then
// may have been sealed again and closed since: what batches had closed by then stands for good.
void CorrectionsAgree::check_lines_again(const StoredCorrection& correction) {
  auto row = database_.statement("SELECT methodology FROM scenarios WHERE scenario_id = ?");
  row.bind(correction.scenario.value).step();
  const auto methodology = methodologies_.find(std::string(row.text(0)));
  if (methodology == methodologies_.end())
    return report(named(correction.content.case_number) + "the methodology of its scenario is not at hand");
  SumsRequest request{correction.scenario, &methodology->second, book_.zone, {}, {}};
  for (const auto& [other, earlier] : corrections_)
    if (earlier.scenario == correction.scenario && *earlier.sequence < *correction.sequence)
      leave_out(request.before, earlier.content.records);
  leave_out(request.now, correction.content.records);
  const auto found = find_sums_without(database_, request);
  if (!found) return report(named(correction.content.case_number) + found.error().message_en);
  std::map<std::pair<AccountId, BatchId>, std::pair<Milligrams, std::int64_t>> wanted, stored;
  const bool plain = !methodology->second.bears_reductions();
  for (const SumChange& change : found->changes)
    if (change.batch && *change.batch <= correction.last_batch && (change.reduction != Milligrams() || plain))
      wanted[{change.account, *change.batch}] = {change.reduction, plain ? change.records : 0};
  for (const CorrectionLine& line : correction.content.lines)
    if (line.batch != BatchId{})
      stored[{line.account, line.batch}] = {line.after - line.before, line.plain_after - line.plain_before};
  if (wanted != stored)
    report(named(correction.content.case_number) + "its lines are not what the acts come to without its records");
}

void CorrectionsAgree::check_supplement(const StoredCorrection& correction) {
  const std::int64_t case_number = correction.content.case_number;
  const std::vector<BatchLine> gains = gains_of(correction.content);
  const auto batch = find_supplement(database_, case_number);
  if (batch.has_value() == gains.empty())
    return report(named(case_number) + "what others gain has no batch, or there is a batch of nothing");
  if (batch && load_lines(database_, *batch) != gains)
    report(named(case_number) + fmt::format("batch {} does not hold what others gain", batch->value));
}

void CorrectionsAgree::check_dues(const StoredCorrection& correction) {
  const std::int64_t case_number = correction.content.case_number;
  Milligrams missing;
  for (const PostedLine& posted : list_posted_lines(database_, case_number)) missing += posted.missing;
  auto row = database_.statement(
      "SELECT CAST(coalesce(sum(due_mg), 0) AS BIGINT), CAST(coalesce(sum(covered_mg), 0) AS BIGINT) FROM "
      "correction_dues WHERE case_number = ?");
  row.bind(case_number).step();
  if (row.integer(0) != missing.count())
    report(named(case_number) + fmt::format("{} mg are missing, {} mg are due", missing.count(), row.integer(0)));
  auto covers =
      database_.statement("SELECT CAST(coalesce(sum(mg), 0) AS BIGINT) FROM correction_covers WHERE case_number = ?");
  if (covers.bind(case_number).run_integer() != row.integer(1))
    report(named(case_number) + "what was covered is not the sum of the entries that cover it");
}

void CorrectionsAgree::check_reserve() {
  std::erase_if(reserve_, [](const auto& held) { return held.second == Milligrams(); });
  std::map<BatchId, Milligrams> stored;
  auto rows = database_.statement("SELECT batch_id, mg FROM reserve_lots WHERE mg <> 0");
  while (rows.step()) stored[BatchId{rows.integer(0)}] = Milligrams(rows.integer(1));
  if (stored != reserve_) report("the reserve does not hold what its entries come to");
}

void CorrectionsAgree::check_debts() {
  std::map<AccountId, Points> owed;
  for (const auto& [entry, line] : lines_)
    if (corrections_.at(line.case_number).content.responsible == caused_by_person)
      owed[line.posted.line.account] += line.posted.overdrawn;
  for (const auto& [account, points] : set_off_) owed[account] -= points;
  std::erase_if(owed, [](const auto& each) { return each.second == Points(); });
  std::map<AccountId, Points> stored;
  auto rows = database_.statement("SELECT account_id, points_owed FROM accounts_register WHERE points_owed <> 0");
  while (rows.step()) stored[AccountId{rows.integer(0)}] = Points(rows.integer(1));
  if (stored != owed) report("the points that are owed are not what corrections and set-offs come to");
}

}  // namespace tanpuhui
