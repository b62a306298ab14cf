#pragma once
/// Symbols of every kind, records for them, and the one property all formulas share: the blocks, the scalar walk and
/// the exact trace agree. Without GoogleTest, so that the fuzzer can use it too.
#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "expr/trace.h"

namespace tanpuhui::expr::world {

inline Unit unit(std::string_view text) { return *parse_unit(text); }
inline Exact exact(std::int64_t num, std::int64_t den, std::string_view of) {
  return *multiply(*make_exact(num, den), unit(of).scale);
}
inline Named name(const std::string& word, std::string_view formula) { return {word, *parse_formula(formula, {1, 1})}; }

enum Column { distance, fuel, clothes, paper, glass, used, previous, persons, loss, litres, wide, duration, columns };

inline Symbols symbols() {
  Symbols all;
  all.lists = {{"material", {"clothes", "paper", "glass"}}, {"fuel_kind", {"petrol", "diesel"}}};
  all.inputs = {{"distance_km", unit("km"), 3, 0, 1'000'000},
                {"fuel", {}, 0, 0, 0, 1},
                {"mass_kg", unit("kg"), 3, 0, 500'000, std::nullopt, 0},
                {"used_kwh", unit("kWh"), 3, 0, 100'000'000},
                {"previous_kwh", unit("kWh"), 3, 0, 100'000'000},
                {"group_person", unit("person"), 0, 1, 20},
                {"loss_kwh", unit("kWh"), 2, -100'000, -1},
                {"tank_l", unit("L"), 2, 0, 10'000},
                {"wide_kwh", unit("kWh"), 0, INT64_MIN / 4, INT64_MAX / 4},
                {"duration", unit("s"), 3, 0, 14'400'000}};
  all.constants = {{"grid", exact(5827, 10'000, "kgCO2e/kWh"), unit("kgCO2e/kWh").dimension},
                   {"metro", exact(467, 10, "gCO2e/km"), unit("gCO2e/km").dimension}};
  all.tables = {
      {"factor_of", 0, {exact(36, 10, "kgCO2e/kg"), exact(1, 3, "kgCO2e/kg"), {}}, unit("kgCO2e/kg").dimension},
      {"per_l", 1, {exact(2300, 1, "gCO2e/L"), exact(26, 10, "kgCO2e/L")}, unit("gCO2e/L").dimension},
      {"huge", 1, {exact(INT64_MAX, 1, "MWh"), exact(-1, 7, "Wh")}, unit("kWh").dimension}};
  all.names = {name("saved_kwh", "previous_kwh / 7 - used_kwh"), name("collected_kg", "sum(m in material, mass_kg[m])"),
               name("thrifty", "saved_kwh > 0 kWh and fuel != \"diesel\""),
               name("share_kwh", "round_half_up(saved_kwh / group_person, 0.01 kWh/person) * 1 person")};
  return all;
}

/// Formulas of every construct; the second part is the unit, empty for conditions.
inline const std::pair<const char*, const char*> formulas[] = {
    {"distance_km * metro", "mgCO2e"},
    {"saved_kwh * grid", "mgCO2e"},
    {"saved_kwh * saved_kwh - used_kwh * used_kwh", "Wh*Wh"},
    {"share_kwh + saved_kwh", "Wh"},
    {"sum(m in material, mass_kg[m] * factor_of[m])", "mgCO2e"},
    {"sum(m in material, if(mass_kg[m] > 2 kg, mass_kg[m] - 2 kg, 0 kg) * factor_of[m]) - collected_kg * 1 gCO2e/g",
     "mgCO2e"},
    {"sum(m in material, sum(k in material, mass_kg[m] * mass_kg[k] * factor_of[k])) / 1 kg", "mgCO2e"},
    {"tank_l * per_l[fuel]", "mgCO2e"},
    {"if(fuel == \"petrol\", tank_l * per_l[fuel], used_kwh * grid)", "mgCO2e"},
    {"if(thrifty, 3 kWh, saved_kwh)", "Wh"},
    {"if(thrifty or distance_km < 1 km, loss_kwh, 5 kWh)", "Wh"},
    {"if(used_kwh > 7 kWh, 1 kWh, 2 kWh)", "Wh"},
    {"if(thrifty, saved_kwh > 1 kWh, distance_km > 7 km)", ""},
    {"thrifty and thrifty or not thrifty", ""},
    {"not thrifty and collected_kg >= 1.5 kg", ""},
    {"fuel == \"petrol\"", ""},
    {"\"diesel\" != fuel", ""},
    {"round_down(saved_kwh, 0.1 kWh)", "Wh"},
    {"round_up(saved_kwh, 0.7 kWh)", "Wh"},
    {"round_half_up(saved_kwh, 3 Wh)", "Wh"},
    {"round_half_up(distance_km, 2 km)", "m"},
    {"round_down(saved_kwh / group_person, 0.1 kWh/person)", "Wh/person"},
    {"round_up(saved_kwh * grid / group_person, 1 gCO2e/person)", "mgCO2e/person"},
    {"round_half_up((used_kwh - previous_kwh) / loss_kwh, 0.001)", "1"},
    {"round_up(1 kWh / group_person, 1 Wh/person)", "Wh/person"},
    {"round_down(wide_kwh / group_person, 3 kWh/person)", "kWh/person"},
    {"round_down(wide_kwh * used_kwh / loss_kwh, 1000000 MWh) / 1000000", "MWh"},
    {"round_half_up(wide_kwh * 3, 7 MWh)", "MWh"},
    {"round_up(huge[fuel], 1000000 MWh) / 2", "MWh"},
    {"if(used_kwh > 1 kWh, huge[fuel], wide_kwh)", "MWh"},
    {"min(wide_kwh, huge[fuel], 3 MWh) - wide_kwh / 3", "kWh"},
    {"huge[fuel] > wide_kwh * 2 or wide_kwh == 1 kWh", ""},
    {"min(used_kwh, previous_kwh, saved_kwh, 1 kWh, 2 kWh, loss_kwh, 7 Wh, share_kwh)", "Wh"},
    {"max(used_kwh, previous_kwh, saved_kwh, 1 kWh, 2 kWh, loss_kwh, 7 Wh, share_kwh)", "Wh"},
    {"-loss_kwh / 3 + -(saved_kwh)", "Wh"},
    {"distance_km >= 3 km/h * duration and distance_km <= 30 km/h * duration", ""},
    {"wide_kwh - wide_kwh", "kWh"},
    {"7 kWh", "Wh"},
    {"used_kwh", "Wh"}};

using Columns = std::vector<std::vector<std::int64_t>>;

/// A third of the values lie at the ends of their ranges or near zero.
inline Columns records(const Symbols& symbols, std::size_t rows, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Columns result;
  for (const Input& input : symbols.inputs) {
    const std::int64_t low = input.list ? 0 : input.min;
    const auto last_word = [&] { return static_cast<std::int64_t>(symbols.lists[*input.list].words.size()) - 1; };
    const std::int64_t high = input.list ? last_word() : input.max;
    std::uniform_int_distribution<std::int64_t> any(low, high), near(-3, 3);
    const auto value = [&] {
      const auto choice = random() % 9;
      if (choice == 0) return low;
      if (choice == 1) return high;
      return choice == 2 ? std::clamp(near(random), low, high) : any(random);
    };
    for (std::size_t i = input.per ? symbols.lists[*input.per].words.size() : 1; i > 0; --i) {
      result.emplace_back();
      for (std::size_t row = 0; row < rows; ++row) result.back().push_back(value());
    }
  }
  return result;
}

inline std::vector<std::int64_t> row_of(const Columns& columns, std::size_t row) {
  std::vector<std::int64_t> inputs;
  for (const auto& column : columns) inputs.push_back(column[row]);
  return inputs;
}

struct Outcome {
  std::string difference;  ///< empty: all agree
  std::size_t traced = 0;  ///< rows whose exact value fitted 128 bits
};

/// The rows in batches of at most `block_size`, against each row by itself, and every `stride`-th one against its
/// trace.
inline Outcome agree(const Syntax& syntax, const Program& program, const Symbols& symbols, const Columns& columns,
                     const Unit* wanted, std::size_t stride) {
  const std::size_t rows = columns.front().size();
  std::vector<const std::int64_t*> pointers;
  for (const auto& column : columns) pointers.push_back(column.data());
  std::vector<std::int64_t> out(rows), with_sign(rows);
  static const auto workspace = std::make_unique<Workspace>();
  for (std::size_t first = 0; first < rows; first += block_size) {
    const std::size_t count = std::min(block_size, rows - first);
    if (wanted != nullptr) {
      program.quantity_block(pointers, first, count, *workspace, out.data() + first);
      program.signed_quantity_block(pointers, first, count, *workspace, with_sign.data() + first);
    } else {
      program.condition_block(pointers, first, count, *workspace, out.data() + first);
    }
  }
  Outcome outcome;
  const auto differs = [&](std::size_t row, const char* what) {
    outcome.difference = syntax.canonical + ": " + what + " in row " + std::to_string(row);
  };
  for (std::size_t row = 0; row < rows; ++row) {
    const auto inputs = row_of(columns, row);
    if (wanted == nullptr && out[row] != program.scalar(inputs)) differs(row, "block and scalar differ");
    if (wanted != nullptr && out[row] != program.scalar_quantity(inputs)) differs(row, "block and scalar differ");
    if (wanted != nullptr && with_sign[row] != program.scalar_signed_quantity(inputs))
      differs(row, "signed block and scalar differ");
    if (row % stride != 0) continue;
    const auto value = trace(syntax, symbols, inputs).back().exact;
    if (!value) continue;
    const auto in_unit = wanted != nullptr ? divide(*value, wanted->scale) : value;
    if (!in_unit) continue;
    ++outcome.traced;
    const int128 down = divide_down(in_unit->num, in_unit->den);
    if ((wanted != nullptr ? with_sign[row] : out[row]) != down) differs(row, "program and trace differ");
    if (wanted != nullptr && out[row] != std::max<int128>(down, 0)) differs(row, "a negative value is not 0");
  }
  return outcome;
}

/// Parses, compiles as a condition and as quantities, and compares what compiles. Empty: nothing is wrong with the
/// engine.
inline std::string try_text(std::string_view text, const Symbols& symbols, const Columns& columns) {
  const auto syntax = parse_formula(text, {1, 1});
  if (!syntax) return syntax.error().empty() ? "refused without an error" : std::string();
  const auto again = parse_formula(syntax->canonical, {1, 1});
  if (!again || again->canonical != syntax->canonical)
    return "the canonical text is not canonical: " + syntax->canonical;
  if (const auto program = compile_condition(*syntax, symbols))
    return agree(*syntax, *program, symbols, columns, nullptr, 3).difference;
  for (const char* each : {"mgCO2e", "Wh", "m", "1", "kg"}) {
    const Unit wanted = unit(each);
    if (const auto program = compile_quantity(*syntax, symbols, wanted))
      return agree(*syntax, *program, symbols, columns, &wanted, 3).difference;
  }
  return {};
}

}  // namespace tanpuhui::expr::world
