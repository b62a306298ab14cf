#pragma once
/// What is known of a methodology while its file is read. Only the load_*.cc files use it: each reads one subject into
/// `out` and, beside it, what compiling needs. Errors are collected, never thrown; after an error a value is zero or
/// empty and whoever uses it stays silent.
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "expr/compile.h"
#include "methodology/methodology.h"

namespace tanpuhui {

template <std::size_t size>
using Choices = std::array<std::string_view, size>;

inline constexpr Choices<5> trust_marks = {"official", "news", "repositories", "calculated", "demonstration"};
inline constexpr std::int64_t data_year_min = 1990, data_year_max = 2200;

/// A formula as read: nothing when it could not be parsed.
using Formula = std::optional<expr::Syntax>;

/// Rows of one name (or one word of a table): where they stand and what they are worth in base units.
struct DatedConstant {
  std::string name;  ///< for messages: `metro`, `factor_of["paper"]`
  TextPosition at;
  expr::Exact value;
  expr::Dimension dimension{};
};

struct Draft {
  std::string_view text, file;
  const FactorTables& factors;
  TextErrors errors{};
  Methodology out{};

  std::set<std::string> names{};
  std::vector<expr::Unit> field_units{}, reference_units{};   ///< beside out.fields, out.references
  std::vector<DatedConstant> constants{};                     ///< beside out.parameters
  std::vector<std::vector<DatedConstant>> table_constants{};  ///< beside out.tables and their rows
  std::vector<expr::Named> lets{};                            ///< beside out.lets
  std::vector<Formula> checks{};                              ///< beside out.checks
  std::optional<expr::Syntax> baseline{}, project{}, leakage{}, reduction{};
  expr::Symbols symbols{};  ///< lists and inputs; constants, tables and names are set for each period

  void fail(TextPosition at, std::string message, std::string remedy);
  /// Errors of formulas; one that is known already is not said twice.
  void fail(const expr::FormulaErrors& found);
  bool sound() const { return errors.empty(); }
};

// load_texts.cc
void read_identity(TomlReader& root, Draft& draft);
BilingualText read_bilingual(TomlReader& parent, std::string_view key);
BilingualText read_optional_bilingual(TomlReader& parent, std::string_view key);

// load_names.cc
/// A name that a formula can use, and that nothing else has.
void claim_name(TomlReader& table, const std::string& name, Draft& draft);
expr::Unit read_unit(TomlReader& table, std::string_view key, const std::string& text);
/// Complains unless the name of a number ends in its unit; a number without unit ("1") is free.
void require_suffix(TomlReader& table, const std::string& name, const std::string& unit);
/// The place of a list in the symbols; complains when there is none.
std::optional<std::size_t> find_list(TomlReader& table, std::string_view key, const std::string& name,
                                     const Draft& draft);

// load_fields.cc
void read_lists(TomlReader& root, Draft& draft);
void read_fields(TomlReader& root, Draft& draft);
void read_references(TomlReader& root, Draft& draft);
/// Lays out the columns and tells the formulas about them.
void lay_out_columns(TomlReader& root, Draft& draft);

// load_parameters.cc
void read_parameters(TomlReader& root, Draft& draft);
void read_tables(TomlReader& root, Draft& draft);
Decimal without_trailing_zeros(Decimal decimal);

// load_dates.cc
/// Rows of one name must follow each other over the whole validity.
void check_dates(Draft& draft);
Day last_day_of(const Methodology& methodology);

// load_formula.cc
/// Reads and parses the text under a key.
Formula read_formula(TomlReader& table, std::string_view key, Draft& draft);
/// A constant amount, in whole multiples of `unit`, from 1 to `max`; 0 after an error.
std::int64_t read_amount(TomlReader& table, std::string_view key, std::string_view unit, std::int64_t max,
                         Draft& draft);
void read_lets(TomlReader& root, Draft& draft);
void read_checks(TomlReader& root, Draft& draft);
void read_reduction(TomlReader& root, Draft& draft);

// load_seal.cc
void read_seal(TomlReader& root, Draft& draft);

// load_periods.cc
void compile_periods(Draft& draft);

// load_vectors.cc
void count_vectors(TomlReader& root);
void try_vectors(TomlReader& root, Draft& draft);

}  // namespace tanpuhui
