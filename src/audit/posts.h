#pragma once
/// Every line of a posted batch that credits something has exactly one `post` entry: its grams, the points of the
/// published rule, the batch's crediting day and digest. No person is posted what no line says.
/// Basis: js24.a34, decisions D4
#include <map>
#include <optional>
#include <set>

#include "audit/entry_check.h"
#include "ledger/grant.h"
#include "rooms/reduction/batch.h"
#include "rulebook/rulebook.h"
#include "store/database.h"

namespace tanpuhui {

class PostsEqualLines : public EntryCheck {
 public:
  PostsEqualLines(Database& database, const Rulebook& book, Findings& findings);
  void see(const Entry& entry) override;
  void finish() override;

 private:
  /// A batch whose lines have not all met their entry. One whose lines have is forgotten but for its number.
  struct Open {
    std::vector<BatchLine> lines;  // that credit something
    std::vector<bool> posted;
    std::size_t left = 0;
    std::string state;
    Bytes digest;
    Day credited_on;
    std::optional<GrantRule> rule;
  };
  Open* find_open(const Entry& entry, BatchId batch);
  std::optional<Open> load(BatchId batch);
  void compare(const Entry& entry, const Open& open, const BatchLine& line);

  Database& database_;
  const Rulebook& book_;
  std::map<BatchId, Open> open_;
  std::set<BatchId> complete_;
};

}  // namespace tanpuhui
