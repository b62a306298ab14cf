#include "cases/listings.h"

#include "base/cbor.h"
#include "crypto/hash.h"

namespace tanpuhui {

bool is_listed(Database& database, const std::string& list, const std::string& word, std::int64_t asking_case) {
  auto row =
      database.statement("SELECT 1 FROM listings WHERE list = ? AND word = ? AND (case_id IS NULL OR case_id <> ?)");
  return row.bind(list).bind(word).bind(asking_case).step();
}

void add_listing(Database& store, const std::string& list, const std::string& word,
                 std::optional<std::int64_t> case_number) {
  auto insert = store.statement("INSERT INTO listings(list, word, case_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  insert.bind(list).bind(word).bind(case_number).run();
}

Result<EntryId> record_listing(const Office& office, const std::string& list, const std::string& word, CommandId id) {
  CborWriter content;
  content.array(2).text(list).text(word);
  const Digest digest = sha256(content.result());
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.name);
  entry.notes = {{1, list}, {2, to_hex(digest)}};
  return office.register_act(id, digest, std::move(entry),
                             [=](Database& store, EntryId) { add_listing(store, list, word, std::nullopt); });
}

}  // namespace tanpuhui
