#include <gtest/gtest.h>

#include "world.h"

namespace tanpuhui::expr {
namespace {

class Formulas : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Formulas, agree_in_blocks_scalar_and_trace) {
  const auto [text, unit_text] = GetParam();
  const Symbols symbols = world::symbols();
  const auto syntax = parse_formula(text, {});
  ASSERT_TRUE(syntax) << syntax.error().front().message;
  const bool quantity = *unit_text != '\0';
  const Unit wanted = quantity ? world::unit(unit_text) : Unit{};
  const auto program = quantity ? compile_quantity(*syntax, symbols, wanted) : compile_condition(*syntax, symbols);
  ASSERT_TRUE(program) << program.error().front().message;
  for (std::size_t rows : {1u, 7u, 1023u, 1024u, 1025u, 3000u}) {
    const auto columns = world::records(symbols, rows, rows * 31);
    const auto outcome = world::agree(*syntax, *program, symbols, columns, quantity ? &wanted : nullptr, 3);
    ASSERT_EQ(outcome.difference, "");
    EXPECT_GE(outcome.traced, rows / 3) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(language, Formulas, testing::ValuesIn(world::formulas));

/// Well-formed energies and conditions at random.
class Writer {
 public:
  explicit Writer(std::uint64_t seed) : random_(seed) {}

  std::string energy(int depth) {
    const auto part = [&] { return energy(depth - 1); };
    if (depth == 0) return leaf();
    switch (random_() % 14) {
      case 0:
        return "(" + part() + " + " + part() + ")";
      case 1:
        return part() + " - (" + part() + ")";
      case 2:
        return "min(" + part() + ", " + part() + ", " + part() + ")";
      case 3:
        return "max(" + part() + ", " + part() + ")";
      case 4:
        return "if(" + condition(depth - 1) + ", " + part() + ", " + part() + ")";
      case 5:
        return "round_down(" + part() + ", " + step() + ")";
      case 6:
        return "round_up(" + part() + ", " + step() + ")";
      case 7:
        return "round_half_up(" + part() + ", " + step() + ")";
      case 8:
        return "round_down((" + part() + ") / group_person, " + step() + "/person) * 1 person";
      case 9:
        return "round_half_up((" + part() + ") * 1 kWh / loss_kwh, " + step() + ")";
      case 10:
        return "(" + part() + ") / " + std::to_string(1 + random_() % 12);
      case 11:
        return "-(" + part() + ")";
      case 12:
        return sum("m" + std::to_string(depth), part());
      default:
        return "(" + part() + ") * " + std::to_string(random_() % 5) + ".5";
    }
  }
  std::string condition(int depth) {
    const auto part = [&] { return energy(depth - 1); };
    if (depth == 0) return random_() % 2 == 0 ? "fuel == \"petrol\"" : "thrifty";
    switch (random_() % 6) {
      case 0:
        return part() + " < " + part();
      case 1:
        return part() + " >= " + part();
      case 2:
        return part() + " != " + part();
      case 3:
        return "(" + condition(depth - 1) + " and not " + condition(depth - 1) + ")";
      case 4:
        return "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
      default:
        return part() + " == " + part();
    }
  }

 private:
  static std::string sum(const std::string& variable, const std::string& part) {
    return "sum(" + variable + " in material, min(mass_kg[" + variable + "] * 0.3 kWh/kg, " + part + "))";
  }
  std::string leaf() {
    constexpr const char* leaves[] = {"used_kwh",   "previous_kwh", "saved_kwh", "loss_kwh",
                                      "share_kwh",  "3 kWh",        "0.25 Wh",   "wide_kwh",
                                      "huge[fuel]", "0 Wh",         "used_kwh",  "collected_kg * 1 Wh/g"};
    return leaves[random_() % std::size(leaves)];
  }
  std::string step() {
    constexpr const char* steps[] = {"1 Wh", "0.1 kWh", "7 kWh", "0.3 Wh", "1 MWh"};
    return steps[random_() % std::size(steps)];
  }
  std::mt19937_64 random_;
};

TEST(random_formulas, agree_in_blocks_scalar_and_trace) {
  const Symbols symbols = world::symbols();
  const auto columns = world::records(symbols, 1025, 7);
  const Unit wanted = world::unit("MWh");
  Writer writer(42);
  std::size_t compiled = 0, traced = 0;
  for (int i = 0; i < 400; ++i) {
    const bool quantity = i % 3 != 0;
    const std::string text = quantity ? writer.energy(1 + i % 4) : writer.condition(1 + i % 4);
    const auto syntax = parse_formula(text, {});
    ASSERT_TRUE(syntax) << text << ": " << syntax.error().front().message;
    const auto program = quantity ? compile_quantity(*syntax, symbols, wanted) : compile_condition(*syntax, symbols);
    if (!program) {
      for (const FormulaError& error : program.error())
        ASSERT_NE(error.message.find("bits"), std::string::npos) << text << ": " << error.message;
      continue;
    }
    ++compiled;
    const auto outcome = world::agree(*syntax, *program, symbols, columns, quantity ? &wanted : nullptr, 20);
    ASSERT_EQ(outcome.difference, "");
    traced += outcome.traced;
  }
  EXPECT_GE(compiled, 200u);
  EXPECT_GE(traced, 10'000u);
}

}  // namespace
}  // namespace tanpuhui::expr
