#pragma once
/// TOML as a small tree of values that know where they stand. The only door to the TOML parser: no other folder
/// includes it. Pure: text in, values or errors out; no file is opened here.
///
///   auto parsed = parse_toml(text, "methodology.toml");
///   if (!parsed) return parsed.error();                    // every error with file:line:column and a remedy
///   TextErrors errors;
///   TomlReader book(*parsed, "methodology.toml", errors);
///   const std::string id = book.text("id");
///   const std::int64_t factor = book.fixed("factor_g_per_km", 6);   // factor_g_per_km = "62.370"
///   for (TomlReader& field : book.tables("field")) { ...; field.finish(); }
///   book.finish();                                         // names the keys nobody asked for
///   if (!errors.empty()) return errors;
///
/// Floating point is refused: quantities are text ("62.370"), so that no binary fraction ever enters. Times of day are
/// refused likewise; local dates are days.
///
/// In a text of several lines no character outside ASCII may follow a line that ends in a backslash (precheck.h).
///
/// Limits, so that hostile text ends in an error and never in a crash: 4 MiB, 32 nested arrays or tables, 16 parts in a
/// dotted key.
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/result.h"
#include "base/time.h"

namespace tanpuhui {

/// A text and the name under which errors speak of it. Whoever reads files makes these.
struct SourceFile {
  std::string name;
  std::string text;
};

/// What is wrong in a text, where, and how to mend it. Lines and columns count from 1, columns in characters.
struct TextError {
  std::string file;
  int line = 0;
  int column = 0;
  std::string message;
  std::string remedy;
  std::string passage = {};  ///< what its readers call the place, e.g. an article; may be empty
  bool operator==(const TextError&) const = default;
};
using TextErrors = std::vector<TextError>;

/// `ch5_points_mall.law.md:12:3: years is missing; write years = 2`
std::string describe(const TextError& error);
/// One error a line.
std::string describe(const TextErrors& errors);

struct TextPosition {
  int line = 1;
  int column = 1;
  bool operator==(const TextPosition&) const = default;
};

enum class TomlKind { table, array, text, integer, boolean, day };
/// "a table", "text", "a whole number": as messages say it.
std::string_view name_of(TomlKind kind);

struct TomlEntry;

/// One value. Only the member that belongs to `kind` means something.
struct TomlValue {
  TomlKind kind = TomlKind::table;
  TextPosition at;
  std::string text;
  std::int64_t integer = 0;
  bool boolean = false;
  Day day;
  std::vector<TomlValue> items;    ///< of an array, in order
  std::vector<TomlEntry> entries;  ///< of a table, in the order of the file

  bool is(TomlKind wanted) const { return kind == wanted; }
  /// The value under a key of this table; null when it has none.
  const TomlValue* find(std::string_view key) const;
};

struct TomlEntry {
  std::string key;
  TextPosition at;  ///< of the key
  TomlValue value;
};

inline constexpr std::size_t toml_bytes_max = std::size_t{4} * 1024 * 1024;

Result<TomlValue, TextErrors> parse_toml(std::string_view text, std::string_view file_name);

/// Reads one table against its schema. Whatever is missing, of a wrong kind or out of range is added to the errors and
/// zero (or empty) is returned, so that one run reports all mistakes; the caller looks at the errors once, at the end.
/// The table and the errors outlive the reader.
class TomlReader {
 public:
  TomlReader(const TomlValue& table, std::string_view file, TextErrors& errors);

  std::string text(std::string_view key);
  std::optional<std::string> optional_text(std::string_view key);
  /// Text that is one of `allowed`.
  std::string one_of(std::string_view key, std::span<const std::string_view> allowed);
  /// Bounds are inclusive.
  std::int64_t integer(std::string_view key, std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                       std::int64_t max = std::numeric_limits<std::int64_t>::max());
  std::optional<std::int64_t> optional_integer(std::string_view key,
                                               std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                                               std::int64_t max = std::numeric_limits<std::int64_t>::max());
  bool boolean(std::string_view key);
  std::optional<bool> optional_boolean(std::string_view key);
  /// A decimal written as text, with the scale as written: "62.370" -> {62370, 3}.
  Decimal decimal(std::string_view key);
  std::optional<Decimal> optional_decimal(std::string_view key);
  /// A decimal written as text, scaled by 10^decimals: fixed(key, 3) reads "1.25" as 1250.
  std::int64_t fixed(std::string_view key, int decimals);
  Day day(std::string_view key);
  std::optional<Day> optional_day(std::string_view key);

  /// Arrays of one kind. An absent key is an empty array; ask `has` where it must be there.
  std::vector<std::string> texts(std::string_view key);
  std::vector<Day> days(std::string_view key);
  std::vector<std::int64_t> integers(std::string_view key);

  /// A table below; none when the key is absent (an error only for `table`).
  std::optional<TomlReader> table(std::string_view key);
  std::optional<TomlReader> optional_table(std::string_view key);
  /// `[[key]]` blocks in the order of the file; empty when there is none.
  std::vector<TomlReader> tables(std::string_view key);

  /// The value as it stands, marked as read; null when absent. For shapes that this reader does not know.
  const TomlValue* raw(std::string_view key);
  bool has(std::string_view key) const { return table_->find(key) != nullptr; }
  /// The keys in the order of the file.
  std::vector<std::string> keys() const;

  /// Adds an error at the value of `key`, or at the table when the key is absent.
  void fail(std::string_view key, std::string message, std::string remedy);
  /// Reports every key that was not asked for. Call it last.
  void finish();

  TextPosition at() const { return table_->at; }
  const std::string& file() const { return file_; }

 private:
  const TomlValue* take(std::string_view key);
  const TomlValue* wanted(std::string_view key, TomlKind kind, bool required);
  std::vector<const TomlValue*> wanted_items(std::string_view key, TomlKind kind);
  void add(TextPosition at, std::string message, std::string remedy);
  std::int64_t bounded(const TomlValue& value, std::string_view key, std::int64_t min, std::int64_t max);
  Decimal decimal_of(const TomlValue& value, std::string_view key);

  const TomlValue* table_;
  std::string file_;
  TextErrors* errors_;
  std::vector<bool> read_;  ///< beside table_->entries
};

}  // namespace tanpuhui
