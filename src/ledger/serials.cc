#include "ledger/serials.h"

#include <algorithm>

#include "ledger/by_batch.h"

namespace tanpuhui {

SerialRange allocate_serials(SerialCounter& counter, Milligrams mg) {
  TANPUHUI_REQUIRE(mg > Milligrams(), "a range of serials is not empty");
  const SerialRange range{counter.batch, counter.next_mg, counter.next_mg + mg};
  TANPUHUI_HALT_UNLESS(range.to_mg <= counter.issued_mg, "no more leaves circulation than was issued");
  counter.next_mg = range.to_mg;
  return range;
}

std::vector<BatchAmount> leaving_circulation(const Posting& posting) {
  std::vector<BatchAmount> amounts;
  const auto leaves = [](const Leg& leg) { return is_final(leg.account); };
  amounts.reserve(static_cast<std::size_t>(std::ranges::count_if(posting.legs, leaves)));
  for (const Leg& leg : posting.legs)
    if (leaves(leg)) line_of(amounts, leg.batch).mg += leg.d_free_mg + leg.d_backing_mg;
  std::erase_if(amounts, [](const BatchAmount& amount) { return amount.mg <= Milligrams(); });
  return amounts;
}

void number_serials(Posting& posting, std::span<const BatchAmount> leaving,
                    const std::function<SerialCounter&(BatchId)>& counter_of) {
  TANPUHUI_REQUIRE(posting.serials.empty(), "serials are numbered once");
  posting.serials.reserve(leaving.size());
  for (const BatchAmount& amount : leaving)
    posting.serials.push_back(allocate_serials(counter_of(amount.batch), amount.mg));
}

std::string describe(const SerialRange& range) {
  return std::to_string(range.batch.value) + ":" + std::to_string(range.from_mg.count()) + "-" +
         std::to_string(range.to_mg.count());
}

}  // namespace tanpuhui
