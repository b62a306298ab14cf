/// Redemptions by accounts with two years of lots: groups of 512 a commit against one commit each.
///
///   redeem_bench [SCRATCH_FOLDER [SERVER]]
///
/// Prints rates, their ratio (goal: 4), bytes written to disk for each (goal: 12 KB at most), and what one sync takes.
/// With the address of an empty PostgreSQL schema the programme is kept there; bytes are then not counted.
#include <vector>

#include <fmt/format.h>

#include "base/cbor.h"
#include "ledger/grant.h"
#include "measure.h"
#include "rooms/mall/shell/offers.h"
#include "rooms/mall/shell/place_orders.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t accounts = 4096, months = 24;
constexpr std::int64_t grouped_orders = 16 * 1024, single_orders = 1024;
const Day first_month = day_of({2025, 1, 5});

AccountId account_at(std::int64_t index) { return AccountId{first_own_account + 10 + index}; }

void register_accounts(Database& database) {
  Transaction transaction(database);
  auto insert = database.statement("INSERT INTO accounts_register VALUES (?, ?, ?, ?, 1, 0)");
  const auto add = [&](AccountId account, AccountKind kind) {
    insert.bind(account.value).bind(part_of(account).value).bind(static_cast<int>(kind));
    insert.bind(std::to_string(account.value)).run();
  };
  add(AccountId{first_own_account}, AccountKind::organisation);
  for (std::int64_t i = 0; i < accounts; ++i) add(account_at(i), AccountKind::person);
  transaction.commit();
}

CommandId id_of(std::int64_t number, Instant now) {
  CborWriter out;
  out.integer(number);
  return command_id_of(now, sha256(out.result()));
}

// Two years of monthly batches: 24 lots an account, as a person who rides every month has them.
void post_two_years(const Office& office) {
  const GrantRule rule{Milligrams(100'000), 2};
  for (std::int64_t month = 0; month < months; ++month) {
    const BatchId batch{month + 1};
    office.database.execute(
        fmt::format("INSERT INTO batches VALUES ({}, 1, 0, 0, 'm', x'', x'', x'', x'', 1, 1, {}, 0, 'computed', NULL, "
                    "NULL, NULL, NULL)",
                    batch.value, accounts * 3'000'000));
    std::vector<Command> commands;
    for (std::int64_t i = 0; i < accounts; ++i) {
      const GrantRequest grant{batch, Milligrams(2'000'000 + i * 37 % 900'000),
                               first_month + static_cast<int>(30 * month)};
      commands.push_back(
          office.command(id_of(month * accounts + i, office.now), account_at(i), {},
                         [=, &office](const AccountState& state) -> Result<Decided> {
                           TANPUHUI_TRY(Posting posting, decide_grant(grant, state, rule));
                           return Decided{office.entry(EntryKind::post, "operator", "bench", std::move(posting)), {}};
                         }));
    }
    office.writer.execute(commands, office.now);
  }
}

std::vector<OrderAct> draw_orders(std::int64_t count, std::int64_t seed, OfferId offer, Instant now) {
  std::vector<OrderAct> acts;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto dice = mix_bits(static_cast<std::uint64_t>(seed + i));
    acts.push_back({id_of(seed + i, now), account_at(static_cast<std::int64_t>(dice % accounts)), {offer, 1}});
  }
  return acts;
}

// What waits in the log of a file is written too.
void write_out(Database& database) {
  if (!is_server(database.location())) database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

struct Figures {
  double per_second = 0, bytes_each = 0;
};

Figures redeem(const Office& office, const std::vector<OrderAct>& acts, std::size_t a_commit) {
  const std::int64_t written = proc_figure("io", "write_bytes:");
  const Stopwatch watch;
  std::int64_t refused = 0;
  for (std::size_t at = 0; at < acts.size(); at += a_commit)
    for (const auto& receipt : place_orders(office, std::span(acts).subspan(at, std::min(a_commit, acts.size() - at))))
      refused += receipt ? 0 : 1;
  const double seconds = watch.seconds();
  write_out(office.database);
  const double count = static_cast<double>(acts.size());
  if (refused > 0) fmt::print("{} orders were refused\n", refused);
  return {count / seconds, static_cast<double>(proc_figure("io", "write_bytes:") - written) / count};
}

int run(const std::string& folder, const std::string& server) {
  const TemporaryFolder scratch(folder);
  Database database = Database::open_writer(server.empty() ? scratch / "redeem.db" : server);
  migrate(database);
  Writer writer(database, sha256);
  const Rulebook book = js24_book();
  const Office office{database, writer, book, start_of(day_of({2026, 12, 20}), Zone{480})};
  register_accounts(database);
  post_two_years(office);
  register_provider(office,
                    {"bench", AccountId{first_own_account}, AccountId{first_own_account + 1}, day_of({2026, 1, 1}),
                     day_of({2027, 12, 31})},
                    new_command_id(office.now))
      .value();
  const OfferId offer =
      list_offer(office, {"bench", "票", "ticket", Points(3), 1'000'000}, new_command_id(office.now)).value();
  write_out(database);
  const double sync = sync_seconds(scratch / "sync");
  const auto lots = find_account(database, account_at(0))->lots.size();

  const Figures single = redeem(office, draw_orders(single_orders, 10'000'000, offer, office.now), 1);
  const Figures grouped =
      redeem(office, draw_orders(grouped_orders, 20'000'000, offer, office.now), Writer::commands_per_commit);
  const double ratio = grouped.per_second / single.per_second;
  fmt::print("{} accounts with {} lots each; one sync takes {:.3f} ms\n", accounts, lots, sync * 1000);
  fmt::print("one commit each:   {:8.0f} redemptions/s, {:6.0f} bytes written each\n", single.per_second,
             single.bytes_each);
  fmt::print("512 in a commit:   {:8.0f} redemptions/s, {:6.0f} bytes written each (goal at most 12288)\n",
             grouped.per_second, grouped.bytes_each);
  fmt::print("ratio {:.2f} (goal 4)\n", ratio);
  return ratio >= 4 && grouped.bytes_each <= 12288 ? 0 : 1;
}

}  // namespace
}  // namespace tanpuhui

int main(int count, char** arguments) {
  return tanpuhui::run(count > 1 ? arguments[1] : "/tmp", count > 2 ? arguments[2] : "");
}
