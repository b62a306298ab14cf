/// Values of points, terms, orders, uses, honours and signing.
#include "rulebook/law_block.h"

namespace tanpuhui {

void read_points_rule(LawBlockReader& block) {
  static constexpr std::array<std::string_view, 1> roundings = {"down"};
  static constexpr std::array<std::string_view, 1> sums = {"person_in_batch"};
  TomlReader& toml = block.toml;
  auto rule = block.begin<PointsRule>();
  rule.mg_per_point = Milligrams(toml.fixed("reduction_g_per_point", 3));
  if (rule.mg_per_point < Milligrams())
    toml.fail("reduction_g_per_point", "a point stands for something",
              "write grams like \"100\", or \"0\" where an issuance grants no points");
  if (toml.has("points_per_act")) {
    rule.points_per_act = Points(toml.fixed("points_per_act", 0));
    if (rule.points_per_act <= Points())
      toml.fail("points_per_act", "an act earns more than nothing",
                "write points like \"1\", or leave it out: then such acts earn none");
  }
  toml.one_of("rounding", roundings);
  toml.one_of("sum_over", sums);
  block.add(block.book.points, std::move(rule));
}

void read_expiry_rule(LawBlockReader& block) {
  static constexpr std::array<std::string_view, 1> starts = {"available"};
  auto rule = block.begin<ExpiryRule>();
  rule.years = static_cast<int>(block.toml.integer("years", 1, 100));
  block.toml.one_of("runs_from", starts);
  rule.roll_over = block.toml.boolean("roll_over");
  rule.grace_days_after_order = block.days("grace_days_after_order");
  rule.provider_refund_grace_days = block.days("provider_refund_grace_days");
  rule.notice_days = block.toml.integers("notice_days");
  block.add(block.book.expiry, std::move(rule));
}

void read_spend_rule(LawBlockReader& block) {
  static constexpr std::array<std::string_view, 2> firsts = {"bearing", "oldest"};
  static constexpr std::array<std::string_view, 1> orders = {"oldest_credited"};
  auto rule = block.begin<SpendRule>();
  rule.first = block.toml.one_of("first", firsts) == "oldest" ? SpendFirst::oldest : SpendFirst::bearing;
  block.toml.one_of("within", orders);
  rule.user_choice = block.toml.boolean("user_choice");
  block.add(block.book.spending, std::move(rule));
}

void read_permitted_use(LawBlockReader& block) {
  static constexpr std::array<std::string_view, 2> actors = {"owner", "platform"};
  auto rule = block.begin<PermittedUse>();
  rule.id = block.id();
  block.name(rule);
  rule.by = block.toml.one_of("by", actors) == "platform" ? UseBy::platform : UseBy::owner;
  rule.needs_beneficiary = block.toml.boolean("needs_beneficiary");
  rule.needs_document = block.flag("needs_document");
  rule.region_only = block.flag("region_only");
  if (!block.sound()) return;
  auto& history = block.book.uses.try_emplace(rule.id, ValueName{"USE-01", rule.zh, rule.en, rule.basis}).first->second;
  block.add(history, std::move(rule));
}

void read_order_rule(LawBlockReader& block) {
  auto rule = block.begin<OrderRule>();
  rule.after_sales_days = block.days("after_sales_days");
  block.add(block.book.orders, std::move(rule));
}

void read_honour(LawBlockReader& block) {
  auto rule = block.begin<Honour>();
  rule.id = block.id();
  block.name(rule);
  if (!block.sound()) return;
  auto& history =
      block.book.honours.try_emplace(rule.id, ValueName{"RUL-01", rule.zh, rule.en, rule.basis}).first->second;
  block.add(history, std::move(rule));
}

void read_signing_rule(LawBlockReader& block) {
  auto rule = block.begin<SigningRule>();
  rule.authority_may_sign = block.toml.boolean("authority_may_sign");
  rule.operator_needs_delegation = block.toml.boolean("operator_needs_delegation");
  rule.by_case = block.flag("by_case");
  rule.held_for_notice = block.flag("held_for_notice");
  block.add(block.book.signing, std::move(rule));
}

}  // namespace tanpuhui
