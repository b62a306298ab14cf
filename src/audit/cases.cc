#include "audit/cases.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/fault.h"
#include "cases/work_on_case.h"
#include "crypto/hash.h"

namespace tanpuhui {

CasesAgree::CasesAgree(Database& database, Findings& findings)
    : EntryCheck("L13 cases are what their entries say", findings),
      database_(database),
      rows_(database.scan("SELECT entry_id, case_id, body FROM case_acts ORDER BY entry_id")) {
  advance();
}

void CasesAgree::see(const Entry& entry) {
  for (; more_ && rows_.integer(0) < entry.entry_id.value; advance())
    report(fmt::format("case {}: there is no entry {}", rows_.integer(1), rows_.integer(0)));
  const auto named = std::ranges::find(entry.notes, note_case_of_step, &Note::key);
  const bool has_row = more_ && rows_.integer(0) == entry.entry_id.value;
  if (has_row != (named != entry.notes.end()))
    report(fmt::format("entry {}: {}", entry.entry_id.value,
                       has_row ? "an act of a case names it, but it is no step" : "the step has no act in its case"));
  else if (has_row)
    compare(entry, named->text);
  if (has_row) advance();
}

void CasesAgree::compare(const Entry& entry, const std::string& number) {
  if (number != std::to_string(rows_.integer(1)))
    report(fmt::format("case {}: entry {} is a step of case {}", rows_.integer(1), entry.entry_id.value, number));
  if (entry.document_digest != sha256(rows_.blob(2)))
    report(fmt::format("case {}: the act of entry {} is not the one that was taken", number, entry.entry_id.value));
}

void CasesAgree::finish() {
  for (; more_; advance()) report(fmt::format("case {}: there is no entry {}", rows_.integer(1), rows_.integer(0)));
  check_documents();
  check_standings();
  check_states();
}

void CasesAgree::check_documents() {
  auto documents = database_.scan("SELECT digest, bytes FROM documents");
  while (documents.step()) {
    const Digest digest = sha256(documents.blob(1));
    if (!std::ranges::equal(documents.blob(0), digest))
      report(fmt::format("document {}: its bytes are others", to_hex(documents.blob(0))));
  }
}

// The conformance test is no step: its entry stands by itself.
void CasesAgree::check_standings() {
  auto rows = database_.scan(
      "SELECT s.kind, s.name, s.entry_id, s.case_id FROM standings s "
      "LEFT JOIN case_acts a ON a.case_id = s.case_id AND a.entry_id = s.entry_id "
      "WHERE a.entry_id IS NULL AND s.kind <> 'conformance'");
  while (rows.step())
    report(fmt::format("{} {}: entry {} is no step of case {}", rows.text(0), rows.text(1), rows.integer(2),
                       rows.integer(3)));
}

void CasesAgree::check_states() {
  std::vector<std::int64_t> numbers;
  auto cases = database_.statement("SELECT case_id FROM cases ORDER BY case_id");
  while (cases.step()) numbers.push_back(cases.integer(0));
  for (const std::int64_t number : numbers) try {
      find_case(database_, number);
    } catch (const Fault& fault) {
      report(fault.what());
    }
}

}  // namespace tanpuhui
