#pragma once
/// A programme on which acts of several days are played, and what jobs leave behind, as text.
#include <optional>
#include <random>

#include "jobs/net_balances.h"
#include "jobs/project_lines.h"
#include "store/writer_world.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {

inline constexpr Zone china{480};
inline const Day first_day = day_of({2025, 6, 15});

inline Instant noon(Day day) { return Instant{start_of(day, china).ms + 12 * 3'600'000}; }

/// Ten persons, an escrow, and the acts that the tests of the writer know.
inline void found_jobs_world(Database& database) {
  found_world(database);
  for (std::int64_t i = 0; i < 10; ++i) open_account(database, AccountId{7000 + i});
  database.execute("INSERT INTO providers VALUES (5001, 5002, 'cafe', 0, 99999)");
}

/// The same for the same seed: grants, orders, cancellations of ten persons on `days` days from the first one on.
inline void play_days(Database& database, int days, unsigned seed = 7) {
  Writer writer(database, sha256);
  std::mt19937 random(seed);
  std::int64_t id = 0;
  for (int day = 0; day < days; ++day) {
    std::vector<Command> commands;
    for (int i = 0; i < 40; ++i) {
      const AccountId account{7000 + static_cast<std::int64_t>(random() % 10)};
      const auto points = static_cast<std::int64_t>(1 + random() % 9);
      const unsigned what = random() % 4;
      if (what < 2)
        commands.push_back(grant(++id, points, account));
      else if (what == 2)
        commands.push_back(order(++id, points, account));
      else
        commands.push_back(cancel(++id, points * 100'000, account));
    }
    writer.execute(commands, noon(first_day + day));
  }
}

/// Every row of a table in the order of its key; its columns, numbers or words, by commas.
inline std::string rows_of(Database& database, const std::string& table, const std::vector<std::string>& columns,
                           const std::string& order) {
  std::string list, text;
  for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + ("CAST(t." + column + " AS TEXT)");
  for (auto rows = database.scan("SELECT " + list + " FROM " + table + " t ORDER BY " + order); rows.step();) {
    for (int i = 0; i < std::ssize(columns); ++i)
      text += (i > 0 ? "," : "") + (rows.is_null(i) ? "-" : std::string(rows.text(i)));
    text += "\n";
  }
  return text;
}

inline std::string netted(Database& database) {
  return rows_of(database, "netted_balances", {"account_id", "batch_id", "points", "mg"}, "t.account_id, t.batch_id");
}

inline std::string postings(Database& database) {
  return rows_of(database, "posting_lines",
                 {"account_id", "entry_id", "leg", "kind", "occurred_on", "recorded_on", "batch_id", "tranche",
                  "d_points", "d_backing_mg", "d_free_mg"},
                 "t.part, t.account_id, t.entry_id, t.leg");
}

inline std::string lots(Database& database) {
  return rows_of(database, "lot_lines",
                 {"account_id", "batch_id", "tranche", "points", "locked_points", "backing_mg", "free_mg",
                  "credited_on", "expires_on", "origin"},
                 "t.part, t.account_id, t.batch_id, t.tranche");
}

inline std::string derived(Database& database) { return netted(database) + postings(database) + lots(database); }

}  // namespace tanpuhui
