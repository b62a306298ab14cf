#include "cases/conflicts.h"

namespace tanpuhui {

std::set<std::string> find_conflicts(Database& database, std::int64_t case_number) {
  std::set<std::string> persons;
  auto rows = database.statement("SELECT person FROM case_conflicts WHERE case_id = ?");
  rows.bind(case_number);
  while (rows.step()) persons.insert(std::string(rows.text(0)));
  return persons;
}

}  // namespace tanpuhui
