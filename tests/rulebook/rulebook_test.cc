#include <algorithm>

#include "book_files.h"

namespace tanpuhui {
namespace {

using test::day;

constexpr std::string_view book_toml =
    "name = \"t1\"\ntitle_zh = \"试\"\ntitle_en = \"Trial\"\ndocument_number = \"1\"\nissued_on = 2024-01-01\n"
    "zone = \"+08:00\"\nregion = \"1\"\n";

constexpr std::string_view chapter =
    "# 章 · Chapter\n"                                         // 1
    "\n"                                                       // 2
    "## t1.a1 条 · Article\n"                                  // 3
    "- **zh**: 甲\n"                                           // 4
    "- **en**: A\n"                                            // 5
    "- **kind**: duty · **status**: executable\n"              // 6
    "Prose with [brackets] and key = value.\n"                 // 7
    "```toml\n"                                                // 8
    "[[order_rule]]\n"                                         // 9
    "from = 2024-01-01\n"                                      // 10
    "until = 2024-12-31\n"                                     // 11
    "after_sales_days = 15\n"                                  // 12
    "```\n"                                                    // 13
    "```toml\n"                                                // 14
    "[[order_rule]]\n"                                         // 15
    "from = 2025-01-01\n"                                      // 16
    "after_sales_days = 7\n"                                   // 17
    "```\n"                                                    // 18
    "## t1.a2 条二 · Second article\n"                         // 19
    "### t1.a2p1\n"                                            // 20
    "- **zh**: 乙\n"                                           // 21
    "- **en**: B\n"                                            // 22
    "- **kind**: entry_into_force · **status**: executable\n"  // 23
    "```toml\n"                                                // 24
    "[[entry_into_force]]\n"                                   // 25
    "from = 2024-01-01\n"                                      // 26
    "```\n";                                                   // 27

std::vector<SourceFile> small_book() {
  return {{"t1/book.toml", std::string(book_toml)}, {"t1/ch1_first.law.md", std::string(chapter)}};
}

std::vector<SourceFile> small_book_with(std::string_view from, std::string_view to) {
  std::vector<SourceFile> files = small_book();
  for (SourceFile& file : files)
    if (const auto at = file.text.find(from); at != std::string::npos)
      return file.text.replace(at, from.size(), to), files;
  ADD_FAILURE() << from << " is not in the book";
  return files;
}

/// `ch1_first.law.md:12: message` of the first error, or "none".
std::string mistake_of(const std::vector<SourceFile>& files) {
  const auto book = load_rulebook(files, test::toy_hash);
  if (book) return "none";
  const TextError& error = book.error().front();
  EXPECT_FALSE(error.remedy.empty());
  return base_name(error.file) + ":" + std::to_string(error.line) + ": " + error.message;
}
std::string mistake_of(std::string_view from, std::string_view to) { return mistake_of(small_book_with(from, to)); }

TEST(rulebook, gives_the_value_in_force_on_each_day) {
  const Rulebook book = test::loaded(small_book());
  EXPECT_EQ(book.orders.on(day("2024-01-01"))->after_sales_days, 15);
  EXPECT_EQ(book.orders.on(day("2024-12-31"))->after_sales_days, 15);
  EXPECT_EQ(book.orders.on(day("2025-01-01"))->after_sales_days, 7);
  EXPECT_EQ(book.orders.on(day("2099-01-01"))->after_sales_days, 7);
}

TEST(rulebook, knows_the_line_of_each_value) {
  const Rulebook book = test::loaded(small_book());
  EXPECT_EQ(book.orders.on(day("2025-01-01"))->line, 15);
  EXPECT_EQ(book.orders.on(day("2025-01-01"))->basis, "t1.a1");
}

TEST(rulebook, refuses_a_value_before_its_first_day) {
  const auto refused = test::loaded(small_book()).orders.on(day("2023-12-31"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "RUL-01");
  EXPECT_EQ(refused.error().basis, "t1.a1");
}

TEST(rulebook, refuses_a_value_in_a_gap_and_names_the_next_one) {
  const auto refused =
      test::loaded(small_book_with("until = 2024-12-31", "until = 2024-12-30")).orders.on(day("2024-12-31"));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message_en.find("in force from 2025-01-01"), std::string::npos);
}

TEST(rulebook, refuses_a_rule_the_book_does_not_have) {
  const auto refused = test::loaded(small_book()).expiry.on(day("2025-01-01"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().basis, "t1");
}

TEST(rulebook, refuses_values_that_share_a_day) {
  EXPECT_EQ(mistake_of("until = 2024-12-31", "until = 2025-01-01"),
            "ch1_first.law.md:16: this value is in force together with the one at t1/ch1_first.law.md:9");
  EXPECT_EQ(mistake_of("until = 2024-12-31\n", "\n"),
            "ch1_first.law.md:16: this value is in force together with the one at t1/ch1_first.law.md:9");
}

TEST(rulebook, points_at_a_broken_rule_block) {
  EXPECT_EQ(mistake_of("after_sales_days = 15", "after_sales_days = fifteen").substr(0, 20), "ch1_first.law.md:12:");
  EXPECT_EQ(mistake_of("after_sales_days = 15", "after_sales_days = \"15\""),
            "ch1_first.law.md:12: after_sales_days must be a whole number");
  EXPECT_EQ(mistake_of("after_sales_days = 15", "after_sale_days = 15"),
            "ch1_first.law.md:9: after_sales_days is missing");
  EXPECT_EQ(mistake_of("after_sales_days = 15", "after_sales_days = 15\nsurprise = 1"),
            "ch1_first.law.md:13: unknown key surprise");
  EXPECT_EQ(mistake_of("after_sales_days = 15", "after_sales_days = -1"),
            "ch1_first.law.md:12: after_sales_days is out of range");
  EXPECT_EQ(mistake_of("after_sales_days = 15", "after_sales_days = 15\nsettings = [\"maybe\"]"),
            "ch1_first.law.md:13: maybe is no setting");
  EXPECT_EQ(mistake_of("until = 2024-12-31", "until = 2023-12-31"), "ch1_first.law.md:11: until is before from");
}

TEST(rulebook, reports_the_mistakes_of_all_chapters_at_once) {
  std::vector<SourceFile> files = small_book_with("after_sales_days = 15", "after_sales_days = true");
  files.push_back({"t1/ch2_second.law.md",
                   "# 章 · Chapter\n## t1.a1 条 · Article\n- **zh**: 丙\n- **en**: C\n"
                   "- **kind**: duty · **status**: forgotten\n"});
  const auto book = load_rulebook(files, test::toy_hash);
  ASSERT_FALSE(book);
  EXPECT_EQ(book.error().size(), 2U);
}

TEST(rulebook, refuses_a_block_that_goes_on_with_the_one_above) {
  EXPECT_EQ(mistake_of("[[order_rule]]\nfrom = 2025-01-01\nafter_sales_days = 7", "# a comment\nmark = \"x\""),
            "ch1_first.law.md:15: the block does not begin with a header");
}

TEST(rulebook, refuses_a_text_that_swallows_the_next_block) {
  std::vector<SourceFile> files = small_book_with("after_sales_days = 15", "after_sales_days = 15\nmark = '''");
  std::string& text = files[1].text;
  text.replace(text.find("after_sales_days = 7"), 20, "x = '''");
  EXPECT_EQ(mistake_of(files), "ch1_first.law.md:16: the block does not begin with a header");
}

TEST(rulebook, refuses_rules_it_does_not_know) {
  EXPECT_EQ(mistake_of("[[entry_into_force]]", "[[entry]]"), "ch1_first.law.md:25: unknown rule entry");
  EXPECT_EQ(mistake_of("[[entry_into_force]]", "[entry_into_force]"),
            "ch1_first.law.md:25: entry_into_force is not a list of rules");
}

TEST(rulebook, refuses_a_rule_before_the_book_is_in_force) {
  EXPECT_EQ(mistake_of("[[entry_into_force]]\nfrom = 2024-01-01", "[[entry_into_force]]\nfrom = 2024-02-01"),
            "ch1_first.law.md:9: the rule begins before the book is in force");
}

TEST(rulebook, wants_a_rule_under_what_is_executable_and_only_there) {
  EXPECT_EQ(mistake_of("duty · **status**: executable", "duty · **status**: recorded"),
            "ch1_first.law.md:3: t1.a1 has a rule, but is not executable");
  EXPECT_EQ(mistake_of("```toml\n[[entry_into_force]]\nfrom = 2024-01-01\n```\n", ""),
            "ch1_first.law.md:20: t1.a2p1 is executable, but no rule stands below it");
}

TEST(law_chapter, refuses_ids_that_are_out_of_place) {
  EXPECT_EQ(mistake_of("## t1.a2 ", "## t2.a2 "), "ch1_first.law.md:19: this is not the id of a next article");
  EXPECT_EQ(mistake_of("## t1.a2 ", "## t1.a1 "), "ch1_first.law.md:19: this is not the id of a next article");
  EXPECT_EQ(mistake_of("## t1.a2 ", "## t1.a02 "), "ch1_first.law.md:19: this is not the id of a next article");
  EXPECT_EQ(mistake_of("### t1.a2p1", "### t1.a3p1"),
            "ch1_first.law.md:20: this is not the id of a next paragraph of the article above");
}

TEST(law_chapter, refuses_unknown_words_and_missing_summaries) {
  EXPECT_EQ(mistake_of("**kind**: duty", "**kind**: wish"), "ch1_first.law.md:6: unknown kind");
  EXPECT_EQ(mistake_of("duty · **status**: executable", "duty · **status**: maybe"),
            "ch1_first.law.md:6: unknown status");
  EXPECT_EQ(mistake_of("- **en**: B\n", ""), "ch1_first.law.md:20: t1.a2p1 lacks its summary, kind or status");
  EXPECT_EQ(mistake_of("- **zh**: 甲\n- **en**: A\n- **kind**: duty · **status**: executable\n", ""),
            "ch1_first.law.md:3: t1.a1 has neither a summary nor paragraphs");
}

TEST(law_chapter, refuses_blocks_that_are_open_or_of_another_language) {
  std::vector<SourceFile> files = small_book();
  files[1].text.resize(files[1].text.size() - 4);
  EXPECT_EQ(mistake_of(files), "ch1_first.law.md:24: this block is never closed");
  EXPECT_EQ(mistake_of("```toml\n[[order_rule]]\nfrom = 2024", "```yaml\n[[order_rule]]\nfrom = 2024"),
            "ch1_first.law.md:8: only toml blocks stand in a law file");
}

TEST(rulebook, refuses_an_article_in_two_chapters) {
  std::vector<SourceFile> files = small_book();
  files.push_back({"t1/ch2_second.law.md",
                   "# 章 · Chapter\n## t1.a1 条 · Article\n- **zh**: 丙\n- **en**: C\n"
                   "- **kind**: duty · **status**: recorded\n"});
  EXPECT_EQ(mistake_of(files), "ch2_second.law.md:2: t1.a1 also stands at t1/ch1_first.law.md:3");
}

TEST(rulebook, refuses_files_that_are_none_of_its_own) {
  std::vector<SourceFile> files = small_book();
  files.push_back({"t1/notes.md", ""});
  EXPECT_EQ(mistake_of(files), "notes.md:1: this is no file of a rulebook");
  EXPECT_EQ(mistake_of(std::vector<SourceFile>{small_book()[1]}), "book.toml:1: the rulebook has no book.toml");
  EXPECT_EQ(mistake_of(std::vector<SourceFile>{small_book()[0], small_book()[0]}), "book.toml:1: the file comes twice");
}

TEST(rulebook, refuses_a_zone_that_is_no_offset) {
  EXPECT_EQ(mistake_of("+08:00", "Asia/Shanghai"), "book.toml:6: the zone is no offset from UTC");
  EXPECT_EQ(mistake_of("+08:00", "+08:60"), "book.toml:6: the zone is no offset from UTC");
}

TEST(rulebook, reads_zones_on_both_sides_of_greenwich) {
  EXPECT_EQ(test::loaded(small_book_with("+08:00", "-03:30")).zone.offset_minutes, -210);
}

TEST(points_rule, may_leave_out_acts_without_reductions_but_not_give_them_nothing) {
  const std::string rule =
      "[[points_rule]]\nfrom = 2025-01-01\nreduction_g_per_point = \"100\"\nrounding = \"down\"\n"
      "sum_over = \"person_in_batch\"\n";
  const std::string other = "[[order_rule]]\nfrom = 2025-01-01\nafter_sales_days = 7\n";
  EXPECT_EQ("none", mistake_of(small_book_with(other, rule)));
  EXPECT_EQ("none", mistake_of(small_book_with(other, rule + "points_per_act = \"2\"\n")));
  EXPECT_NE(std::string::npos,
            mistake_of(small_book_with(other, rule + "points_per_act = \"0\"\n")).find("more than nothing"));
}

TEST(rulebook_hash, changes_with_any_byte_of_any_file) {
  const Digest before = rulebook_hash(small_book(), test::toy_hash);
  std::vector<SourceFile> files = small_book();
  for (SourceFile& file : files) {
    for (char& byte : file.text) {
      byte = static_cast<char>(byte ^ 1);
      EXPECT_NE(rulebook_hash(files, test::toy_hash), before);
      byte = static_cast<char>(byte ^ 1);
    }
  }
  EXPECT_EQ(rulebook_hash(files, test::toy_hash), before);
}

TEST(rulebook_hash, changes_when_bytes_move_between_files) {
  const std::vector<SourceFile> one = {{"book.toml", "ab"}, {"ch1_x.law.md", "c"}};
  const std::vector<SourceFile> other = {{"book.toml", "a"}, {"ch1_x.law.md", "bc"}};
  EXPECT_NE(rulebook_hash(one, test::toy_hash), rulebook_hash(other, test::toy_hash));
}

TEST(rulebook_hash, does_not_ask_where_the_folder_lies_or_in_what_order_files_come) {
  std::vector<SourceFile> moved = small_book();
  for (SourceFile& file : moved) file.name = "/elsewhere/" + base_name(file.name);
  std::reverse(moved.begin(), moved.end());
  EXPECT_EQ(rulebook_hash(moved, test::toy_hash), rulebook_hash(small_book(), test::toy_hash));
  EXPECT_EQ(test::loaded(moved).hash, test::loaded(small_book()).hash);
}

}  // namespace
}  // namespace tanpuhui
