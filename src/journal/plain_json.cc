#include "journal/plain_json.h"

#include <algorithm>

#include "base/decimal.h"

namespace tanpuhui {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr int depth_max = 8;

class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}

  std::optional<PlainJson> document() {
    PlainJson value;
    if (!read(value, 0)) return std::nullopt;
    skip_space();
    if (at_ != in_.size()) return std::nullopt;
    return value;
  }

 private:
  void skip_space() {
    while (at_ < in_.size() && (in_[at_] == ' ' || in_[at_] == '\n')) ++at_;
  }
  bool take(char wanted) {
    skip_space();
    if (at_ >= in_.size() || in_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  bool read(PlainJson& value, int depth) {
    if (depth > depth_max) return false;
    if (take('{')) return read_object(value, depth);
    if (take('[')) return read_array(value, depth);
    if (take('"')) return read_text(value.text);
    return read_number(value);
  }

  bool read_object(PlainJson& value, int depth) {
    value.kind = PlainJson::Kind::object;
    if (take('}')) return true;
    do {
      std::string key;
      if (!take('"') || !read_text(key) || value.find(key) != nullptr || !take(':')) return false;
      value.keys.push_back(std::move(key));
      if (!read(value.items.emplace_back(), depth + 1)) return false;
    } while (take(','));
    return take('}');
  }

  bool read_array(PlainJson& value, int depth) {
    value.kind = PlainJson::Kind::array;
    if (take(']')) return true;
    do {
      if (!read(value.items.emplace_back(), depth + 1)) return false;
    } while (take(','));
    return take(']');
  }

  bool read_number(PlainJson& value) {
    value.kind = PlainJson::Kind::number;
    const auto end = std::min(in_.find_first_not_of("-0123456789", at_), in_.size());
    const auto number = parse_fixed(in_.substr(at_, end - at_), 0);
    if (!number) return false;
    value.number = *number;
    at_ = end;
    return true;
  }

  bool read_text(std::string& text) {
    while (at_ < in_.size()) {
      const char c = in_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < ' ') return false;
      if (c != '\\')
        text += c;
      else if (!read_escape(text))
        return false;
    }
    return false;
  }

  bool read_escape(std::string& text) {
    if (at_ >= in_.size()) return false;
    const char c = in_[at_++];
    if (c == 'u') return read_control(text);
    if (c != '"' && c != '\\' && c != 'n') return false;
    text += c == 'n' ? '\n' : c;
    return true;
  }

  bool read_control(std::string& text) {
    if (in_.substr(at_, 2) != "00" || in_.size() - at_ < 4) return false;
    const auto high = hex_digits.find(in_[at_ + 2]);
    const auto low = hex_digits.find(in_[at_ + 3]);
    if (high > 7 || low > 15) return false;
    text += static_cast<char>(high * 16 + low);
    at_ += 4;
    return true;
  }

  std::string_view in_;
  std::size_t at_ = 0;
};

}  // namespace

void PlainJsonWriter::begin(std::string_view key) {
  if (open_.back().filled) text_ += ',';
  open_.back().filled = true;
  text_ += '\n';
  text_.append(open_.size() * 2, ' ');
  if (key.empty()) return;
  quote(key);
  text_ += ": ";
}

void PlainJsonWriter::quote(std::string_view value) {
  text_ += '"';
  for (char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (text_ += '\\') += c;
    else if (c == '\n')
      text_ += "\\n";
    else if (byte < ' ' || byte == 0x7f)
      ((text_ += "\\u00") += hex_digits[byte >> 4U]) += hex_digits[byte & 15U];
    else
      text_ += c;
  }
  text_ += '"';
}

PlainJsonWriter& PlainJsonWriter::open(std::string_view key, char bracket) {
  begin(key);
  text_ += bracket;
  open_.push_back({bracket == '{' ? '}' : ']', false});
  return *this;
}

PlainJsonWriter& PlainJsonWriter::close() {
  const Level level = open_.back();
  open_.pop_back();
  if (level.filled) {
    text_ += '\n';
    text_.append(open_.size() * 2, ' ');
  }
  text_ += level.end;
  return *this;
}

PlainJsonWriter& PlainJsonWriter::member(std::string_view key, std::string_view value) {
  begin(key);
  quote(value);
  return *this;
}

PlainJsonWriter& PlainJsonWriter::member(std::string_view key, std::int64_t value) {
  begin(key);
  text_ += std::to_string(value);
  return *this;
}

std::string PlainJsonWriter::finish() {
  close();
  text_ += '\n';
  return std::move(text_);
}

const PlainJson* PlainJson::find(std::string_view key) const {
  const auto found = std::find(keys.begin(), keys.end(), key);
  return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

std::optional<PlainJson> read_plain_json(std::string_view text) { return Reader(text).document(); }

}  // namespace tanpuhui
