#include "rooms/activity/shell/record_reader.h"

#include <charconv>
#include <deque>
#include <optional>

#include <simdjson.h>

#include "rooms/activity/shell/line_source.h"

namespace tanpuhui {
namespace {

namespace ondemand = simdjson::ondemand;
using Kind = RawValue::Kind;

static_assert(line_padding >= simdjson::SIMDJSON_PADDING);

class JsonReader : public RecordReader {
 public:
  explicit JsonReader(const Intake& intake) : intake_(intake) {}
  bool takes_header() const override { return false; }
  void read_header(std::string_view) override {}

  void read(std::string_view line, RawRecord& raw) override {
    unknown_.clear();
    duplicate_.clear();
    raw.malformed = !read_plain(line, raw) && !read_object(line, raw);
    raw.unknown_field = unknown_;
    raw.duplicate_field = duplicate_;
  }

 private:
  void reset(RawRecord& raw) const {
    for (std::size_t i = 0; i < intake_.slot_count(); ++i) raw.values[i] = RawValue{};
  }

  /// What nearly every line is: known names, each once, with texts in which nothing is escaped and no blank between. It
  /// is read by its quotation marks, without a parser. False: the parser says what the line is.
  bool read_plain(std::string_view line, RawRecord& raw) const {
    if (!is_plain(line) || !take(line, '{')) return false;
    reset(raw);
    for (std::size_t expected = 0;;) {
      if (!take(line, '"')) return false;
      const auto found = intake_.is_written(expected, line) ? std::optional(expected) : plain_slot(line, expected);
      if (!found) return false;
      line.remove_prefix(intake_.slot_name(*found).size() + 1);
      RawValue& value = raw.values[*found];
      if (value.kind != Kind::absent || !take(line, ':') || !take(line, '"')) return false;
      const std::size_t size = line.find('"');
      if (size == std::string_view::npos) return false;
      value.kind = Kind::text;
      value.text = line.substr(0, size);
      line.remove_prefix(size + 1);
      if (line.size() == 1) return line.front() == '}';
      if (!take(line, ',')) return false;
      expected = slot_behind(*found);
    }
  }

  // Printable ASCII without a backslash. A loop without a branch: the compiler takes 32 characters at once.
  static bool is_plain(std::string_view line) {
    unsigned char other = 0;
    for (const char c : line) {
      const auto byte = static_cast<signed char>(c);  // below zero: not ASCII
      other = static_cast<unsigned char>(other | int{byte < ' '} | int{byte == '\x7f'} | int{byte == '\\'});
    }
    return other == 0;
  }

  static bool take(std::string_view& line, char c) {
    if (!line.starts_with(c)) return false;
    line.remove_prefix(1);
    return true;
  }

  std::optional<std::size_t> plain_slot(std::string_view line, std::size_t expected) const {
    const std::size_t size = line.find('"');
    return size == std::string_view::npos ? std::nullopt : intake_.find_slot(line.substr(0, size), expected);
  }

  // Few records tell of a revision.
  static std::size_t slot_behind(std::size_t slot) {
    return slot + 1 == slot_revision ? std::size_t{slot_first_field} : slot + 1;
  }

  bool read_object(std::string_view line, RawRecord& raw) {
    reset(raw);
    ondemand::document document;
    ondemand::object object;
    if (line.empty()) return false;
    if (parser_.iterate(line.data(), line.size(), line.size() + line_padding).get(document)) return false;
    if (document.get_object().get(object)) return false;
    std::size_t expected = 0;
    const char* const end = line.data() + line.size();
    for (auto entry : object) {
      ondemand::field field;
      if (std::move(entry).get(field)) return false;
      std::optional<std::size_t> found;
      if (intake_.is_written(expected, {field.key().raw(), end})) {
        found = expected;
      } else {
        std::string_view name;
        if (field.unescaped_key().get(name)) return false;
        found = intake_.find_slot(name, expected);
        if (!found) {
          // An unknown name may be escaped into the parser's memory: keep it, and prove the rest of the line first.
          if (unknown_.empty()) unknown_ = name.empty() ? "\"\"" : name;
          std::string_view skipped;
          if (simdjson::to_json_string(field.value()).get(skipped)) return false;
          continue;
        }
      }
      RawValue& value = raw.values[*found];
      if (value.kind != Kind::absent && duplicate_.empty()) duplicate_ = intake_.slot_name(*found);
      if (!read_value(field.value(), value)) return false;
      expected = slot_behind(*found);
    }
    const char* behind = nullptr;
    return document.current_location().get(behind) == simdjson::OUT_OF_BOUNDS;
  }

  static bool read_value(ondemand::value json, RawValue& value) {
    ondemand::json_type type{};
    if (json.type().get(type)) return false;
    switch (type) {
      case ondemand::json_type::string:
        value.kind = Kind::text;
        return !json.get_string().get(value.text);
      case ondemand::json_type::boolean:
        return read_boolean(json, value);
      case ondemand::json_type::number:
        return read_number(json, value);
      default:
        break;
    }
    value.kind = Kind::other;
    return !simdjson::to_json_string(json).get(value.text);
  }

  static bool read_boolean(ondemand::value json, RawValue& value) {
    bool yes = false;
    if (json.get_bool().get(yes)) return false;
    value.kind = Kind::boolean;
    value.integer = yes ? 1 : 0;
    value.text = yes ? "true" : "false";
    return true;
  }

  static bool read_number(ondemand::value json, RawValue& value) {
    value.text = trimmed(json.raw_json_token());
    ondemand::number number;
    if (json.get_number().get(number)) return false;
    value.kind = number.is_int64() ? Kind::integer : Kind::other;
    if (number.is_int64()) value.integer = number.get_int64();
    return true;
  }

  static std::string_view trimmed(std::string_view text) {
    const auto last = text.find_last_not_of(" \t\r\n");
    return last == std::string_view::npos ? text : text.substr(0, last + 1);
  }

  const Intake& intake_;
  ondemand::parser parser_;
  std::string unknown_, duplicate_;
};

/// Cells of a line; quoted ones are unquoted into memory of the reader. False when a quote is left open.
class CsvCells {
 public:
  bool split(std::string_view line) {
    cells_.clear();
    unquoted_.clear();
    for (;;) {
      if (line.starts_with('"') ? !take_quoted(line) : !take_plain(line)) return false;
      if (line.empty()) return true;
      line.remove_prefix(1);
    }
  }
  const std::vector<std::string_view>& cells() const { return cells_; }

 private:
  bool take_plain(std::string_view& line) {
    const std::string_view cell = line.substr(0, line.find(','));
    if (cell.find('"') != std::string_view::npos) return false;
    cells_.push_back(cell);
    line.remove_prefix(cell.size());
    return true;
  }
  bool take_quoted(std::string_view& line) {
    std::string& text = unquoted_.emplace_back();
    std::size_t i = 1;
    for (; i < line.size(); ++i) {
      if (line[i] == '"' && (i + 1 == line.size() || line[i + 1] != '"')) break;
      if (line[i] == '"') ++i;
      text += line[i];
    }
    if (i >= line.size() || (i + 1 < line.size() && line[i + 1] != ',')) return false;
    cells_.push_back(text);
    line.remove_prefix(i + 1);
    return true;
  }
  std::vector<std::string_view> cells_;
  std::deque<std::string> unquoted_;
};

class CsvReader : public RecordReader {
 public:
  explicit CsvReader(const Intake& intake) : intake_(intake) {}
  bool takes_header() const override { return true; }

  void read_header(std::string_view line) override {
    header_ok_ = cells_.split(line);
    for (std::string_view name : cells_.cells()) {
      const auto found = intake_.find_slot(name, columns_.size());
      if (!found && unknown_.empty()) unknown_ = name.empty() ? "\"\"" : name;
      if (found && std::find(columns_.begin(), columns_.end(), found) != columns_.end() && duplicate_.empty())
        duplicate_ = name;
      columns_.push_back(found);
    }
  }

  void read(std::string_view line, RawRecord& raw) override {
    for (std::size_t i = 0; i < intake_.slot_count(); ++i) raw.values[i] = RawValue{};
    raw.unknown_field = unknown_;
    raw.duplicate_field = duplicate_;
    raw.malformed = !header_ok_ || line.empty() || !cells_.split(line) || cells_.cells().size() != columns_.size();
    if (raw.malformed) return;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i]) read_cell(*columns_[i], cells_.cells()[i], raw.values[*columns_[i]]);
  }

 private:
  // CSV knows only text; an empty cell of a field that may be left out is left out.
  static void read_cell(std::size_t number, std::string_view cell, RawValue& value) {
    value.kind = Kind::text;
    value.text = cell;
    if (number != slot_revision && number != slot_withdrawn) return;
    if (cell.empty()) value.kind = Kind::absent;
    if (number == slot_withdrawn && (cell == "true" || cell == "false")) {
      value.kind = Kind::boolean;
      value.integer = cell == "true" ? 1 : 0;
    }
    const auto parsed = std::from_chars(cell.data(), cell.data() + cell.size(), value.integer);
    if (number == slot_revision && parsed.ec == std::errc() && parsed.ptr == cell.data() + cell.size())
      value.kind = Kind::integer;
  }

  const Intake& intake_;
  CsvCells cells_;
  std::vector<std::optional<std::size_t>> columns_;
  std::string unknown_, duplicate_;
  bool header_ok_ = true;
};

}  // namespace

std::unique_ptr<RecordReader> make_record_reader(std::string_view first_line, const Intake& intake) {
  const bool names_fields = !first_line.starts_with('{') && first_line.find("record_id") != std::string_view::npos;
  if (names_fields) return std::make_unique<CsvReader>(intake);
  return std::make_unique<JsonReader>(intake);
}

}  // namespace tanpuhui
