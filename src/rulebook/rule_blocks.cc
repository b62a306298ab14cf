#include "rulebook/rule_blocks.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/words.h"
#include "rulebook/law_block.h"

namespace tanpuhui {
namespace {

/// What a block says about the status of the provision above it.
enum class Weight {
  decides,  ///< the provision is executed by it, so it is executable
  counts,   ///< enough to execute a provision, but it may stand under any other too
  nothing,
};

struct Shape {
  std::string_view name;
  void (*read)(LawBlockReader&);
  Weight weight;
};

constexpr std::array<Shape, 19> shapes = {{
    {"points_rule", read_points_rule, Weight::decides},
    {"expiry_rule", read_expiry_rule, Weight::decides},
    {"spend_rule", read_spend_rule, Weight::decides},
    {"permitted_use", read_permitted_use, Weight::decides},
    {"order_rule", read_order_rule, Weight::decides},
    {"honour", read_honour, Weight::decides},
    {"signing_rule", read_signing_rule, Weight::decides},
    {"entry_into_force", read_entry_into_force, Weight::decides},
    {"action", read_action, Weight::decides},
    {"guard", read_guard, Weight::decides},
    {"deadline", read_deadline, Weight::decides},
    {"notice", read_notice, Weight::decides},
    {"draw", read_draw, Weight::decides},
    {"right", read_right, Weight::decides},
    {"role", read_role, Weight::counts},
    {"procedure", read_procedure, Weight::counts},
    {"setting", read_setting, Weight::counts},
    {"publication", read_publication, Weight::counts},
    {"refusal", read_refusal, Weight::nothing},
}};

class BlockReader {
 public:
  BlockReader(const LawChapter& chapter, Rulebook& book, TextErrors& errors)
      : chapter_(chapter), book_(book), errors_(errors) {}

  void run(const TomlValue& root) {
    check_block_starts(root);
    if (!errors_.empty()) return;
    for (const TomlEntry& entry : root.entries) read_entry(entry);
    check_statuses();
  }

 private:
  void fail(TextPosition at, std::string message, std::string remedy) {
    errors_.push_back({chapter_.file, at.line, at.column, std::move(message), std::move(remedy)});
  }

  /// Each block begins with a header that the parser has seen as one: else it would go on with the block above, or
  /// stand inside a text that was opened there.
  void check_block_starts(const TomlValue& root) {
    std::set<int> headers;
    for (const TomlEntry& entry : root.entries) {
      headers.insert(entry.value.at.line);
      for (const TomlValue& item : entry.value.items) headers.insert(item.at.line);
    }
    for (const LawBlock& block : chapter_.blocks)
      if (!headers.contains(first_line_of_substance(block)))
        fail({block.first_line, 1}, "the block does not begin with a header", "begin it with [[name_of_the_rule]]");
  }

  int first_line_of_substance(const LawBlock& block) const {
    std::string_view rest = chapter_.toml;
    for (int line = 1; line <= block.last_line; ++line) {
      const std::string_view text = rest.substr(0, rest.find('\n'));
      const auto first = text.find_first_not_of(" \t");
      if (line >= block.first_line && first != std::string_view::npos && text[first] != '#') return line;
      rest.remove_prefix(text.size() + 1);
    }
    return -1;
  }

  void read_entry(const TomlEntry& entry) {
    const auto shape =
        std::find_if(shapes.begin(), shapes.end(), [&](const Shape& known) { return known.name == entry.key; });
    if (shape == shapes.end())
      return fail(entry.at, "unknown rule " + entry.key, "write one of: " + joined(shapes, &Shape::name));
    if (!entry.value.is(TomlKind::array))
      return fail(entry.at, entry.key + " is not a list of rules", "write [[" + entry.key + "]]");
    for (const TomlValue& item : entry.value.items) read_block(*shape, item);
  }

  void read_block(const Shape& shape, const TomlValue& item) {
    const Provision* provision = chapter_.provision_at(item.at.line);
    if (provision == nullptr || !item.is(TomlKind::table))
      return fail(item.at, "a rule is a table of its own", "write [[" + std::string(shape.name) + "]]");
    TomlReader toml(item, chapter_.file, errors_);
    LawBlockReader block(toml, *provision, book_, errors_);
    shape.read(block);
    toml.finish();
    if (shape.weight != Weight::nothing) with_rules_.insert(provision->id);
    if (shape.weight == Weight::decides) decided_.insert(provision->id);
  }

  void check_statuses() {
    for (const Provision& provision : chapter_.provisions) {
      if (provision.status == "executable" && !with_rules_.contains(provision.id))
        fail({provision.line, 1}, provision.id + " is executable, but no rule stands below it",
             "add a rule block or change the status");
      if (provision.status != "executable" && decided_.contains(provision.id))
        fail({provision.line, 1}, provision.id + " has a rule, but is not executable", "set its status to executable");
    }
  }

  const LawChapter& chapter_;
  Rulebook& book_;
  TextErrors& errors_;
  std::set<std::string> with_rules_, decided_;
};

/// Calls `each` with every list of rules of the book.
template <class Book, class Each>
void for_all_rules(Book& book, Each each) {
  each(book.points.all());
  each(book.expiry.all());
  each(book.spending.all());
  each(book.orders.all());
  each(book.signing.all());
  for (auto& [id, history] : book.uses) each(history.all());
  for (auto& [id, history] : book.honours) each(history.all());
  each(book.roles);
  each(book.procedures);
  each(book.actions);
  each(book.guards);
  each(book.deadlines);
  each(book.notices);
  each(book.draws);
  each(book.rights);
  each(book.answers);
  each(book.publications);
}

}  // namespace

Rulebook empty_rulebook(const std::string& name) {
  Rulebook book;
  book.name = name;
  book.points = Dated<PointsRule>({"PTS-02", "碳积分计算规则", "the points calculation rule", name});
  book.expiry = Dated<ExpiryRule>({"RUL-01", "碳积分有效期规则", "the rule on the term of points", name});
  book.spending = Dated<SpendRule>({"RUL-01", "碳积分兑换次序规则", "the rule on the order of use of points", name});
  book.orders = Dated<OrderRule>({"RUL-01", "订单售后期规则", "the rule on the after-sales window", name});
  book.signing = Dated<SigningRule>({"ISS-01", "签发签署规则", "the rule on who signs an issuance", name});
  return book;
}

void read_rule_blocks(const LawChapter& chapter, Rulebook& book, TextErrors& errors) {
  const auto root = parse_toml(chapter.toml, chapter.file);
  TextErrors own;
  if (root) {
    BlockReader(chapter, book, own).run(*root);
  } else {
    own = root.error();
  }
  errors.insert(errors.end(), own.begin(), own.end());
}

void begin_rules_with_the_book(Rulebook& book, TextErrors& errors) {
  if (!book.in_force_from) return;
  const Day first = *book.in_force_from;
  for_all_rules(book, [&](auto& rules) {
    for (Rule& rule : rules) {
      if (rule.from && *rule.from < first)
        errors.push_back({rule.file, rule.line, 1, "the rule begins before the book is in force",
                          "begin it on " + format_day(first) + " or later"});
      if (!rule.from) rule.from = first;
    }
  });
}

std::vector<const Rule*> all_rules(const Rulebook& book) {
  std::vector<const Rule*> all;
  for_all_rules(book, [&](const auto& rules) {
    for (const Rule& rule : rules) all.push_back(&rule);
  });
  return all;
}

}  // namespace tanpuhui
