#include "toml/toml.h"

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

TomlValue parsed(std::string_view text) {
  auto result = parse_toml(text, "t.toml");
  EXPECT_TRUE(result) << (result ? "" : describe(result.error()));
  return result ? *result : TomlValue{};
}

TextErrors errors_of(std::string_view text) {
  const auto result = parse_toml(text, "t.toml");
  return result ? TextErrors{} : result.error();
}

std::string repeated(std::string_view piece, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += piece;
  return all;
}

TEST(toml, reads_each_kind_of_value) {
  const TomlValue root = parsed("a = \"碳\"\nb = -3\nc = true\nd = 2024-02-29\ne = [1, 2]\n[f]\n");
  EXPECT_EQ(root.find("a")->text, "碳");
  EXPECT_EQ(root.find("b")->integer, -3);
  EXPECT_TRUE(root.find("c")->boolean);
  EXPECT_EQ(format_day(root.find("d")->day), "2024-02-29");
  EXPECT_EQ(root.find("e")->items.size(), 2U);
  EXPECT_EQ(root.find("f")->kind, TomlKind::table);
}

TEST(toml, keeps_the_order_of_the_file) {
  const TomlValue root = parsed("zebra = 1\napple = 2\n[middle]\nb = 1\na = 2\n[aardvark]\n");
  ASSERT_EQ(root.entries.size(), 4U);
  EXPECT_EQ(root.entries[0].key, "zebra");
  EXPECT_EQ(root.entries[1].key, "apple");
  EXPECT_EQ(root.entries[2].key, "middle");
  EXPECT_EQ(root.entries[3].key, "aardvark");
  EXPECT_EQ(root.entries[2].value.entries[0].key, "b");
}

TEST(toml, knows_where_values_and_keys_stand) {
  const TomlValue root = parsed("\n\n  name = \"x\"\n\n[[block]]\nn = 1\n[[block]]\nn = 2\n");
  EXPECT_EQ(root.entries[0].at, (TextPosition{3, 3}));
  EXPECT_EQ(root.find("name")->at, (TextPosition{3, 10}));
  EXPECT_EQ(root.find("block")->items[1].at.line, 7);
}

TEST(toml, points_at_a_syntax_error) {
  const TextErrors errors = errors_of("a = 1\nb = = 2\n");
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].file, "t.toml");
  EXPECT_EQ(errors[0].line, 2);
}

TEST(toml, refuses_floating_point_wherever_it_stands) {
  const TextErrors errors = errors_of("a = 1.5\nb = [\"x\", nan]\nc = { d = 1e3 }\n");
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_EQ(errors[0].message, "floating point is not accepted");
  EXPECT_EQ(errors[0].remedy, "write quantities as text, for example \"62.370\"");
  EXPECT_EQ(errors[1].line, 2);
}

TEST(toml, refuses_times_of_day) {
  EXPECT_EQ(errors_of("a = 2025-01-01T00:00:00Z\n").at(0).message, "times of day are not accepted");
  EXPECT_EQ(errors_of("a = 07:30:00\n").at(0).message, "times of day are not accepted");
}

TEST(toml, refuses_the_same_key_twice) { EXPECT_EQ(errors_of("a = 1\na = 2\n").at(0).line, 2); }

TEST(toml, refuses_more_than_four_mebibytes) {
  EXPECT_EQ(errors_of(std::string(toml_bytes_max + 1, ' ')).at(0).message, "the file is larger than 4 MiB");
}

TEST(toml, survives_arrays_and_tables_nested_without_end) {
  EXPECT_FALSE(errors_of("a = " + repeated("[", 1000000)).empty());
  EXPECT_FALSE(errors_of("a = " + repeated("{ a = ", 500000)).empty());
  EXPECT_FALSE(errors_of("a = " + repeated("[", 40) + repeated("]", 40)).empty());
  EXPECT_TRUE(errors_of("a = " + repeated("[", 20) + repeated("]", 20)).empty());
}

TEST(toml, survives_dotted_keys_without_end) {
  EXPECT_EQ(errors_of(repeated("a.", 1000000) + "a = 1").at(0).message, "a dotted key has more than 16 parts");
  EXPECT_EQ(errors_of("b = 1\n[" + repeated("a.", 1000000) + "a]").at(0).line, 2);
  EXPECT_FALSE(errors_of("x = \"\"\"\"\"\"\n" + repeated("'a'.", 1000000) + "a = 1").empty());
  EXPECT_FALSE(errors_of("x = \"\\\\\" # \"\n" + repeated("\"a\" . ", 1000000) + "a = 1").empty());
}

TEST(toml, allows_sixteen_parts_in_a_key_and_no_more) {
  EXPECT_TRUE(errors_of(repeated("a.", 15) + "a = 1").empty());
  EXPECT_FALSE(errors_of(repeated("a.", 16) + "a = 1").empty());
}

TEST(toml, allows_any_number_of_dots_in_text_and_comments) {
  const std::string dots = repeated(".", 100);
  EXPECT_TRUE(errors_of("a = \"" + dots + "\\\"" + dots + "\" # " + dots + "\nb = '" + dots + "'\n").empty());
  EXPECT_TRUE(errors_of("a = \"\"\"\n" + dots + "\" \"\" " + dots + "\"\"\"\"\"\nb = '''" + dots + "''' \n").empty());
}

TEST(toml, refuses_characters_outside_ascii_that_are_not_in_text) {
  EXPECT_EQ(
      errors_of("a = 1\nb = \"碳\" 碳").at(0),
      (TextError{"t.toml", 2, 9, "a character outside ASCII stands outside of text", "put the text into quotes"}));
  EXPECT_FALSE(errors_of("\xcc\xaa").empty());
  EXPECT_FALSE(errors_of("a = 1\xc2\xa7").empty());
}

TEST(toml, refuses_characters_outside_ascii_behind_a_continued_line) {
  EXPECT_EQ(errors_of("a = \"\"\"\\\n  \xc2\xa7\"\"\"").at(0).message, "a character outside ASCII follows a backslash");
  EXPECT_FALSE(errors_of("a = \"\\\xc2\xa7\"").empty());
  EXPECT_EQ(parsed("a = \"\"\"x\\\n  y\"\"\"").find("a")->text, "xy");
}

TEST(toml, refuses_characters_outside_ascii_in_numbers) {
  EXPECT_EQ(errors_of("a = [\n  2026\"\xc2\xa7\"]").at(0).line, 2);
  EXPECT_FALSE(errors_of("a = 2026-01-01 \"\xc2\xa7\"").empty());
  EXPECT_FALSE(errors_of("a = 1.'\xc2\xa7'").empty());
  EXPECT_FALSE(errors_of("a = +[\"\xc2\xa7").empty());
  EXPECT_TRUE(
      errors_of("\"\xc2\xa7\" = [1, 2 ,\"\xc2\xa7\", '\xc2\xa7', 3] # \xc2\xa7\n[x.\"\xc2\xa7\"]\n7=\"\xc2\xa7\"")
          .empty());
}

TEST(toml, survives_bytes_that_are_no_text) {
  EXPECT_FALSE(errors_of(std::string_view("a = \"\xff\xfe\"", 8)).empty());
  EXPECT_FALSE(errors_of(std::string_view("a\0b = 1", 7)).empty());
}

TEST(toml_reader, reports_every_mistake_at_its_place) {
  const TomlValue root = parsed("name = 3\nyears = 200\nfactor = \"1.2345\"\nday = \"2025-01-01\"\nextra = 1\n");
  TextErrors errors;
  TomlReader reader(root, "t.toml", errors);
  reader.text("name");
  reader.integer("years", 1, 100);
  reader.fixed("factor", 3);
  reader.day("day");
  reader.boolean("flag");
  reader.finish();
  EXPECT_EQ(describe(errors),
            "t.toml:1:8: name must be text; write name = \"...\"\n"
            "t.toml:2:9: years is out of range; write a whole number from 1 to 100\n"
            "t.toml:3:10: factor has too many decimals; write it like \"62.37\", with at most 3 decimals\n"
            "t.toml:4:7: day must be a day; write day = 2025-01-31, without quotes\n"
            "t.toml:1:1: flag is missing; write flag = true or flag = false\n"
            "t.toml:5:1: unknown key extra; remove it or correct its name\n");
}

TEST(toml_reader, reads_a_sound_table_without_errors) {
  const TomlValue root = parsed(
      "name = \"x\"\nyears = 2\nfactor = \"62.370\"\nday = 2025-01-31\nwords = [\"a\", \"b\"]\n"
      "[sub]\nflag = true\n[[part]]\nn = 1\n[[part]]\nn = 2\n");
  TextErrors errors;
  TomlReader reader(root, "t.toml", errors);
  EXPECT_EQ(reader.text("name"), "x");
  EXPECT_EQ(reader.integer("years"), 2);
  EXPECT_EQ(reader.decimal("factor"), (Decimal{62370, 3}));
  EXPECT_EQ(format_day(reader.day("day")), "2025-01-31");
  EXPECT_EQ(reader.texts("words"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(reader.table("sub")->boolean("flag"));
  EXPECT_EQ(reader.tables("part").at(1).integer("n"), 2);
  EXPECT_EQ(reader.optional_day("until"), std::nullopt);
  reader.finish();
  EXPECT_EQ(describe(errors), "");
}

TEST(toml_reader, names_the_words_it_knows) {
  const TomlValue root = parsed("rounding = \"up\"\n");
  TextErrors errors;
  constexpr std::string_view known[] = {"down", "half_even"};
  EXPECT_EQ(TomlReader(root, "t.toml", errors).one_of("rounding", known), "");
  EXPECT_EQ(errors.at(0).remedy, "write one of: down, half_even");
}

TEST(toml_reader, takes_decimals_as_text_only) {
  const TomlValue root = parsed("a = 5\nb = \"+5\"\n");
  TextErrors errors;
  TomlReader reader(root, "t.toml", errors);
  reader.decimal("a");
  reader.decimal("b");
  EXPECT_EQ(errors.size(), 2U);
}

}  // namespace
}  // namespace tanpuhui
