#include "rooms/activity/frozen_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/cbor.h"
#include "base/check.h"

namespace tanpuhui {
namespace {

const MethodologyReference* find_frozen(const Methodology& methodology, const std::string& name) {
  const auto found = std::ranges::find_if(methodology.references, [&](const MethodologyReference& reference) {
    return reference.kind == "frozen" && reference.name == name;
  });
  return found == methodology.references.end() ? nullptr : &*found;
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

class Reading {
 public:
  Reading(TomlReader& root, const Methodology& methodology) : root_(root), methodology_(methodology) {}

  FrozenTable run() {
    out_.reference = root_.text("reference");
    out_.from = root_.day("from");
    out_.until = root_.day("until");
    out_.source = root_.text("source");
    if (out_.until < out_.from) root_.fail("until", "the last day lies before the first", "write from before until");
    const MethodologyReference* reference = find_frozen(methodology_, out_.reference);
    if (reference == nullptr)
      root_.fail("reference", methodology_.id + " asks for no frozen figure of this name",
                 "name a [[reference]] of kind \"frozen\" of the methodology");
    else
      read_rows(*reference);
    root_.finish();
    return std::move(out_);
  }

 private:
  void read_rows(const MethodologyReference& reference) {
    if (reference.by.empty()) return add(root_, "", reference);
    const std::vector<std::string> words = frozen_words(methodology_, reference);
    for (TomlReader& row : root_.tables("row")) {
      const std::string word = row.text("word");
      if (row.has("word") && std::ranges::find(words, word) == words.end())
        row.fail("word", "the list of " + reference.by + " has no such word", "one of: " + joined(words));
      if (std::ranges::find(out_.rows, word, &FrozenTable::Row::word) != out_.rows.end())
        row.fail("word", "this word has a row already", "keep one of them");
      add(row, word, reference);
      row.finish();
    }
    std::vector<std::string> missing;
    std::vector<FrozenTable::Row> ordered;
    for (const std::string& word : words) {
      const auto row = std::ranges::find(out_.rows, word, &FrozenTable::Row::word);
      if (row == out_.rows.end())
        missing.push_back(word);
      else
        ordered.push_back(*row);
    }
    if (!missing.empty()) root_.fail("row", "no row for: " + joined(missing), "add a row for each word");
    out_.rows = std::move(ordered);
  }

  void add(TomlReader& table, const std::string& word, const MethodologyReference& reference) {
    const std::int64_t value = table.fixed("value", reference.decimals);
    if (table.has("value") && (value < reference.min || value > reference.max))
      table.fail("value",
                 fmt::format("outside {} to {} {}", format_fixed(reference.min, reference.decimals),
                             format_fixed(reference.max, reference.decimals), reference.unit),
                 "check the unit of the figure");
    out_.rows.push_back({word, {value, reference.decimals}});
  }

  TomlReader& root_;
  const Methodology& methodology_;
  FrozenTable out_;
};

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

/// In the reference's own steps; nothing where another version had other decimals or another range.
std::optional<std::int64_t> value_for(const MethodologyReference& reference, const Decimal& value) {
  const auto fixed = parse_fixed(format_fixed(value.mantissa, value.scale), reference.decimals);
  const bool fits = fixed && *fixed >= reference.min && *fixed <= reference.max;
  return fits ? std::optional(*fixed) : std::nullopt;
}

int128 floor_divide(int128 a, int128 b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

}  // namespace

std::vector<std::string> frozen_words(const Methodology& methodology, const MethodologyReference& reference) {
  if (reference.by.empty()) return {""};
  const auto field = std::ranges::find(methodology.fields, reference.by, &MethodologyField::name);
  std::vector<std::string> words;
  for (const MethodologyList::Word& word : methodology.list(field->list)->words) words.push_back(word.id);
  return words;
}

Result<FrozenTable, TextErrors> read_frozen_table(std::string_view text, std::string_view file_name,
                                                  const Methodology& methodology) {
  const auto parsed = parse_toml(text, file_name);
  if (!parsed) return parsed.error();
  TextErrors errors;
  TomlReader root(*parsed, file_name, errors);
  FrozenTable table = Reading(root, methodology).run();
  if (!errors.empty()) return errors;
  return table;
}

std::string figure_text(const FrozenTable::Row& row) { return format_fixed(row.value.mantissa, row.value.scale); }

std::string write_frozen_table(const FrozenTable& table) {
  std::string out = fmt::format("reference = {}\nfrom = {}\nuntil = {}\nsource = {}\n", quoted(table.reference),
                                format_day(table.from), format_day(table.until), quoted(table.source));
  if (table.rows.size() == 1 && table.rows.front().word.empty())
    return out + fmt::format("value = \"{}\"\n", figure_text(table.rows.front()));
  out += "row = [\n";
  for (const FrozenTable::Row& row : table.rows)
    out += fmt::format("  {{ word = {}, value = \"{}\" }},\n", quoted(row.word), figure_text(row));
  return out + "]\n";
}

Digest frozen_table_digest(const FrozenTable& table, std::string_view scenario, HashFunction hash) {
  CborWriter out;
  out.array(7).text("tph/frozen1").text(scenario).text(table.reference);
  out.integer(table.from.number).integer(table.until.number).text(table.source);
  out.array(table.rows.size());
  for (const FrozenTable::Row& row : table.rows) out.array(2).text(row.word).text(figure_text(row));
  return hash(out.result());
}

std::vector<FrozenFigures> figures_on(Day day, std::span<const FrozenTable> tables, const Methodology& methodology) {
  if (std::ranges::none_of(methodology.references, [](const auto& reference) { return reference.kind == "frozen"; }))
    return {};
  std::vector<FrozenFigures> figures(methodology.references.size());
  for (const FrozenTable& table : tables) {
    const MethodologyReference* reference = find_frozen(methodology, table.reference);
    if (reference == nullptr || day < table.from || day > table.until) continue;
    FrozenFigures& own = figures[static_cast<std::size_t>(reference - methodology.references.data())];
    for (const std::string& word : frozen_words(methodology, *reference)) {
      const auto row = std::ranges::find(table.rows, word, &FrozenTable::Row::word);
      own.push_back(row == table.rows.end() ? std::nullopt : value_for(*reference, row->value));
    }
  }
  return figures;
}

Result<Done> decide_freeze(const FrozenTable& table, std::span<const FrozenPeriod> standing, Day today) {
  const auto refused = [&] {
    return refuse("MET-04")
        .because("reference", table.reference)
        .because("from", format_day(table.from))
        .because("until", format_day(table.until));
  };
  if (table.from <= today)
    return refused()
        .because("today", format_day(today))
        .says("适用期已经开始：基准数值须在适用期开始之前固定",
              "the period has begun: a figure to compare with is frozen before its period begins")
        .mend("适用期从明天或更晚开始", "let the period begin tomorrow or later");
  for (const FrozenPeriod& other : standing)
    if (other.from <= table.until && table.from <= other.until)
      return refused()
          .because("standing_from", format_day(other.from))
          .because("standing_until", format_day(other.until))
          .says("该期间已有固定的数值，固定后不得更改", "figures are frozen for these days already, and never change")
          .mend("另选不重叠的期间", "choose days that no table has yet");
  return Done{};
}

std::optional<Decimal> peer_mean(const PeerSum& sum, const Methodology& methodology,
                                 const MethodologyReference& reference) {
  if (sum.persons < peers_min) return std::nullopt;
  const MethodologyColumn& field = methodology.columns[methodology.column_of(reference.of)];
  const int128 above = int128{sum.total} * power_of_ten(reference.decimals);
  const int128 below = int128{sum.acts} * power_of_ten(field.decimals);
  return Decimal{static_cast<std::int64_t>(floor_divide(2 * above + below, 2 * below)), reference.decimals};
}

}  // namespace tanpuhui
