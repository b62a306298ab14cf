#include "rooms/participants/account.h"

#include <array>

#include <gtest/gtest.h>

#include "rooms/participants/account_number.h"
#include "rooms/participants/holder_text.h"

namespace tanpuhui {
namespace {

// Not a cryptographic hash: 32 bytes in which every input byte counts.
Digest toy_hash(ByteView bytes) {
  Digest digest{};
  std::uint64_t state = bytes.size();
  for (const std::uint8_t byte : bytes) state = mix_bits(state ^ byte);
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(mix_bits(state + i));
  return digest;
}

Digest hash_to_zeros(ByteView) { return {}; }

Digest hash_to_ones(ByteView) {
  Digest digest{};
  digest.fill(0xff);
  return digest;
}

// Eight bytes give 7, the next ones 256, the third 9 << 23.
Digest hash_to_seven_first(ByteView) {
  Digest digest{};
  digest[7] = 15;
  digest[14] = 2;
  digest[20] = 9;
  return digest;
}

const Bytes salt = {1, 2, 3};
const Bytes other_salt = {1, 2, 4};

TEST(account_numbers, are_the_same_for_the_same_holder) {
  EXPECT_EQ(account_number(salt, "anna", toy_hash), account_number(salt, "anna", toy_hash));
}

TEST(account_numbers, differ_between_holders_and_programmes) {
  EXPECT_NE(account_number(salt, "anna", toy_hash), account_number(salt, "anne", toy_hash));
  EXPECT_NE(account_number(salt, "anna", toy_hash), account_number(other_salt, "anna", toy_hash));
}

TEST(account_numbers, do_not_confuse_the_end_of_the_salt_with_the_name) {
  EXPECT_NE(account_number(Bytes{'a', 'b'}, "c", toy_hash), account_number(Bytes{'a'}, "bc", toy_hash));
}

TEST(account_numbers, have_63_bits) {
  EXPECT_EQ(0x7fff'ffff'ffff'ffff, account_number(salt, "anna", hash_to_ones).value);
}

TEST(account_numbers, pass_over_the_numbers_of_the_programme_itself) {
  EXPECT_EQ(9 << 23, account_number(salt, "anna", hash_to_seven_first).value);
  EXPECT_EQ(first_own_account, account_number(salt, "anna", hash_to_zeros).value);
}

TEST(accounts, are_opened_for_a_name_that_nobody_has) {
  EXPECT_TRUE(decide_open_account({"bakery", AccountKind::organisation}, std::nullopt));
}

TEST(accounts, are_not_opened_twice_under_one_name_for_two_kinds) {
  const auto refused = decide_open_account({"anna", AccountKind::organisation}, AccountKind::person);
  ASSERT_FALSE(refused);
  EXPECT_EQ("ACC-01", refused.error().code);
}

TEST(accounts, need_a_name) {
  for (const std::string& name : {std::string(), std::string(129, 'a'), std::string("a\nb")}) {
    const auto refused = decide_open_account({name, AccountKind::person}, std::nullopt);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ("DAT-06", refused.error().code);
  }
}

TEST(holder_texts, are_utf_8_without_control_characters) {
  EXPECT_TRUE(is_plain_text("anna 张三 \U0001F6B2"));
  EXPECT_TRUE(is_plain_text(""));
  for (const std::string_view bad : {"a\tb", "\x7f", "\x80", "\xc0\xaf", "\xe5\xbc", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                     "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xff"})
    EXPECT_FALSE(is_plain_text(bad)) << shown_text(bad);
}

TEST(holder_texts, are_shown_with_marks_for_what_cannot_be_shown) {
  EXPECT_EQ("a?b?张", shown_text("a\tb\xff张"));
  EXPECT_EQ(std::string(80, 'a') + "...", shown_text(std::string(200, 'a')));
}

}  // namespace
}  // namespace tanpuhui
