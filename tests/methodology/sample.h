#pragma once
/// Short methodologies for tests: what a file must have stands here once, a test writes only what it is about.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/ids.h"
#include "methodology/methodology.h"

namespace tanpuhui {

/// Not a cryptographic hash: enough to see whether the canonical bytes differ.
inline Digest test_hash(ByteView bytes) {
  std::uint64_t state[4] = {1, 2, 3, 4};
  for (std::uint8_t byte : bytes)
    for (std::uint64_t& word : state) word = mix_bits(word * 257 + byte);
  Digest digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(state[i / 8] >> (i % 8 * 8));
  return digest;
}

inline std::string both(const std::string& part) {
  return "[" + part + "]\nzh = \"" + part + " 中文\"\nen = \"" + part + " text\"\n";
}

/// A file from its pieces; TOML wants no order of tables.
struct SampleFile {
  std::string kind = "scenario";
  std::string body;                       ///< lists, fields, factors, lets
  std::string check = "duration >= 1 s";  ///< its code is `too_short`
  std::string reduction;                  ///< the lines of [reduction] that are formulas; empty: none
  std::string negative = "zero";
  std::string seal = "cap_records_person_day = 10";
  std::string vectors;

  std::string text() const {
    std::string out = "id = \"sample\"\nversion = \"v1\"\nkind = \"" + kind + "\"\nvalid_from = 2024-09-30\n";
    for (const char* part : {"title", "publisher", "applicability", "baseline", "calculation", "monitoring_plan"})
      out += both(part);
    out += body + "\n[[check]]\ncode = \"too_short\"\nexpression = '" + check + "'\nstage = \"intake\"\n";
    out += "message = { zh = \"太短\", en = \"too short\" }\n";
    out += "[seal]\nwindow = \"day\"\noverlap = \"refuse\"\nmax_duration = \"31 day\"\n" + seal + "\n";
    if (!reduction.empty())
      out +=
          "[reduction]\n" + reduction + "\nunit = \"mgCO2e\"\nrounding = \"down\"\nnegative = \"" + negative + "\"\n";
    return out + vectors;
  }
};

inline std::string number(const std::string& name, const std::string& unit, int decimals, const std::string& max) {
  return "[[field]]\nname = \"" + name + "\"\nunit = \"" + unit + "\"\ndecimals = " + std::to_string(decimals) +
         "\nmin = \"0\"\nmax = \"" + max + "\"\n";
}

inline std::string factor(const std::string& name, const std::string& value, const std::string& unit) {
  return "[[parameter]]\nname = \"" + name + "\"\nvalue = \"" + value + "\"\nunit = \"" + unit +
         "\"\nfrom = 2024-09-30\nregion = \"320000\"\nsource = \"a source\"\ntrust = \"calculated\"\n";
}

/// One of the vectors; `inputs` without duration, which is an hour unless told.
inline std::string accepted(const std::string& inputs, const std::string& mg, const std::string& duration_s = "3600") {
  return "[[vector]]\nname = \"" + mg + "\"\nday = 2025-01-02\ninputs = { " + inputs + (inputs.empty() ? "" : ", ") +
         "duration_s = \"" + duration_s + "\" }\nreduction_mg = \"" + mg + "\"\n";
}

inline std::string refused(const std::string& inputs, const std::string& code = "too_short") {
  return "[[vector]]\nname = \"refused\"\nday = 2025-01-02\ninputs = { " + inputs + (inputs.empty() ? "" : ", ") +
         "duration_s = \"0\" }\nrefused = \"" + code + "\"\n";
}

inline Result<Methodology, TextErrors> load_text(const std::string& text, const FactorTables& factors = {}) {
  return load_methodology(text, "methodology.toml", test_hash, factors);
}

/// A failure of the test when it does not load.
inline Methodology loaded(const std::string& text, const FactorTables& factors = {}) {
  auto methodology = load_text(text, factors);
  EXPECT_TRUE(methodology) << (methodology ? "" : describe(methodology.error()));
  return methodology ? std::move(*methodology) : Methodology{};
}
inline Methodology loaded(const SampleFile& file, const FactorTables& factors = {}) {
  return loaded(file.text(), factors);
}

/// All errors, one a line; empty when it loads.
inline std::string errors_in(const std::string& text, const FactorTables& factors = {}) {
  const auto methodology = load_text(text, factors);
  return methodology ? "" : describe(methodology.error());
}
inline std::string errors_in(const SampleFile& file, const FactorTables& factors = {}) {
  return errors_in(file.text(), factors);
}

/// The reductions of all accepted vectors, by records and by columns: they must agree.
inline std::vector<std::int64_t> computed(const Methodology& methodology) {
  std::vector<std::int64_t> all;
  for (const MethodologyVector& vector : methodology.vectors) {
    if (!vector.refused.empty()) continue;
    const CompiledMethodology& rule = *methodology.in_force(vector.day);
    std::vector<std::span<const std::int64_t>> columns;
    for (const std::int64_t& input : vector.inputs) columns.emplace_back(&input, 1);
    std::int64_t mg = 0;
    rule.reductions(columns, std::span(&mg, 1));
    EXPECT_EQ(mg, rule.reduction_mg(vector.inputs)) << vector.name;
    all.push_back(mg);
  }
  return all;
}

/// The text with one piece replaced; the piece must be there.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace tanpuhui
