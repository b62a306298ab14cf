#include "audit/lines.h"

#include <fmt/format.h>

#include "jobs/project_lines.h"

namespace tanpuhui {
namespace {

/// Of a row's figures and, last, its word.
class RowHash {
 public:
  RowHash& add(std::int64_t figure) {
    hash_ = mix_bits(hash_ ^ static_cast<std::uint64_t>(figure));
    return *this;
  }
  std::uint64_t end_with(std::string_view word) {
    for (const char letter : word) add(letter);
    return hash_;
  }

 private:
  std::uint64_t hash_ = 0;
};

constexpr std::string_view posting_columns =
    "part, account_id, entry_id, leg, occurred_on, recorded_on, batch_id, tranche, d_points, d_backing_mg, d_free_mg, "
    "kind";
constexpr int posting_figures = 11;

std::uint64_t hash_of(const Entry& entry, Day recorded_on, std::int64_t number, const Leg& leg) {
  RowHash hash;
  hash.add(part_of(leg.account).value).add(leg.account.value).add(entry.entry_id.value).add(number);
  hash.add(entry.occurred_on.number).add(recorded_on.number).add(leg.batch.value).add(leg.tranche);
  hash.add(leg.d_points.count()).add(leg.d_backing_mg.count()).add(leg.d_free_mg.count());
  return hash.end_with(name_en(entry.kind));
}

constexpr std::string_view lot_columns =
    "part, account_id, batch_id, tranche, points, locked_points, backing_mg, free_mg, credited_on, expires_on, origin";
constexpr int lot_figures = 10;

std::uint64_t hash_of(AccountId account, const Lot& lot) {
  RowHash hash;
  hash.add(part_of(account).value).add(account.value).add(lot.batch.value).add(lot.tranche);
  hash.add(lot.points_left.count()).add(lot.locks.count()).add(lot.backing().count()).add(lot.free_mg.count());
  hash.add(lot.credited_on.number).add(lot.expires_on.number);
  return hash.end_with(name_en(lot.origin));
}

// The one figure that may be missing is the day on which a lot expires.
std::uint64_t hash_of_row(const Statement& row, int figures) {
  RowHash hash;
  for (int i = 0; i < figures; ++i) hash.add(row.is_null(i) ? never.number : row.integer(i));
  return hash.end_with(row.text(figures));
}

}  // namespace

LinesAgree::LinesAgree(Database& database, Zone zone, Findings& findings)
    : EntryCheck("L3 lines for readers are what the entries say", findings),
      database_(database),
      zone_(zone),
      head_(job_head(database, lines_job)) {}

void LinesAgree::see(const Entry& entry) {
  if (entry.entry_id > head_) return;
  const Day recorded_on = day_at(entry.recorded_at, zone_);
  std::int64_t number = 0;
  for (const Leg& leg : entry.posting.legs) legs_[leg.account].add(hash_of(entry, recorded_on, number++, leg));
}

void LinesAgree::finish() {
  compare_postings();
  compare_sums();
  load_lots();
}

void LinesAgree::compare_postings() {
  Tallies lines;
  auto rows = database_.scan(fmt::format("SELECT {} FROM posting_lines", posting_columns));
  while (rows.step()) lines[AccountId{rows.integer(1)}].add(hash_of_row(rows, posting_figures));
  for (const auto& [account, tally] : legs_)
    if (lines[account] != tally)
      report(fmt::format("account {}: posting_lines has {} rows, its {} legs up to entry {} say something else",
                         account.value, lines[account].count, tally.count, head_.value));
  for (const auto& [account, tally] : lines)
    if (!legs_.contains(account))
      report(fmt::format("account {}: posting_lines has {} rows, and there is no leg", account.value, tally.count));
  legs_.clear();
}

// Accounts without a row have legs and no lots.
void LinesAgree::compare_sums() {
  auto rows = database_.scan(fmt::format(
      "SELECT coalesce(s.account_id, l.account_id), coalesce(s.batch_id, l.batch_id), coalesce(s.tranche, l.tranche) "
      "FROM (SELECT part, account_id, batch_id, tranche, CAST(sum(d_points) AS BIGINT) AS points, "
      "CAST(sum(d_backing_mg) AS BIGINT) AS backing_mg, CAST(sum(d_free_mg) AS BIGINT) AS free_mg FROM posting_lines "
      "WHERE account_id >= {} AND account_id NOT IN (SELECT escrow_id FROM providers) GROUP BY part, account_id, "
      "batch_id, tranche HAVING sum(d_points) <> 0 OR sum(d_free_mg) <> 0) s FULL JOIN lot_lines l ON l.part = s.part "
      "AND l.account_id = s.account_id AND l.batch_id = s.batch_id AND l.tranche = s.tranche WHERE l.part IS NULL OR "
      "s.part IS NULL OR l.points <> s.points OR l.backing_mg <> s.backing_mg OR l.free_mg <> s.free_mg",
      first_own_account));
  while (rows.step())
    report(fmt::format("account {}, batch {}, tranche {}: lot_lines is not the sum of posting_lines", rows.integer(0),
                       rows.integer(1), rows.integer(2)));
}

void LinesAgree::load_lots() {
  auto rows = database_.scan(fmt::format("SELECT {} FROM lot_lines", lot_columns));
  while (rows.step()) lots_[AccountId{rows.integer(1)}].add(hash_of_row(rows, lot_figures));
}

void LinesAgree::see(const AccountState& row) {
  const auto found = lots_.extract(row.account);
  if (row.last_entry > head_) return;
  Tally lots;
  for (const Lot& lot : row.lots) lots.add(hash_of(row.account, lot));
  const Tally lines = found.empty() ? Tally{} : found.mapped();
  if (lines != lots)
    report(fmt::format("account {}: lot_lines has {} rows, its {} lots say something else", row.account.value,
                       lines.count, lots.count));
}

void LinesAgree::finish_rows() {
  for (const auto& [account, tally] : lots_)
    report(fmt::format("account {}: lot_lines has {} rows, and there is no such account", account.value, tally.count));
}

}  // namespace tanpuhui
