#include "store/entry_row.h"

#include <fmt/format.h>

namespace tanpuhui {

Entry read_entry(const Database& database, EntryId id, ByteView body) {
  auto entry = decode_entry(body);
  if (!entry)
    throw Fault(fmt::format("{}: entry {} is damaged ({}); run `tanpuhui audit`", database.path(), id.value,
                            entry.error().what));
  return *std::move(entry);
}

}  // namespace tanpuhui
