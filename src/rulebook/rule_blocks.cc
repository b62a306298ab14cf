#include "rulebook/rule_blocks.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace tanpuhui {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// AMB-02, D4
bool is_setting(std::string_view text) {
  if (text.starts_with("AMB-")) return all_digits(text.substr(4));
  return text.starts_with("D") && all_digits(text.substr(1));
}

/// use_1, event_neutrality
bool is_id(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

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
  using Read = void (BlockReader::*)(TomlReader&);
  struct Shape {
    std::string_view name;
    Read read;
  };
  static constexpr std::size_t shape_count = 9;
  static const std::array<Shape, shape_count> shapes;

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
    if (shape == shapes.end()) return fail(entry.at, "unknown rule " + entry.key, "write one of: " + known_rules());
    if (!entry.value.is(TomlKind::array))
      return fail(entry.at, entry.key + " is not a list of rules", "write [[" + entry.key + "]]");
    for (const TomlValue& item : entry.value.items) read_block(*shape, item);
  }

  void read_block(const Shape& shape, const TomlValue& item) {
    provision_ = chapter_.provision_at(item.at.line);
    if (provision_ == nullptr || !item.is(TomlKind::table))
      return fail(item.at, "a rule is a table of its own", "write [[" + std::string(shape.name) + "]]");
    errors_before_ = errors_.size();
    TomlReader block(item, chapter_.file, errors_);
    (this->*shape.read)(block);
    block.finish();
    if (shape.name != "refusal") with_rules_.insert(provision_->id);
  }

  static std::string known_rules() {
    std::string all;
    for (const Shape& shape : shapes) all += (all.empty() ? "" : ", ") + std::string(shape.name);
    return all;
  }

  void check_statuses() {
    for (const Provision& provision : chapter_.provisions) {
      const bool has_rules = with_rules_.contains(provision.id);
      if (provision.status == "executable" && !has_rules)
        fail({provision.line, 1}, provision.id + " is executable, but no rule stands below it",
             "add a rule block or change the status");
      if (provision.status != "executable" && has_rules)
        fail({provision.line, 1}, provision.id + " has a rule, but is not executable", "set its status to executable");
    }
  }

  template <class T>
  T begin(TomlReader& block) {
    T rule;
    rule.basis = provision_->id;
    rule.from = block.day("from");
    rule.until = block.optional_day("until");
    rule.settings = block.texts("settings");
    rule.mark = block.optional_text("mark").value_or("");
    rule.file = chapter_.file;
    rule.line = block.at().line;
    if (rule.until && *rule.until < rule.from) block.fail("until", "until is before from", "exchange the days");
    for (const std::string& setting : rule.settings)
      if (!is_setting(setting)) block.fail("settings", setting + " is no setting", "write it like AMB-02 or D4");
    return rule;
  }

  template <class T>
  void add(TomlReader& block, Dated<T>& history, T rule) {
    if (errors_.size() != errors_before_) return;
    if (const T* other = history.overlapping(rule))
      return block.fail(
          "from", "this value is in force together with the one at " + other->file + ":" + std::to_string(other->line),
          "end the older value with until = the day before");
    history.add(std::move(rule));
  }

  int days(TomlReader& block, std::string_view key) { return static_cast<int>(block.integer(key, 0, 3660)); }

  std::string read_id(TomlReader& block) {
    const std::string id = block.text("id");
    if (!id.empty() && !is_id(id)) block.fail("id", "the id is no plain word", "use a to z, 0 to 9 and _");
    return id;
  }

  void read_points(TomlReader& block) {
    static constexpr std::array<std::string_view, 1> roundings = {"down"};
    static constexpr std::array<std::string_view, 1> sums = {"person_in_batch"};
    auto rule = begin<PointsRule>(block);
    rule.mg_per_point = Milligrams(block.fixed("reduction_g_per_point", 3));
    if (rule.mg_per_point <= Milligrams() && block.has("reduction_g_per_point"))
      block.fail("reduction_g_per_point", "a point stands for more than nothing", "write grams like \"100\"");
    if (block.has("points_per_act")) {
      rule.points_per_act = Points(block.fixed("points_per_act", 0));
      if (rule.points_per_act <= Points())
        block.fail("points_per_act", "an act earns more than nothing",
                   "write points like \"1\", or leave it out: then such acts earn none");
    }
    block.one_of("rounding", roundings);
    block.one_of("sum_over", sums);
    add(block, book_.points, std::move(rule));
  }

  void read_expiry(TomlReader& block) {
    static constexpr std::array<std::string_view, 1> starts = {"available"};
    auto rule = begin<ExpiryRule>(block);
    rule.years = static_cast<int>(block.integer("years", 1, 100));
    block.one_of("runs_from", starts);
    rule.roll_over = block.boolean("roll_over");
    rule.grace_days_after_order = days(block, "grace_days_after_order");
    rule.provider_refund_grace_days = days(block, "provider_refund_grace_days");
    rule.notice_days = block.integers("notice_days");
    add(block, book_.expiry, std::move(rule));
  }

  void read_spending(TomlReader& block) {
    static constexpr std::array<std::string_view, 2> firsts = {"bearing", "oldest"};
    static constexpr std::array<std::string_view, 1> orders = {"oldest_credited"};
    auto rule = begin<SpendRule>(block);
    rule.first = block.one_of("first", firsts) == "oldest" ? SpendFirst::oldest : SpendFirst::bearing;
    block.one_of("within", orders);
    rule.user_choice = block.boolean("user_choice");
    add(block, book_.spending, std::move(rule));
  }

  void read_use(TomlReader& block) {
    static constexpr std::array<std::string_view, 2> actors = {"owner", "platform"};
    auto rule = begin<PermittedUse>(block);
    rule.id = read_id(block);
    rule.zh = block.text("zh");
    rule.en = block.text("en");
    rule.by = block.one_of("by", actors) == "platform" ? UseBy::platform : UseBy::owner;
    rule.needs_beneficiary = block.boolean("needs_beneficiary");
    rule.needs_document = block.optional_boolean("needs_document").value_or(false);
    rule.region_only = block.optional_boolean("region_only").value_or(false);
    if (errors_.size() != errors_before_) return;
    auto& history = book_.uses.try_emplace(rule.id, ValueName{"USE-01", rule.zh, rule.en, rule.basis}).first->second;
    add(block, history, std::move(rule));
  }

  void read_order(TomlReader& block) {
    auto rule = begin<OrderRule>(block);
    rule.after_sales_days = days(block, "after_sales_days");
    add(block, book_.orders, std::move(rule));
  }

  void read_honour(TomlReader& block) {
    auto rule = begin<Honour>(block);
    rule.id = read_id(block);
    rule.zh = block.text("zh");
    rule.en = block.text("en");
    if (errors_.size() != errors_before_) return;
    auto& history = book_.honours.try_emplace(rule.id, ValueName{"RUL-01", rule.zh, rule.en, rule.basis}).first->second;
    add(block, history, std::move(rule));
  }

  void read_signing(TomlReader& block) {
    auto rule = begin<SigningRule>(block);
    rule.authority_may_sign = block.boolean("authority_may_sign");
    rule.operator_needs_delegation = block.boolean("operator_needs_delegation");
    add(block, book_.signing, std::move(rule));
  }

  void read_entry_into_force(TomlReader& block) {
    const Rule rule = begin<Rule>(block);
    if (book_.in_force_from) block.fail("from", "the book comes into force twice", "keep one entry_into_force");
    if (errors_.size() == errors_before_) book_.in_force_from = rule.from;
  }

  void read_refusal(TomlReader& block) {
    const std::string code = block.text("code");
    if (!book_.refusal_basis.emplace(code, provision_->id).second)
      block.fail("code", "the refusal " + code + " rests on two provisions", "keep the one that decides");
  }

  const LawChapter& chapter_;
  Rulebook& book_;
  TextErrors& errors_;
  const Provision* provision_ = nullptr;
  std::size_t errors_before_ = 0;
  std::set<std::string> with_rules_;
};

const std::array<BlockReader::Shape, BlockReader::shape_count> BlockReader::shapes = {{
    {"points_rule", &BlockReader::read_points},
    {"expiry_rule", &BlockReader::read_expiry},
    {"spend_rule", &BlockReader::read_spending},
    {"permitted_use", &BlockReader::read_use},
    {"order_rule", &BlockReader::read_order},
    {"honour", &BlockReader::read_honour},
    {"signing_rule", &BlockReader::read_signing},
    {"entry_into_force", &BlockReader::read_entry_into_force},
    {"refusal", &BlockReader::read_refusal},
}};

template <class T>
void check_days(const Dated<T>& history, Day in_force_from, TextErrors& errors) {
  for (const T& rule : history.all())
    if (rule.from < in_force_from)
      errors.push_back({rule.file, rule.line, 1, "the rule begins before the book is in force",
                        "begin it on " + format_day(in_force_from) + " or later"});
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

void check_rule_days(const Rulebook& book, TextErrors& errors) {
  if (!book.in_force_from) return;
  const Day day = *book.in_force_from;
  check_days(book.points, day, errors);
  check_days(book.expiry, day, errors);
  check_days(book.spending, day, errors);
  check_days(book.orders, day, errors);
  check_days(book.signing, day, errors);
  for (const auto& [id, history] : book.uses) check_days(history, day, errors);
  for (const auto& [id, history] : book.honours) check_days(history, day, errors);
}

}  // namespace tanpuhui
