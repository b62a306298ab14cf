#pragma once
/// What the names in a formula stand for; shared by the compiler and the trace so that both read a formula alike.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "expr/compile.h"

namespace tanpuhui::expr {

struct Symbol {
  enum class Kind : std::uint8_t { constant, input, name, table };
  Kind kind = Kind::constant;
  std::size_t index = 0;  ///< into the vector of its kind
};

/// The word that the variable of a sum holds for the moment.
struct Binding {
  std::string_view variable;
  std::size_t list = 0, word = 0;
};

class Scope {
 public:
  explicit Scope(const Symbols& symbols);

  std::optional<Symbol> find(std::string_view name) const;
  std::optional<std::size_t> find_list(std::string_view name) const;
  /// The innermost sum's variable of that name.
  const Binding* bound(std::string_view variable) const;
  std::size_t column(std::size_t input) const { return columns_[input]; }
  /// The names (let) that a formula needs, directly or through others, in the order of their calculation.
  std::vector<std::size_t> needed_names(const Syntax& syntax, std::size_t visible) const;

  std::vector<Binding> bindings;

 private:
  const Symbols& symbols_;
  std::unordered_map<std::string_view, Symbol> known_;
  std::vector<std::size_t> columns_;
};

}  // namespace tanpuhui::expr
