#include "rooms/reduction/batch.h"

#include <algorithm>

#include "base/cbor.h"
#include "base/decimal.h"

namespace tanpuhui {
namespace {

std::string kilograms(Milligrams amount) { return format_fixed(amount.count(), 6); }

Refusal unsigned_refusal(const BatchContent& content, std::string zh, std::string en) {
  return refuse("ISS-01")
      .because("batch", std::to_string(content.id.value))
      .because("scenario", content.scenario)
      .because("reduction_kg", kilograms(content.total()))
      .says(std::move(zh), std::move(en));
}

Result<Done> check_delegation(const BatchContent& content, const Delegation& delegation, Day today) {
  const auto refused = [&](std::string zh, std::string en) {
    return unsigned_refusal(content, std::move(zh), std::move(en))
        .because("delegation", delegation.document)
        .because("delegation_from", format_day(delegation.from))
        .because("delegation_until", format_day(delegation.until))
        .because("delegation_limit_kg", kilograms(delegation.limit))
        .mend("请主管部门签发，或登记有效的委托书",
              "let the authority sign, or record a delegation that covers this batch");
  };
  if (today < delegation.from || today > delegation.until)
    return refused("委托书不在有效期内", "the delegation is not in force today");
  if (delegation.scope != "*" && delegation.scope != content.scenario)
    return refused("委托书不包括该场景", "the delegation does not cover this scenario");
  if (content.total() > delegation.limit)
    return refused("批次数额超过委托限额", "the batch is larger than the delegation allows");
  return Done{};
}

template <class Value>
Value sum_of(const std::vector<BatchLine>& lines, Value BatchLine::*value) {
  Value sum{};
  for (const BatchLine& line : lines) sum += line.*value;
  return sum;
}

Refusal no_points_for_plain_acts(const BatchContent& content, const PointsRule& rule) {
  return refuse("PTS-02")
      .because("scenario", content.scenario)
      .because("points_rule_from", format_day(*rule.from))
      .says("碳积分计算规则未规定不含减碳量的行为计多少积分",
            "the points rule does not say how many points an act without reductions earns")
      .mend("碳积分计算规则对此作出规定后再核算", "compute the batch once the points rule says so (points_per_act)");
}

}  // namespace

BatchLine line_of(const ActSum& sum, Milligrams carried_in) {
  const Milligrams rest = sum.reduction + carried_in;
  BatchLine line{sum.account, std::max(rest, Milligrams()), sum.records, sum.plain_records};
  line.carried_in = carried_in;
  line.carried_out = std::min(rest, Milligrams());
  return line;
}

Milligrams BatchContent::total() const { return sum_of(lines, &BatchLine::reduction); }
std::int64_t BatchContent::records() const { return sum_of(lines, &BatchLine::records); }
std::int64_t BatchContent::plain_records() const { return sum_of(lines, &BatchLine::plain_records); }
Milligrams BatchContent::saved() const {
  return total() + sum_of(lines, &BatchLine::carried_out) - sum_of(lines, &BatchLine::carried_in);
}

Digest batch_digest(const BatchContent& content, HashFunction hash) {
  const bool plain_sums = std::ranges::all_of(content.lines, &BatchLine::is_plain_sum);
  CborWriter out;
  out.array(9).text(plain_sums ? "tph/batch1" : "tph/batch2").integer(content.id.value).text(content.scenario);
  out.integer(content.period_from.number).integer(content.period_until.number);
  out.bytes(content.methodology_hash).bytes(content.rulebook_hash).bytes(content.acts_digest);
  out.array(content.lines.size());
  for (const BatchLine& line : content.lines) {
    out.array(plain_sums ? 3 : 6).integer(line.account.value).integer(line.reduction.count()).integer(line.records);
    if (plain_sums) continue;
    out.integer(line.plain_records).integer(line.carried_in.count()).integer(line.carried_out.count());
  }
  return hash(out.result());
}

Result<GrantRule> grant_rule_on(const Rulebook& book, Day day, const BatchContent& content) {
  TANPUHUI_TRY(const PointsRule points, book.points.on(day));
  if (points.mg_per_point == Milligrams() && content.plain_records() == 0) return GrantRule{};
  TANPUHUI_TRY(const ExpiryRule expiry, book.expiry.on(day));
  if (points.points_per_act == Points() && content.plain_records() > 0)
    return no_points_for_plain_acts(content, points);
  return GrantRule{points.mg_per_point, expiry.years, points.points_per_act};
}

GrantRequest grant_request_of(const BatchLine& line, BatchId batch, Day credited_on) {
  return {batch, line.reduction, credited_on, line.plain_records};
}

Result<Done> decide_sign(const BatchContent& content, const SigningFacts& facts, const SigningRule& rule, Day today) {
  if (content.lines.empty())
    return unsigned_refusal(content, "批次没有可签发的减碳量", "the batch holds nothing to issue")
        .mend("先封存该期间的记录", "seal the acts of the period first");
  if (facts.signer == Signer::partner) return Done{};
  if (rule.by_case)
    return unsigned_refusal(content, "签发须经申请和审核，不由密钥签署",
                            "it is issued on application, by the step of a case, and by nobody's key")
        .mend("申请签发并办理案件", "apply for the issuance and work on that case");
  if (facts.signer == Signer::authority && !rule.authority_may_sign)
    return unsigned_refusal(content, "主管部门不签署批次", "the authority signs no batches under this rulebook")
        .mend("由运营机构签署", "let the operator sign");
  if (facts.signer == Signer::authority || !rule.operator_needs_delegation) return Done{};
  if (!facts.delegation)
    return unsigned_refusal(content, "运营机构未持有委托书，不能签发", "the operator may not sign without a delegation")
        .mend("请主管部门签发，或登记委托书", "let the authority sign, or record its delegation");
  return check_delegation(content, *facts.delegation, today);
}

Result<Done> decide_post(const BatchContent& content, const PostingFacts& facts) {
  if (!facts.signed_by_partner || !facts.signed_by_authority)
    return unsigned_refusal(content, "批次缺少签名，不能登记", "the batch lacks a signature and cannot be posted")
        .because("signed_by_partner", facts.signed_by_partner ? "yes" : "no")
        .because("signed_by_authority", facts.signed_by_authority ? "yes" : "no")
        .mend("补齐合作方与主管部门签名", "obtain both the partner's and the authority's signature");
  const bool same_acts = facts.recomputed_saved == content.saved() && facts.recomputed_records == content.records();
  if (!facts.digest_matches || !same_acts)
    return refuse("ISS-03")
        .because("batch", std::to_string(content.id.value))
        .because("signed_kg", kilograms(content.saved()))
        .because("recomputed_kg", kilograms(facts.recomputed_saved))
        .because("signed_records", std::to_string(content.records()))
        .because("recomputed_records", std::to_string(facts.recomputed_records))
        .says("批次数额与平台计算结果不一致", "the batch differs from what the platform computes")
        .mend("作废该批次并重新计算", "drop this batch and compute it again");
  return Done{};
}

}  // namespace tanpuhui
