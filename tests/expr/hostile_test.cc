#include <gtest/gtest.h>

#include "world.h"

namespace tanpuhui::expr {
namespace {

/// Bytes and pieces that a formula is made of, and some that it is not.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string next() {
    std::string text = world::formulas[below(std::size(world::formulas))].first;
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }
  void change(std::string& text) {
    constexpr std::string_view pieces[] = {"sum(m in material, ",
                                           "mass_kg[m]",
                                           "factor_of[fuel]",
                                           "\"petrol\"",
                                           "\"",
                                           "if(",
                                           "round_down(",
                                           "round_half_up(",
                                           "/ group_person",
                                           "/ 0",
                                           "/ loss_kwh",
                                           ", ",
                                           ")",
                                           "(",
                                           "[",
                                           "]",
                                           "999999999999999999",
                                           "0.000000001 kWh",
                                           " kWh",
                                           "wide_kwh * ",
                                           "-",
                                           "not ",
                                           "huge[fuel]",
                                           " and ",
                                           "saved_kwh",
                                           "in",
                                           "\xe5\x85\xac",
                                           std::string_view("\0", 1)};
    const std::size_t at = below(text.size() + 1), size = below(12);
    switch (below(5)) {
      case 0:
        text.erase(at, size);
        break;
      case 1:
        text.insert(at, pieces[below(std::size(pieces))]);
        break;
      case 2:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 3:
        text.insert(below(text.size() + 1), text.substr(at, 4 * size));
        break;
      default:
        text.replace(at, size, pieces[below(std::size(pieces))]);
        break;
    }
  }
  std::mt19937_64 random_;
};

TEST(hostile_formulas, never_crash_and_never_disagree) {
  const Symbols symbols = world::symbols();
  const auto columns = world::records(symbols, 9, 11);
  Mutator mutator(20250101);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = mutator.next();
    ASSERT_EQ(world::try_text(text, symbols, columns), "") << text;
  }
}

TEST(hostile_formulas, end_in_an_error_however_deep) {
  for (const char* piece :
       {"(", "-", "not ", "if(", "min(", "sum(m in material, ", "round_down(", "[", "a[", "\"", "1/"})
    for (std::size_t times : {65u, 700u, 10'000u}) {
      std::string text;
      for (std::size_t i = 0; i < times; ++i) text += piece;
      const auto syntax = parse_formula(text, {});
      ASSERT_FALSE(syntax) << piece << times;
      EXPECT_FALSE(syntax.error().front().remedy.empty());
    }
}

// What is loaded is kept with single spaces and read again to explain a record.
TEST(hostile_formulas, end_in_an_error_when_only_their_single_spaces_make_them_too_long) {
  const auto repeated = [](int times) {
    std::string text = "1";
    for (int i = 0; i < times; ++i) text += "-1";
    return parse_formula(text, {});
  };
  const auto fits = repeated(1000);
  ASSERT_TRUE(fits);
  EXPECT_TRUE(parse_formula(fits->canonical, {}));
  const auto too_long = repeated(1500);
  ASSERT_FALSE(too_long);
  EXPECT_NE(too_long.error().front().message.find("longer than 4096 bytes"), std::string::npos);
}

TEST(hostile_formulas, end_in_an_error_however_often_sums_multiply) {
  Symbols symbols = world::symbols();
  symbols.lists[0].words.clear();
  for (int i = 0; i < 100; ++i) symbols.lists[0].words.push_back("w" + std::to_string(i));
  symbols.tables[0].values.assign(100, Exact{1, 1});
  symbols.names.clear();
  std::string text = "1 kg";
  for (char variable = 'a'; variable < 'k'; ++variable)
    text = "sum(" + std::string(1, variable) + " in material, " + text + " + mass_kg[" + variable + "])";
  const auto syntax = parse_formula(text, {});
  ASSERT_TRUE(syntax) << syntax.error().front().message;
  const auto program = compile_quantity(*syntax, symbols, world::unit("g"));
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().size(), 1u);
  EXPECT_NE(program.error()[0].message.find("16384 steps"), std::string::npos);
}

TEST(hostile_formulas, end_in_an_error_when_values_find_no_room) {
  std::string text = "wide_kwh * wide_kwh";
  for (int i = 1; i < 60; ++i) text = "(wide_kwh + " + std::to_string(i) + " kWh) * used_kwh - (" + text + ")";
  const auto program = compile_condition(*parse_formula(text + " > 0 kWh*kWh", {}), world::symbols());
  ASSERT_FALSE(program);
  EXPECT_FALSE(program.error().front().message.empty());
}

}  // namespace
}  // namespace tanpuhui::expr
