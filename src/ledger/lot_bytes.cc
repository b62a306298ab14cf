// Row:  [1, tranches opened, pages, [lot...]]      Page: [1, [lot...]]
// Lot:  [batch, tranche, credited_on, expires_on, origin + 8 x grace used, base_points, base_mg, points_left, free_mg,
//        locks]
#include <algorithm>

#include "base/cbor.h"
#include "ledger/account.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t format = 1;
constexpr std::size_t header_bytes = 24;     // the longest head of a row, rounded up
constexpr std::size_t lot_bytes = 40;        // of most
constexpr std::size_t refill_below = 16;     // a row with fewer lots takes more from its pages
constexpr std::int64_t grace_used_flag = 8;  // beside the origin

void write_lot(CborWriter& out, const Lot& lot) {
  out.array(10).integer(lot.batch.value).integer(lot.tranche);
  out.integer(lot.credited_on.number).integer(lot.expires_on.number);
  out.integer(static_cast<std::int64_t>(lot.origin) + (lot.grace_used ? grace_used_flag : 0));
  out.integer(lot.base_points.count()).integer(lot.base_mg.count());
  out.integer(lot.points_left.count()).integer(lot.free_mg.count()).integer(lot.locks.count());
}

std::size_t size_of(const Lot& lot) {
  CborWriter out;
  write_lot(out, lot);
  return out.result().size();
}

std::size_t lots_in(const AccountState& state, std::uint16_t page) {
  return static_cast<std::size_t>(
      std::count_if(state.lots.begin(), state.lots.end(), [&](const Lot& lot) { return lot.page == page; }));
}

void write_lots(CborWriter& out, const AccountState& state, std::uint16_t page) {
  out.array(lots_in(state, page));
  for (const Lot& lot : state.lots)
    if (lot.page == page) write_lot(out, lot);
}

Bytes write_row(const AccountState& state) {
  CborWriter out(header_bytes + state.lots.size() * lot_bytes);
  out.array(4).integer(format).integer(state.tranches_opened).integer(state.page_count);
  write_lots(out, state, 0);
  return out.take();
}

Bytes write_page(const AccountState& state, std::uint16_t page) {
  CborWriter out;
  out.array(2).integer(format);
  write_lots(out, state, page);
  return out.take();
}

int spend_class(const Lot& lot) {
  if (lot.points_left == Points()) return 2;
  return lot.bearing() ? 0 : 1;
}

// Fills the row and then page after page in the order in which the lots will be spent.
void lay_out(AccountState& state) {
  std::vector<Lot*> order;
  for (Lot& lot : state.lots) order.push_back(&lot);
  std::stable_sort(order.begin(), order.end(), [](auto* a, auto* b) { return spend_class(*a) < spend_class(*b); });
  std::uint16_t page = 0;
  std::size_t count = 0, bytes = header_bytes;
  for (Lot* lot : order) {
    const std::size_t size = size_of(*lot);
    if (count == lots_per_page || bytes + size > bytes_per_page) {
      TANPUHUI_REQUIRE(page < UINT16_MAX, "the pages of an account can be numbered");
      ++page, count = 0, bytes = header_bytes;
    }
    lot->page = page, ++count, bytes += size;
  }
  state.pages_dirty = state.pages_dirty || page > 0 || state.page_count > 0;
  state.page_count = page;
}

bool row_needs_layout(const AccountState& state, const Bytes& row) {
  const std::size_t count = lots_in(state, 0);
  if (count > lots_per_page || row.size() > bytes_per_page) return true;
  return state.page_count > 0 && (state.pages_unordered || count < refill_below);
}

Day read_day(CborReader& in, bool& sound) {
  const std::int64_t number = in.integer();
  sound = sound && number >= INT32_MIN && number <= INT32_MAX;
  return Day{static_cast<std::int32_t>(number)};
}

bool is_sound(const Lot& lot) {
  const Points none;
  const Milligrams no_mg;
  if (lot.batch.value <= 0 || lot.tranche < 0 || lot.spent()) return false;
  if (lot.origin < LotOrigin::granted || lot.origin > LotOrigin::imported) return false;
  if (lot.locks < none || lot.points_left < lot.locks || lot.base_points < lot.points_left) return false;
  return lot.free_mg >= no_mg && lot.base_mg >= no_mg && (lot.base_points > none || lot.base_mg == no_mg);
}

bool read_lot(CborReader& in, Lot& lot) {
  bool sound = true;
  in.array(10);
  lot.batch = BatchId{in.integer()};
  lot.tranche = in.integer();
  lot.credited_on = read_day(in, sound);
  lot.expires_on = read_day(in, sound);
  const std::int64_t origin = in.integer();
  sound = sound && origin >= 0 && origin < 2 * grace_used_flag;
  lot.grace_used = origin >= grace_used_flag;
  lot.origin = static_cast<LotOrigin>(origin % grace_used_flag);
  lot.base_points = Points(in.integer());
  lot.base_mg = Milligrams(in.integer());
  lot.points_left = Points(in.integer());
  lot.free_mg = Milligrams(in.integer());
  lot.locks = Points(in.integer());
  return in.ok() && sound && is_sound(lot);
}

// False: a lot that could not have been written, or out of order.
bool read_lots(CborReader& in, std::uint16_t page, std::vector<Lot>& lots) {
  const std::size_t count = in.array();
  const std::size_t first = lots.size();
  lots.reserve(first + count);
  for (std::size_t i = 0; i < count; ++i) {
    Lot lot;
    lot.page = page;
    if (!read_lot(in, lot) || (i > 0 && !(lots.back().key() < lot.key()))) return false;
    lots.push_back(lot);
  }
  return in.finish();
}

bool tranches_are_distinct(const AccountState& state) {
  const auto was_opened = [&](const Lot& lot) { return lot.tranche < state.tranches_opened; };
  if (!std::ranges::all_of(state.lots, was_opened)) return false;
  if (std::ranges::adjacent_find(state.lots, std::ranges::greater_equal{}, &Lot::tranche) == state.lots.end())
    return true;  // they rise, as in most accounts
  std::vector<std::int64_t> tranches;
  for (const Lot& lot : state.lots) tranches.push_back(lot.tranche);
  std::ranges::sort(tranches);
  return std::ranges::adjacent_find(tranches) == tranches.end();
}

struct RowHead {
  std::int64_t tranches_opened = 0, pages = 0;
};
Result<RowHead, Malformed> read_head(CborReader& in) {
  in.array(4);
  if (in.integer() != format) return Malformed{"account row of an unknown format"};
  RowHead head{in.integer(), in.integer()};
  if (!in.ok() || head.tranches_opened < 0 || head.pages < 0 || head.pages > UINT16_MAX)
    return Malformed{"head of the account row"};
  return head;
}

}  // namespace

LotBytes encode_lots(AccountState& state) {
  LotBytes out;
  out.row = write_row(state);
  if (row_needs_layout(state, out.row)) {
    lay_out(state);
    out.row = write_row(state);
  }
  out.pages_changed = state.pages_dirty;
  for (std::uint16_t page = 1; out.pages_changed && page <= state.page_count; ++page)
    out.pages.push_back(write_page(state, page));
  state.pages_dirty = state.pages_unordered = false;
  return out;
}

Result<std::uint16_t, Malformed> page_count_of(ByteView row) {
  CborReader in(row);
  TANPUHUI_TRY(RowHead head, read_head(in));
  return static_cast<std::uint16_t>(head.pages);
}

Result<Done, Malformed> decode_lots(AccountState& state, ByteView row, std::span<const Bytes> pages) {
  CborReader in(row);
  TANPUHUI_TRY(RowHead head, read_head(in));
  if (static_cast<std::size_t>(head.pages) != pages.size()) return Malformed{"number of pages of the account"};
  state.lots.clear();
  state.tranches_opened = head.tranches_opened;
  state.page_count = static_cast<std::uint16_t>(head.pages);
  state.pages_dirty = state.pages_unordered = false;
  if (!read_lots(in, 0, state.lots)) return Malformed{"lots of the account row"};
  for (std::size_t i = 0; i < pages.size(); ++i) {
    CborReader page(pages[i]);
    page.array(2);
    if (page.integer() != format || !read_lots(page, static_cast<std::uint16_t>(i + 1), state.lots))
      return Malformed{"lots of a page of the account"};
  }
  if (!pages.empty()) std::ranges::sort(state.lots, {}, &Lot::key);
  if (!tranches_are_distinct(state)) return Malformed{"tranches of the account"};
  return Done{};
}

}  // namespace tanpuhui
