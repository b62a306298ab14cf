#include "base/bytes.h"

#include <string>

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

Bytes bytes_of(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}

TEST(base64, writes_the_examples_of_the_standard) {  // RFC 4648, section 10
  EXPECT_EQ(to_base64(as_bytes("")), "");
  EXPECT_EQ(to_base64(as_bytes("f")), "Zg==");
  EXPECT_EQ(to_base64(as_bytes("fo")), "Zm8=");
  EXPECT_EQ(to_base64(as_bytes("foo")), "Zm9v");
  EXPECT_EQ(to_base64(as_bytes("foob")), "Zm9vYg==");
  EXPECT_EQ(to_base64(as_bytes("fooba")), "Zm9vYmE=");
  EXPECT_EQ(to_base64(as_bytes("foobar")), "Zm9vYmFy");
}

TEST(base64, writes_plus_and_slash) { EXPECT_EQ(to_base64(Bytes{0xfb, 0xef, 0xff}), "++//"); }

TEST(base64, goes_round_for_every_byte_and_length) {
  Bytes bytes;
  for (int i = 0; i < 260; ++i) {
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes) << i;
    bytes.push_back(static_cast<std::uint8_t>(i));
  }
}

TEST(base64, refuses_missing_or_misplaced_padding) {
  for (const char* text : {"Zg", "Zg=", "Zm8", "=", "==", "===", "====", "Z===", "=Zg=", "Z=g=", "Zg==Zg==", "Zg==Zm9v",
                           "Zm9v=", "Zm9v====", "Zm8=Zm9v"})
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
}

TEST(base64, refuses_bits_that_belong_to_no_byte) {
  EXPECT_EQ(from_base64("Zh=="), std::nullopt);
  EXPECT_EQ(from_base64("Zm9="), std::nullopt);
  EXPECT_EQ(from_base64("Zm8="), bytes_of("fo"));
}

TEST(base64, refuses_other_alphabets_and_white_space) {
  for (const char* text : {"--__", "Zm9\n", "Zm9v\n", " Zm9v", "Zm 9", "Zm9v\r\n", "Zm9\xC3", "Zm*v"})
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
}

TEST(base64, refuses_a_zero_byte) { EXPECT_EQ(from_base64(std::string_view("Zm9\0", 4)), std::nullopt); }

TEST(base64, has_one_text_for_one_value) {
  // Of all texts that differ from "Zg==" in one character, none may give the same byte.
  const std::string right = "Zg==";
  for (std::size_t at = 0; at < right.size(); ++at)
    for (int c = 0; c < 256; ++c) {
      std::string text = right;
      text[at] = static_cast<char>(c);
      if (text == right) continue;
      EXPECT_NE(from_base64(text), bytes_of("f")) << at << ' ' << c;
    }
}

TEST(hex, writes_lower_case_and_goes_round) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0x0f, 0xa0, 0xff}), "000fa0ff");
  Bytes bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
  EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
  EXPECT_EQ(from_hex(""), Bytes{});
}

TEST(hex, refuses_upper_case_odd_length_and_other_characters) {
  for (const char* text : {"0", "000", "FF", "0G", "g0", "0x00", "00 ", " 00"})
    EXPECT_EQ(from_hex(text), std::nullopt) << text;
}

TEST(digest_from_hex, takes_exactly_thirty_two_bytes) {
  const std::string text(62, '0');
  const auto digest = digest_from_hex(text + "ab");
  ASSERT_TRUE(digest.has_value());
  EXPECT_EQ(digest->back(), 0xab);
  EXPECT_EQ(digest->front(), 0);
  EXPECT_EQ(digest_from_hex(text), std::nullopt);
  EXPECT_EQ(digest_from_hex(text + "abcd"), std::nullopt);
  EXPECT_EQ(digest_from_hex(text + "AB"), std::nullopt);
  EXPECT_EQ(digest_from_hex(""), std::nullopt);
}

TEST(views, show_the_same_bytes_as_text_and_back) {
  const std::string text = "\x01碳\xff";
  EXPECT_EQ(as_text(as_bytes(text)), text);
  EXPECT_EQ(as_bytes(text).size(), text.size());
}

}  // namespace
}  // namespace tanpuhui
