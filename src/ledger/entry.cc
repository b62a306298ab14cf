#include "ledger/entry.h"

#include <algorithm>

#include "ledger/by_batch.h"

namespace tanpuhui {
namespace {

struct KindName {
  std::string_view en, zh;
};
constexpr KindName kind_names[] = {
    {"post", "登记"},     {"order", "兑换"},    {"complete", "完成"},   {"refund", "退还"},
    {"donate", "捐赠"},   {"retire", "核销"},   {"cancel", "自愿注销"}, {"expire", "清零"},
    {"register", "备案"}, {"sign", "签发"},     {"settle", "结算"},     {"pledge", "认捐"},
    {"unlock", "解锁"},   {"transfer", "划转"}, {"correct", "修正"},    {"import_balance", "期初导入"},
    {"set_off", "抵扣"},
};
static_assert(std::size(kind_names) == last_entry_kind);

const KindName& name_of(EntryKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  TANPUHUI_REQUIRE(number >= 1 && number <= std::size(kind_names), "every entry kind has a name");
  return kind_names[number - 1];
}

template <class Lines>
bool names_account(const Lines& lines, AccountId account) {
  return std::ranges::any_of(lines, [&](const auto& line) { return line.account == account; });
}

struct BatchSum {
  BatchId batch;
  int128 points = 0, mg = 0;
};

std::vector<BatchSum> sums_by_batch(const Posting& posting) {
  std::vector<BatchSum> sums;
  sums.reserve(posting.legs.size());
  for (const Leg& leg : posting.legs) {
    BatchSum& sum = line_of(sums, leg.batch);
    sum.points += leg.d_points.count();
    sum.mg += int128{leg.d_backing_mg.count()} + leg.d_free_mg.count();
  }
  return sums;
}

}  // namespace

std::string_view name_en(EntryKind kind) { return name_of(kind).en; }
std::string_view name_zh(EntryKind kind) { return name_of(kind).zh; }

bool Posting::touches(AccountId other) const {
  return names_account(legs, other) || names_account(honours, other) || names_account(locks, other) ||
         names_account(openings, other);
}

std::string imbalance_of(const Posting& posting) {
  for (const BatchSum& sum : sums_by_batch(posting))
    if (sum.points != 0 || sum.mg != 0)
      return (sum.points != 0 ? "points of batch " : "reductions of batch ") + std::to_string(sum.batch.value) +
             " do not sum to zero";
  for (const Leg& leg : posting.legs)
    if (leg.d_points != Points() && !is_system(leg.account) && leg.account != posting.account)
      return "points move to or from account " + std::to_string(leg.account.value) + ", which is not the actor's";
  return "";
}

void check_balanced(const Posting& posting) {
  const std::string imbalance = imbalance_of(posting);
  TANPUHUI_HALT_UNLESS(imbalance.empty(), imbalance.c_str());
}

}  // namespace tanpuhui
