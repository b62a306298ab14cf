#include "base/cbor.h"

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

std::string encoded(std::int64_t value) { return to_hex(CborWriter().integer(value).result()); }

bool reads_integer(std::string_view hex) {
  const Bytes bytes = *from_hex(hex);
  CborReader in(bytes);
  in.integer();
  return in.finish();
}

/// One of everything: an array of a text, bytes, a negative number and an inner array.
Bytes sample() {
  CborWriter out;
  out.array(4).text("里程 km").bytes(Bytes{0, 255}).integer(-70'000).array(1).integer(24);
  return out.take();
}

/// What a reader of sample() understood, encoded afresh; nothing when it refused.
std::optional<Bytes> read_and_written_again(ByteView bytes) {
  CborReader in(bytes);
  CborWriter out;
  in.array(4);
  out.array(4).text(in.text());
  out.bytes(in.bytes());
  out.integer(in.integer());
  in.array(1);
  out.array(1).integer(in.integer());
  if (!in.finish()) return std::nullopt;
  return out.take();
}

bool reads_sample(ByteView bytes) { return read_and_written_again(bytes).has_value(); }

TEST(cbor_integer, is_written_as_the_standard_shows) {  // RFC 8949, appendix A
  EXPECT_EQ(encoded(0), "00");
  EXPECT_EQ(encoded(23), "17");
  EXPECT_EQ(encoded(24), "1818");
  EXPECT_EQ(encoded(100), "1864");
  EXPECT_EQ(encoded(1000), "1903e8");
  EXPECT_EQ(encoded(1'000'000), "1a000f4240");
  EXPECT_EQ(encoded(1'000'000'000'000), "1b000000e8d4a51000");
  EXPECT_EQ(encoded(-1), "20");
  EXPECT_EQ(encoded(-100), "3863");
  EXPECT_EQ(encoded(-1000), "3903e7");
}

TEST(cbor_integer, goes_round_at_every_change_of_width) {
  for (std::int64_t edge : {std::int64_t{0}, std::int64_t{24}, std::int64_t{256}, std::int64_t{65'536},
                            std::int64_t{1} << 32, std::int64_t{1} << 53, most - 1})
    for (std::int64_t near : {edge - 1, edge, edge + 1})
      for (std::int64_t value : {near, -near}) {
        const Bytes bytes = CborWriter().integer(value).take();
        CborReader in(bytes);
        EXPECT_EQ(in.integer(), value);
        EXPECT_TRUE(in.finish()) << value;
      }
}

TEST(cbor_integer, goes_round_at_both_ends_of_64_bits) {
  EXPECT_EQ(encoded(most), "1b7fffffffffffffff");
  EXPECT_EQ(encoded(least), "3b7fffffffffffffff");
  const Bytes bytes = CborWriter().integer(least).take();
  CborReader in(bytes);
  EXPECT_EQ(in.integer(), least);
  EXPECT_TRUE(in.finish());
}

TEST(cbor_integer, refuses_numbers_beyond_64_bits_with_sign) {
  EXPECT_FALSE(reads_integer("1b8000000000000000"));
  EXPECT_FALSE(reads_integer("3b8000000000000000"));
  EXPECT_FALSE(reads_integer("1bffffffffffffffff"));
}

TEST(cbor_integer, refuses_every_form_but_the_shortest) {
  for (const char* hex : {"1800", "1817", "190000", "1900ff", "1a00000000", "1a0000ffff", "1b0000000000000000",
                          "1b00000000ffffffff", "3817", "3900ff", "3a0000ffff", "3b00000000ffffffff"})
    EXPECT_FALSE(reads_integer(hex)) << hex;
}

TEST(cbor_integer, accepts_the_first_number_that_needs_each_width) {
  for (const char* hex : {"17", "1818", "18ff", "190100", "19ffff", "1a00010000", "1affffffff", "1b0000000100000000"})
    EXPECT_TRUE(reads_integer(hex)) << hex;
}

TEST(cbor, refuses_reserved_and_indefinite_lengths) {
  for (const char* hex : {"1c", "1d", "1e", "1f", "3f"}) EXPECT_FALSE(reads_integer(hex)) << hex;
  const Bytes open_bytes = *from_hex("5f4100ff");
  CborReader bytes_in(open_bytes);
  bytes_in.bytes();
  EXPECT_FALSE(bytes_in.ok());
  const Bytes open_array = *from_hex("9f01ff");
  CborReader array_in(open_array);
  array_in.array();
  EXPECT_FALSE(array_in.ok());
}

TEST(cbor, gives_back_everything_that_was_written) {
  const Bytes bytes = sample();
  CborReader in(bytes);
  EXPECT_EQ(in.array(), 4U);
  EXPECT_EQ(in.text(), "里程 km");
  EXPECT_EQ(to_hex(in.bytes()), "00ff");
  EXPECT_EQ(in.integer(), -70'000);
  EXPECT_EQ(in.array(), 1U);
  EXPECT_EQ(in.integer(), 24);
  EXPECT_TRUE(in.finish());
}

TEST(cbor, keeps_empty_and_long_strings) {
  const std::string text(70'000, 'x');
  const Bytes bytes = CborWriter().array(3).text("").bytes({}).text(text).take();
  CborReader in(bytes);
  in.array(3);
  EXPECT_EQ(in.text(), "");
  EXPECT_TRUE(in.bytes().empty());
  EXPECT_EQ(in.text(), text);
  EXPECT_TRUE(in.finish());
}

TEST(cbor, refuses_a_value_cut_anywhere) {
  const Bytes whole = sample();
  ASSERT_TRUE(reads_sample(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(reads_sample(ByteView(whole).first(size))) << size;
}

TEST(cbor, refuses_trailing_bytes) {
  Bytes longer = sample();
  longer.push_back(0);
  EXPECT_FALSE(reads_sample(longer));
}

TEST(cbor, reads_no_flipped_byte_except_as_another_value_in_its_own_only_form) {
  const Bytes whole = sample();
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      // A copy of the exact size, so that the address sanitizer sees a read beyond its end.
      Bytes flipped(whole.begin(), whole.end());
      flipped[at] = static_cast<std::uint8_t>(flipped[at] ^ (1U << bit));
      const std::optional<Bytes> again = read_and_written_again(flipped);
      if (again) {
        EXPECT_EQ(*again, flipped) << at << ' ' << bit;
      }
    }
}

TEST(cbor, refuses_lengths_that_the_rest_cannot_hold) {
  for (const char* hex : {"41", "5affffffff", "5bffffffffffffffff"}) {
    const Bytes bytes = *from_hex(hex);
    CborReader in(bytes);
    EXPECT_TRUE(in.bytes().empty()) << hex;
    EXPECT_FALSE(in.ok()) << hex;
  }
  for (const char* hex : {"81", "9affffffff", "9bffffffffffffffff"}) {
    const Bytes bytes = *from_hex(hex);
    CborReader in(bytes);
    EXPECT_EQ(in.array(), 0U) << hex;
    EXPECT_FALSE(in.ok()) << hex;
  }
}

TEST(cbor, refuses_another_type_than_the_one_asked_for) {
  const auto fails = [](const Bytes& bytes, auto read) {
    CborReader in(bytes);
    read(in);
    return !in.ok();
  };
  const Bytes integer = CborWriter().integer(1).take(), text = CborWriter().text("a").take();
  const Bytes bytes = CborWriter().bytes(Bytes{1}).take(), array = CborWriter().array(0).take();
  EXPECT_TRUE(fails(integer, [](CborReader& in) { in.text(); }));
  EXPECT_TRUE(fails(integer, [](CborReader& in) { in.array(); }));
  EXPECT_TRUE(fails(text, [](CborReader& in) { in.bytes(); }));
  EXPECT_TRUE(fails(text, [](CborReader& in) { in.integer(); }));
  EXPECT_TRUE(fails(bytes, [](CborReader& in) { in.text(); }));
  EXPECT_TRUE(fails(array, [](CborReader& in) { in.integer(); }));
}

TEST(cbor, refuses_types_outside_the_subset) {
  for (const char* hex : {"a0", "c001", "f4", "f6", "f97e00", "fb3ff0000000000000"})
    EXPECT_FALSE(reads_integer(hex)) << hex;
}

TEST(cbor, refuses_an_array_of_another_length) {
  const Bytes bytes = CborWriter().array(2).integer(1).integer(2).take();
  CborReader in(bytes);
  in.array(3);
  EXPECT_FALSE(in.ok());
}

TEST(cbor, gives_nothing_after_the_first_mistake) {
  const Bytes bytes = CborWriter().integer(1).text("later").integer(2).take();
  CborReader in(bytes);
  EXPECT_TRUE(in.bytes().empty());
  EXPECT_EQ(in.text(), "");
  EXPECT_EQ(in.integer(), 0);
  EXPECT_EQ(in.array(), 0U);
  EXPECT_FALSE(in.finish());
}

TEST(cbor, is_finished_at_once_where_there_is_nothing) { EXPECT_TRUE(CborReader({}).finish()); }

}  // namespace
}  // namespace tanpuhui
