/// Rules that are no procedure, asked by name.
#include "procedure/law_case.h"

namespace tanpuhui {
namespace {

Refusal other_figure(const std::string& code, const Rule& rule, const std::string& name, std::int64_t figure) {
  const std::string text = std::to_string(figure);
  return refuse(code, rule.basis)
      .because(name, text)
      .says("按规定应为 " + text, "by the rule it is " + text)
      .mend("按规定的数值办理", "take the figure that the rule gives");
}

class ValueAnswer {
 public:
  ValueAnswer(const Rulebook& book, const Calendar& calendar, const ValueQuestion& question)
      : book_(book), calendar_(calendar), asked_(question) {}

  Result<Done> answer() const {
    if (asked_.rule == "right") return right();
    if (asked_.rule == "use") return use();
    if (asked_.rule == "points") return points();
    if (asked_.rule == "expiry") return expiry();
    if (asked_.rule == "spend") return spend();
    if (asked_.rule == "signing") return signing();
    if (asked_.rule == "honour") return honour();
    TANPUHUI_REQUIRE(asked_.rule == "act_day", "the reader knows every rule that can be asked");
    return act_day();
  }

 private:
  Result<Done> right() const {
    const RightRule* right = book_.find_right(asked_.holder, asked_.asset, asked_.act, asked_.on);
    if (right != nullptr && right->allowed) return Done{};
    const std::string what = asked_.holder + " " + asked_.act + " " + asked_.asset;
    return refuse(right == nullptr ? "RUL-01" : right->code, right == nullptr ? book_.name : right->basis)
        .because("right", what)
        .says("规定不允许：" + what,
              right == nullptr ? "the book does not say that it is allowed: " + what : "this is not allowed: " + what)
        .mend("选择规定允许的方式", "choose what the book allows");
  }

  Result<Done> use() const {
    TANPUHUI_TRY(
        const PermittedUse use,
        book_.permitted_use(asked_.purpose, asked_.by == "platform" ? UseBy::platform : UseBy::owner, asked_.on));
    return Done{};
  }

  Result<Done> points() const {
    TANPUHUI_TRY(const PointsRule rule, book_.points.on(asked_.on));
    const std::int64_t of_grams =
        rule.mg_per_point == Milligrams() ? 0 : asked_.reduction_mg / rule.mg_per_point.count();
    const std::int64_t granted = of_grams + asked_.acts * rule.points_per_act.count();
    if (granted == asked_.points) return Done{};
    return other_figure("PTS-02", rule, "points", granted);
  }

  Result<Done> expiry() const {
    TANPUHUI_TRY(const ExpiryRule rule, book_.expiry.on(asked_.available_on));
    Day last = add_years(asked_.available_on, rule.years);
    if (rule.roll_over) last = calendar_.roll_forward(last).last_day;
    if (asked_.on <= last) return Done{};
    const std::string day = format_day(last);
    return refuse("MAL-02", rule.basis)
        .because("last_day", day)
        .says("碳积分已于 " + day + " 24:00 到期", "the points were good through " + day)
        .mend("使用未到期的碳积分", "use points that are still good");
  }

  Result<Done> spend() const {
    TANPUHUI_TRY(const SpendRule rule, book_.spending.on(asked_.on));
    if (asked_.points > asked_.bearing + asked_.plain)
      return other_figure("MAL-02", rule, "points", asked_.bearing + asked_.plain);
    const bool any_split = rule.user_choice || rule.first == SpendFirst::oldest;
    const std::int64_t takes = std::min(asked_.bearing, asked_.points);
    if (any_split || takes == asked_.takes_bearing) return Done{};
    return other_figure("PTS-03", rule, "takes_bearing", takes);
  }

  Result<Done> signing() const {
    TANPUHUI_TRY(const SigningRule rule, book_.signing.on(asked_.on));
    const bool stands = asked_.signer == "authority" ? rule.authority_may_sign
                                                     : !rule.operator_needs_delegation || asked_.delegation == "valid";
    if (stands) return Done{};
    return refuse("ISS-01", rule.basis)
        .because("signer", asked_.signer)
        .because("delegation", asked_.delegation)
        .says("签署无效：签署人没有有效的授权", "the signature does not stand: the signer has no valid authority")
        .mend("由主管部门签署，或登记有效的委托", "let the authority sign, or record a delegation that is valid");
  }

  Result<Done> honour() const {
    const auto found = book_.honours.find(asked_.honour);
    if (found == book_.honours.end())
      return refuse("RUL-01", book_.name)
          .because("honour", asked_.honour)
          .says("没有荣誉“" + asked_.honour + "”", "there is no honour " + asked_.honour)
          .mend("选择规定的荣誉", "choose one that the book has");
    TANPUHUI_TRY(const Honour honour, found->second.on(asked_.on));
    return Done{};
  }

  Result<Done> act_day() const {
    if (book_.in_force_from && *book_.in_force_from <= asked_.on) return Done{};
    const std::string from = book_.in_force_from ? format_day(*book_.in_force_from) : "";
    return refuse("RUL-01", book_.name)
        .because("in_force_from", from)
        .says(from.empty() ? "规定尚无施行日期，行为不计入" : "规定自 " + from + " 起施行，此前的行为不计入",
              from.empty() ? "the book has no day of entry into force, so no act counts"
                           : "the book is in force from " + from + "; earlier acts do not count")
        .mend("选择施行之后的日期", "choose a day after its entry into force");
  }

  const Rulebook& book_;
  const Calendar& calendar_;
  const ValueQuestion& asked_;
};

}  // namespace

Result<Done> ask_value(const Rulebook& book, const Calendar& calendar, const ValueQuestion& question) {
  return ValueAnswer(book, calendar, question).answer();
}

}  // namespace tanpuhui
