/// Guards: one code, one thing that must be so.
#include <algorithm>
#include <charconv>
#include <tuple>

#include "rulebook/law_block.h"

namespace tanpuhui {
namespace {

/// "2/3" -> {2, 3}; {0, 0} for anything that is no share.
std::pair<int, int> share_of(std::string_view text) {
  int of = 0, in = 0;
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), text.data() + slash, of);
  const auto second = std::from_chars(text.data() + slash + 1, end, in);
  const bool sound = first.ptr == text.data() + slash && second.ptr == end && 1 <= of && of <= in && in <= 100;
  return sound ? std::pair(of, in) : std::pair(0, 0);
}

GuardTest read_votes(LawBlockReader& block) {
  VotedFor test{block.id("votes_for")};
  const std::string share = block.toml.text("share");
  std::tie(test.share_of, test.share_in) = share_of(share);
  if (test.share_in == 0 && !share.empty())
    block.toml.fail("share", "the share is no fraction", "write it like \"2/3\"");
  test.votes_min = static_cast<int>(block.toml.optional_integer("at_least", 1, 1000).value_or(1));
  return test;
}

GuardTest read_named_case(LawBlockReader& block) {
  FieldNamesCase test;
  test.field = block.id("field");
  test.procedure = block.id("of");
  test.states = block.some_ids("in_states");
  test.may_be_empty = block.flag("may_be_empty");
  return test;
}

GuardTest read_applicant(LawBlockReader& block) {
  static constexpr std::array<std::string_view, 3> kinds = {"person", "organisation", "public_institution"};
  const ApplicantIs test{block.some_ids("applicant")};
  for (const std::string& kind : test.kinds)
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
      block.toml.fail("applicant", "there are no applicants of the kind " + kind,
                      "write person, organisation or public_institution");
  return test;
}

GuardTest read_applicant_free(LawBlockReader& block) { return ApplicantFree{block.some_ids("applicant_free_of")}; }

GuardTest read_not_after(LawBlockReader& block) {
  static constexpr std::array<std::string_view, 1> words = {"today"};
  block.toml.one_of("not_after", words);
  return FieldNotInFuture{block.id("field")};
}

GuardTest read_not_before(LawBlockReader& block) {
  FieldNotBefore test{block.id("field"), {}};
  const std::string text = block.toml.text("not_before");
  if (text == "today") return test;
  if (const auto day = parse_day(text)) {
    test.day = *day;
  } else {
    block.toml.fail("not_before", "this is no day", "write it like \"2024-09-30\", or \"today\"");
  }
  return test;
}

GuardTest read_is(LawBlockReader& block) { return FieldOneOf{block.id("field"), {block.toml.text("is")}}; }
GuardTest read_one_of(LawBlockReader& block) { return FieldOneOf{block.id("field"), block.some_ids("one_of")}; }
GuardTest read_least(LawBlockReader& block) { return FieldAtLeast{block.id("field"), block.toml.integer("at_least")}; }
GuardTest read_not_in(LawBlockReader& block) { return FieldNotListed{block.id("field"), block.id("not_in")}; }
GuardTest read_documents(LawBlockReader& block) { return DocumentsThere{block.some_ids("documents")}; }
GuardTest read_fields(LawBlockReader& block) { return FieldsFilled{block.some_ids("fields")}; }
GuardTest read_closed(LawBlockReader& block) { return NoneOpen{block.id("closed")}; }
GuardTest read_exists(LawBlockReader& block) { return OneExists{block.id("exists"), block.some_ids("in_states")}; }
GuardTest read_overdue(LawBlockReader& block) { return DeadlinePassed{block.id("overdue")}; }
GuardTest read_fact(LawBlockReader& block) { return FactSaid{block.id("fact")}; }

struct TestShape {
  std::string_view key;    ///< the key that tells which test it is
  std::string_view where;  ///< a key that must stand beside it; empty: none
  GuardTest (*read)(LawBlockReader&);
};
constexpr std::array<TestShape, 16> shapes = {{
    {"documents", "", read_documents},
    {"fields", "", read_fields},
    {"is", "field", read_is},
    {"one_of", "field", read_one_of},
    {"not_after", "field", read_not_after},
    {"not_before", "field", read_not_before},
    {"at_least", "field", read_least},
    {"not_in", "field", read_not_in},
    {"of", "field", read_named_case},
    {"applicant", "", read_applicant},
    {"applicant_free_of", "", read_applicant_free},
    {"closed", "", read_closed},
    {"exists", "", read_exists},
    {"votes_for", "", read_votes},
    {"overdue", "", read_overdue},
    {"fact", "", read_fact},
}};

}  // namespace

void read_guard(LawBlockReader& block) {
  auto rule = block.begin<GuardRule>();
  rule.id = block.id();
  rule.code = block.code();
  block.name(rule);
  rule.remedy_zh = block.toml.text("remedy_zh");
  rule.remedy_en = block.toml.text("remedy_en");
  const TestShape* chosen = nullptr;
  int tests = 0;
  for (const TestShape& shape : shapes) {
    if (!block.toml.has(shape.key) || (!shape.where.empty() && !block.toml.has(shape.where))) continue;
    chosen = &shape;
    ++tests;
  }
  if (tests != 1)
    return block.toml.fail("id", tests == 0 ? "the guard asks nothing" : "the guard asks more than one thing",
                           "give it exactly one of the tests of docs/RULEBOOKS.md");
  rule.test = chosen->read(block);
  block.add(block.book.guards, std::move(rule), [](const GuardRule& a, const GuardRule& b) { return a.id == b.id; });
}

}  // namespace tanpuhui
