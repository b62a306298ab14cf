#pragma once
/// One block of a chapter while it is read: what every block has, and the mistakes that several kinds share. The kinds
/// themselves are read in `*_blocks.cc`, one file a family.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "rulebook/rulebook.h"

namespace tanpuhui {

class LawBlockReader {
 public:
  LawBlockReader(TomlReader& block, const Provision& above, Rulebook& into, TextErrors& errors)
      : toml(block), provision(above), book(into), errors_(errors), errors_before_(errors.size()) {}

  TomlReader& toml;
  const Provision& provision;
  Rulebook& book;

  /// Basis, days, settings and mark; the days are optional everywhere.
  template <class T>
  T begin() {
    T rule;
    read_common(rule);
    return rule;
  }
  /// Names in both languages.
  template <class T>
  void name(T& rule) {
    rule.zh = toml.text("zh");
    rule.en = toml.text("en");
  }
  /// A plain word of a to z, 0 to 9 and _.
  std::string id(std::string_view key = "id");
  std::string optional_id(std::string_view key);
  /// A list of plain words; `some` when it must not be empty.
  std::vector<std::string> ids(std::string_view key);
  std::vector<std::string> some_ids(std::string_view key);
  /// One word, or a list of those that share the rule.
  std::vector<std::string> one_or_some_ids(std::string_view key);
  /// `MET-01`
  std::string code();
  int days(std::string_view key, int least = 0) { return static_cast<int>(toml.integer(key, least, 3660)); }
  bool flag(std::string_view key) { return toml.optional_boolean(key).value_or(false); }

  bool sound() const { return errors_.size() == errors_before_; }

  /// Adds the rule to a history, unless the block has mistakes or another value is in force on the same day.
  template <class T>
  void add(Dated<T>& history, T rule) {
    if (!sound()) return;
    if (const T* other = history.overlapping(rule)) return twice(*other);
    history.add(std::move(rule));
  }
  /// The same for rules with names of their own; `same` says which of them are one rule over time.
  template <class T, class Same>
  void add(std::vector<T>& rules, T rule, Same same) {
    if (!sound()) return;
    for (const T& other : rules)
      if (same(other, rule) && other.shares_a_day_with(rule)) return twice(other);
    rules.push_back(std::move(rule));
  }

  /// A rule that several procedures share is one of each.
  template <class T>
  void add_to_each(const std::vector<std::string>& procedures, std::vector<T>& rules, const T& rule) {
    for (const std::string& procedure : procedures) {
      T own = rule;
      own.procedure = procedure;
      add(rules, std::move(own), [](const T& a, const T& b) { return a.procedure == b.procedure && a.id == b.id; });
    }
  }

 private:
  void read_common(Rule& rule);
  void twice(const Rule& other);

  TextErrors& errors_;
  std::size_t errors_before_;
};

// points_blocks.cc
void read_points_rule(LawBlockReader& block);
void read_expiry_rule(LawBlockReader& block);
void read_spend_rule(LawBlockReader& block);
void read_permitted_use(LawBlockReader& block);
void read_order_rule(LawBlockReader& block);
void read_honour(LawBlockReader& block);
void read_signing_rule(LawBlockReader& block);
// answer_blocks.cc
void read_entry_into_force(LawBlockReader& block);
void read_refusal(LawBlockReader& block);
void read_right(LawBlockReader& block);
void read_setting(LawBlockReader& block);
void read_publication(LawBlockReader& block);
// procedure_blocks.cc
void read_role(LawBlockReader& block);
void read_procedure(LawBlockReader& block);
void read_action(LawBlockReader& block);
void read_deadline(LawBlockReader& block);
void read_notice(LawBlockReader& block);
void read_draw(LawBlockReader& block);
// guard_blocks.cc
void read_guard(LawBlockReader& block);

/// AMB-02, D4: a reading that was chosen where a text is silent or says two things.
bool is_reading(std::string_view text);
/// A reading, or a plain word: `who_issues`.
bool is_question(std::string_view text);

}  // namespace tanpuhui
