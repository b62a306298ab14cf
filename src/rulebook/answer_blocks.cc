/// Entry into force, refusals, rights, the answers to the questions of every book, publications.
#include "rulebook/law_block.h"

namespace tanpuhui {

void read_entry_into_force(LawBlockReader& block) {
  const Rule rule = block.begin<Rule>();
  Rulebook& book = block.book;
  if (book.has_entry_into_force)
    block.toml.fail("from", "the book comes into force twice", "keep one entry_into_force");
  book.has_entry_into_force = true;
  if (block.sound()) book.in_force_from = rule.from;
}

void read_refusal(LawBlockReader& block) {
  const std::string code = block.code();
  if (!block.book.refusal_basis.emplace(code, block.provision.id).second)
    block.toml.fail("code", "the refusal " + code + " rests on two provisions", "keep the one that decides");
}

void read_right(LawBlockReader& block) {
  static constexpr std::array<std::string_view, 3> holders = {"person", "organisation", "benefit_provider"};
  static constexpr std::array<std::string_view, 2> assets = {"reductions", "points"};
  static constexpr std::array<std::string_view, 8> acts = {"hold",   "trade",  "transfer", "convert",
                                                           "redeem", "donate", "offset",   "cancel"};
  auto rule = block.begin<RightRule>();
  rule.holder = block.toml.one_of("holder", holders);
  rule.asset = block.toml.one_of("asset", assets);
  rule.act = block.toml.one_of("act", acts);
  rule.allowed = block.toml.boolean("allowed");
  if (!rule.allowed || block.toml.has("code")) rule.code = block.code();
  block.add(block.book.rights, std::move(rule), [](const RightRule& a, const RightRule& b) {
    return a.holder == b.holder && a.asset == b.asset && a.act == b.act;
  });
}

void read_setting(LawBlockReader& block) {
  auto rule = block.begin<SettingAnswer>();
  rule.question = block.toml.text("question");
  if (!rule.question.empty() && !is_question(rule.question))
    block.toml.fail("question", rule.question + " is no question", "write it like AMB-02, D4 or who_issues");
  block.name(rule);
  rule.value = block.toml.optional_text("value").value_or("");
  block.add(block.book.answers, std::move(rule),
            [](const SettingAnswer& a, const SettingAnswer& b) { return a.question == b.question; });
}

void read_publication(LawBlockReader& block) {
  static constexpr std::array<std::string_view, 4> rhythms = {"at_once", "month", "quarter", "year"};
  auto rule = block.begin<PublicationRule>();
  rule.id = block.id();
  block.name(rule);
  rule.fields = block.some_ids("fields");
  rule.every = block.toml.one_of("every", rhythms);
  rule.group_min = static_cast<int>(block.toml.optional_integer("group_min", 2, 1000).value_or(0));
  block.add(block.book.publications, std::move(rule),
            [](const PublicationRule& a, const PublicationRule& b) { return a.id == b.id; });
}

}  // namespace tanpuhui
