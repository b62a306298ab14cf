#pragma once
/// Just enough JSON for the certificate file: objects, arrays, strings and whole numbers. The writer has one layout
/// (two spaces, one member a line); the reader takes what the writer can write and leaves the exact layout to the
/// comparison with the file written again.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tanpuhui {

///   PlainJsonWriter out;
///   out.open("proof", '{').member("salt", "00ff").member("index", 3).close();
///   out.finish()
class PlainJsonWriter {
 public:
  PlainJsonWriter() : text_("{"), open_{{'}', false}} {}

  /// `bracket` is '{' or '['. The key is empty for an item of an array, here and below.
  PlainJsonWriter& open(std::string_view key, char bracket);
  PlainJsonWriter& close();
  PlainJsonWriter& member(std::string_view key, std::string_view value);
  PlainJsonWriter& member(std::string_view key, std::int64_t value);
  /// Closes the outermost object; the text ends with a line feed.
  std::string finish();

 private:
  struct Level {
    char end;
    bool filled;
  };
  void begin(std::string_view key);
  void quote(std::string_view value);
  std::string text_;
  std::vector<Level> open_;
};

struct PlainJson {
  enum class Kind { text, number, array, object };
  Kind kind = Kind::text;
  std::string text;
  std::int64_t number = 0;
  std::vector<std::string> keys;  ///< of an object: as many as items
  std::vector<PlainJson> items;

  /// The member of an object; null when it is no object or has no such member.
  const PlainJson* find(std::string_view key) const;
};

/// Nothing when it is not such JSON, a key comes twice, or it is nested deeper than 8.
std::optional<PlainJson> read_plain_json(std::string_view text);

}  // namespace tanpuhui
