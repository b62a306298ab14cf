#include "rooms/activity/shell/record_reader.h"

#include <random>

#include <gtest/gtest.h>

#include "desk.h"
#include "rooms/activity/shell/line_source.h"

namespace tanpuhui {
namespace {

using Kind = RawValue::Kind;

/// What a reader made of a line, kept.
struct Made {
  bool malformed = false;
  std::string unknown, duplicate;
  std::vector<std::tuple<Kind, std::string, std::int64_t>> values;
  bool operator==(const Made&) const = default;
};

class record_reader : public testing::Test {
 protected:
  Made read(const std::string& line) {
    const std::string padded = line + std::string(line_padding, ' ');
    RawRecord raw;
    reader_->read(std::string_view(padded).substr(0, line.size()), raw);
    Made made{raw.malformed, std::string(raw.unknown_field), std::string(raw.duplicate_field), {}};
    for (std::size_t i = 0; i < intake_.slot_count(); ++i)
      made.values.emplace_back(raw.values[i].kind, raw.values[i].text, raw.values[i].integer);
    if (made.malformed) made = {true, {}, {}, {}};  // the rest of a malformed record says nothing
    return made;
  }

  // A blank before it leaves the line to the parser.
  void expect_as_parsed(const std::string& line) { EXPECT_EQ(read(line), read(" " + line)) << line; }

  Intake intake_{{"bikes", &bike(), zone, 30, at("12:00:00")}};
  std::unique_ptr<RecordReader> reader_ = make_record_reader("{", intake_);
};

std::string plain_line() {
  std::string line = line_of({"a1"});
  line.pop_back();
  return line;
}

TEST_F(record_reader, reads_the_fields_of_a_plain_line) {
  const Made made = read(plain_line());
  EXPECT_FALSE(made.malformed);
  EXPECT_EQ(made.values[slot_subject], std::tuple(Kind::text, std::string("u0"), 0));
  EXPECT_EQ(made.values[slot_first_field], std::tuple(Kind::text, std::string("3.000"), 0));
  EXPECT_EQ(std::get<Kind>(made.values[slot_revision]), Kind::absent);
}

TEST_F(record_reader, reads_plain_lines_and_all_others_as_the_parser_does) {
  const std::string line = plain_line(), rest = line.substr(1);
  const std::vector<std::string> lines = {
      line,
      "",
      "{",
      "{}",
      "{\"",
      line + " ",
      line + "}",
      line + ",",
      line + line,
      line.substr(0, line.size() - 1),
      "{ " + rest,
      "{," + rest,
      "{\"unknown\":\"1\"," + rest,
      "{\"subject\":\"u1\"," + rest,
      "{\"subject\": \"u1\"}",
      "{\"subject\":\"\"}",
      "{\"subject\":\"u\\u0031\"}",
      "{\"subject\":\"\xe7\xa2\xb3\"}",
      "{\"subject\":\"\xff\"}",
      "{\"subject\":\"tab\there\"}",
      "{\"subject\":null}",
      "{\"subject\":7,\"revision\":1,\"withdrawn\":true}",
      "{\"distance_km\":\"1\",\"subject\":\"u1\",\"revision\":2}",
      "{\"subject\":\"u1\"\"scenario\":\"x\"}",
      "{\"subject\":\"u1\",}",
      "{\"subject\"\"u1\"}",
      "{subject:\"u1\"}",
      "[\"subject\"]",
  };
  for (const std::string& each : lines) expect_as_parsed(each);
}

TEST_F(record_reader, reads_lines_with_changed_characters_as_the_parser_does) {
  constexpr std::string_view characters = "\"\\{}[],: 0aAz~\x7f\x01\xc3\n";
  std::mt19937 dice(20261122);
  for (int i = 0; i < 20'000; ++i) {
    std::string line = plain_line();
    for (auto changes = dice() % 3 + 1; changes > 0; --changes) {
      const std::size_t place = dice() % line.size();
      const char character = characters[dice() % characters.size()];
      if (const auto how = dice() % 3; how == 0)
        line[place] = character;
      else if (how == 1)
        line.insert(place, 1, character);
      else
        line.erase(place, dice() % 12);
      if (line.empty()) line = "{";
    }
    ASSERT_EQ(read(line), read(" " + line)) << line;
  }
}

}  // namespace
}  // namespace tanpuhui
