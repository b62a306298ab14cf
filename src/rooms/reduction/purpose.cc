#include "rooms/reduction/purpose.h"

#include <algorithm>

namespace tanpuhui {
namespace {

struct PurposeRow {
  std::string_view id;
  SystemAccount destination;
  EntryKind kind;
  bool for_event;
};

// A donation is cancelled at once in favour of its beneficiary: nobody holds it afterwards. Basis: AMB-21
constexpr PurposeRow purposes[] = {
    {"event_neutrality", SystemAccount::retired_event, EntryKind::donate, true},
    {"donation", SystemAccount::cancelled, EntryKind::donate, false},
    {"offset", SystemAccount::retired_offset, EntryKind::retire, false},
    {"voluntary_offset", SystemAccount::retired_offset, EntryKind::retire, false},
    {"cancel", SystemAccount::cancelled, EntryKind::cancel, false},
    {"cancellation", SystemAccount::cancelled, EntryKind::cancel, false},
    {"eco_compensation", SystemAccount::retired_eco, EntryKind::retire, false},
};

const PurposeRow* find_row(std::string_view id) {
  const auto* row = std::ranges::find(purposes, id, &PurposeRow::id);
  return row == std::end(purposes) ? nullptr : row;
}

constexpr std::size_t text_bytes_max = 200;

// How many bytes the UTF-8 character at the front has; 0 when it is none, or a control character.
std::size_t character_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return first < ' ' || first == 0x7f ? 0 : 1;
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return 0;
  std::uint32_t code = first & (0x7fU >> size);
  for (const char c : text.substr(1, size - 1)) {
    if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80) return 0;
    code = code << 6U | (static_cast<unsigned char>(c) & 0x3fU);
  }
  constexpr std::uint32_t smallest[] = {0xa0, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < smallest[size - 2] || code > 0x10ffff || surrogate ? 0 : size;
}

}  // namespace

Result<UsePurpose> purpose_of(const PermittedUse& use) {
  const PurposeRow* row = find_row(use.id);
  if (row == nullptr)
    return refuse("USE-01")
        .because("purpose", use.id)
        .says("账本尚无该用途的去向账户", "the ledger has no account for this purpose yet")
        .mend("选择其他用途", "choose another purpose");
  return UsePurpose{use.id, use.zh, use.en, row->destination, row->kind, use.needs_beneficiary};
}

std::vector<UsePurpose> owner_purposes(const std::vector<PermittedUse>& uses) {
  std::vector<UsePurpose> purposes_found;
  for (const PermittedUse& use : uses) {
    if (use.by != UseBy::owner) continue;
    if (auto purpose = purpose_of(use)) purposes_found.push_back(*std::move(purpose));
  }
  return purposes_found;
}

bool is_for_event(std::string_view purpose) {
  const PurposeRow* row = find_row(purpose);
  return row != nullptr && row->for_event;
}

bool is_printable(std::string_view text) {
  if (text.size() > text_bytes_max) return false;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace tanpuhui
