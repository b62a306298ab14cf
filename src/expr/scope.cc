#include "expr/scope.h"

#include "base/check.h"

namespace tanpuhui::expr {

std::size_t column_of(const Symbols& symbols, std::size_t index) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < index; ++i) {
    const auto& per = symbols.inputs[i].per;
    column += per ? symbols.lists[*per].words.size() : 1;
  }
  return column;
}

Scope::Scope(const Symbols& symbols) : symbols_(symbols) {
  const auto add = [this](const auto& all, Symbol::Kind kind) {
    for (std::size_t i = 0; i < all.size(); ++i) known_.try_emplace(all[i].name, Symbol{kind, i});
  };
  add(symbols.constants, Symbol::Kind::constant);
  add(symbols.inputs, Symbol::Kind::input);
  add(symbols.names, Symbol::Kind::name);
  add(symbols.tables, Symbol::Kind::table);
  std::size_t column = 0;
  for (const Input& each : symbols.inputs) {
    columns_.push_back(column);
    column += each.per ? symbols.lists[*each.per].words.size() : 1;
  }
  TANPUHUI_REQUIRE(column <= UINT16_MAX, "a formula has at most 65,535 columns");
  for (const WordList& list : symbols.lists) TANPUHUI_REQUIRE(!list.words.empty(), "a list has at least one word");
  for (const Table& table : symbols.tables)
    TANPUHUI_REQUIRE(table.values.size() == symbols.lists[table.list].words.size(),
                     "a table has a value for each word");
}

std::optional<Symbol> Scope::find(std::string_view name) const {
  const auto found = known_.find(name);
  return found == known_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> Scope::find_list(std::string_view name) const {
  for (std::size_t i = 0; i < symbols_.lists.size(); ++i)
    if (symbols_.lists[i].name == name) return i;
  return std::nullopt;
}

const Binding* Scope::bound(std::string_view variable) const {
  const auto found =
      std::find_if(bindings.rbegin(), bindings.rend(), [&](const Binding& each) { return each.variable == variable; });
  return found == bindings.rend() ? nullptr : &*found;
}

std::vector<std::size_t> Scope::needed_names(const Syntax& syntax, std::size_t visible) const {
  std::vector<bool> needed(symbols_.names.size());
  const auto mark = [&](const Syntax& formula, std::size_t before) {
    for (const Node& node : formula.nodes) {
      if (node.kind != NodeKind::name) continue;
      const auto symbol = find(node.name);
      if (symbol && symbol->kind == Symbol::Kind::name && symbol->index < before) needed[symbol->index] = true;
    }
  };
  mark(syntax, visible);
  for (std::size_t i = std::min(visible, needed.size()); i-- > 0;)
    if (needed[i]) mark(symbols_.names[i].syntax, i);
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < needed.size(); ++i)
    if (needed[i]) result.push_back(i);
  return result;
}

}  // namespace tanpuhui::expr
