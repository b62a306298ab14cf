#include "rooms/reduction/use.h"

#include <algorithm>

#include "base/decimal.h"

namespace tanpuhui {
namespace {

std::string names_of(const std::vector<UsePurpose>& purposes) {
  std::string names;
  for (const UsePurpose& purpose : purposes) names += (names.empty() ? "" : ", ") + purpose.id;
  return names;
}

Result<UsePurpose> allowed_purpose(const UseRequest& request, const UseFacts& facts) {
  const auto found = std::find_if(facts.allowed.begin(), facts.allowed.end(),
                                  [&](const UsePurpose& purpose) { return purpose.id == request.purpose; });
  if (found == facts.allowed.end())
    return refuse("USE-01")
        .because("purpose", request.purpose)
        .because("allowed", names_of(facts.allowed))
        .says("该用途不在允许范围内", "this purpose is not among the allowed ones")
        .mend("选择列出的用途之一", "choose one of the listed purposes");
  if (found->needs_beneficiary && request.beneficiary.empty())
    return refuse("USE-01")
        .because("purpose", request.purpose)
        .says("该用途必须写明受益对象", "this purpose needs a beneficiary")
        .mend("写明活动或机构", "name the event or the organisation");
  if (!facts.event_in_region)
    return refuse("USE-01")
        .because("event", request.beneficiary)
        .says("该活动不在本办法适用区域内举办", "the event is not held where this scheme applies")
        .mend("选择区域内的活动", "choose an event of the region");
  return *found;
}

Refusal held_for_notice(Milligrams asked) {
  return refuse("USE-02")
      .because("asked_kg", format_fixed(asked.count(), 6))
      .says("所需减碳量仍在签发公示期内，不得使用", "what would be enough is still on the notice of its issuance")
      .mend("公示期满、解除限制后再使用", "use it when the notice has ended and it is released");
}

Result<UsePlan> plan_of(const UseRequest& request, const UseFacts& facts) {
  if (facts.held.empty()) return plan_use(*facts.account, request.amount, facts.today);
  auto plan = plan_use(without_held(*facts.account, facts.held), request.amount, facts.today);
  if (!plan && plan_use(*facts.account, request.amount, facts.today)) return held_for_notice(request.amount);
  return plan;
}

}  // namespace

Result<UseDecision> decide_use(const UseRequest& request, const UseFacts& facts) {
  TANPUHUI_TRY(UsePurpose purpose, allowed_purpose(request, facts));
  if (request.amount <= Milligrams())
    return refuse("USE-02")
        .because("asked_kg", format_fixed(request.amount.count(), 6))
        .says("数量必须大于零", "the amount must be above zero")
        .mend("填写大于零的数量", "give an amount above zero");
  TANPUHUI_TRY(UsePlan plan, plan_of(request, facts));
  Posting posting = use_reductions(*facts.account, plan, purpose.destination);
  return UseDecision{purpose.kind, std::move(purpose), std::move(plan), std::move(posting)};
}

}  // namespace tanpuhui
