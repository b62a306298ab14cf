#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "crypto/ed25519.h"
#include "crypto/hash.h"
#include "crypto/provider.h"
#include "crypto/random.h"

namespace tanpuhui {
namespace {

template <std::size_t size>
std::array<std::uint8_t, size> bytes_of(std::string_view hex) {
  const Bytes bytes = from_hex(hex).value();
  std::array<std::uint8_t, size> out{};
  EXPECT_EQ(bytes.size(), size);
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

TEST(sha256, of_the_standard_examples) {
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(sha256, in_pieces_equals_sha256_at_once) {
  const Bytes data(1000, 'x');
  for (std::size_t cut = 0; cut <= data.size(); cut += 37) {
    Sha256Stream stream;
    stream.update(ByteView(data).first(cut)).update(ByteView(data).subspan(cut));
    EXPECT_EQ(stream.finish(), sha256(data)) << cut;
  }
}

TEST(sha256, stream_starts_afresh_after_finish) {
  Sha256Stream stream;
  stream.update(as_bytes("something else"));
  static_cast<void>(stream.finish());
  EXPECT_EQ(stream.update(as_bytes("abc")).finish(), sha256(as_bytes("abc")));
}

TEST(sha256, is_the_same_in_several_threads_at_once) {
  const Digest expected = sha256(as_bytes("abc"));
  std::array<bool, 4> same{};
  std::vector<std::thread> threads;
  for (bool& result : same)
    threads.emplace_back([&result, expected] {
      result = true;
      for (int i = 0; i < 1000; ++i) result = result && sha256(as_bytes("abc")) == expected;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(same, (std::array{true, true, true, true}));
}

TEST(sm3, of_the_standard_example) {
  EXPECT_EQ(to_hex(sm3(as_bytes("abc"))), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

TEST(hmac_sha256, of_rfc_4231_case_2) {
  EXPECT_EQ(to_hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(hmac_sha256, takes_an_empty_key) {
  EXPECT_EQ(to_hex(hmac_sha256({}, {})), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(random_bytes, do_not_repeat) {
  std::set<Bytes> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random_bytes(32));
  EXPECT_EQ(seen.size(), 100U);
  EXPECT_TRUE(random_bytes(0).empty());
}

TEST(ed25519, of_rfc_8032_test_1) {
  const auto seed = bytes_of<32>("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const SigningKey key = SigningKey::from_seed(seed);
  EXPECT_EQ(to_hex(key.verify_key().bytes()), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(
      to_hex(key.sign({})),
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595"
      "bbe24655141438e7a100b");
  EXPECT_EQ(key.seed(), seed);
}

TEST(ed25519, verifies_what_it_signed_and_no_flipped_bit) {
  const SigningKey key = SigningKey::generate();
  const Signature signature = key.sign(as_bytes("statement"));
  EXPECT_TRUE(key.verify_key().verify(as_bytes("statement"), signature));
  EXPECT_FALSE(key.verify_key().verify(as_bytes("statemenu"), signature));
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    Signature flipped = signature;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(key.verify_key().verify(as_bytes("statement"), flipped)) << bit;
  }
}

TEST(ed25519, refuses_the_signature_of_another_key) {
  const Signature signature = SigningKey::generate().sign(as_bytes("statement"));
  EXPECT_FALSE(SigningKey::generate().verify_key().verify(as_bytes("statement"), signature));
}

TEST(ed25519, answers_false_to_signatures_of_another_length_and_to_keys_that_are_none) {
  const SigningKey key = SigningKey::generate();
  const Signature signature = key.sign(as_bytes("statement"));
  EXPECT_FALSE(key.verify_key().verify(as_bytes("statement"), {}));
  EXPECT_FALSE(key.verify_key().verify(as_bytes("statement"), ByteView(signature).first(63)));
  PublicKeyBytes no_key;
  no_key.fill(0xff);
  EXPECT_FALSE(VerifyKey(no_key).verify(as_bytes("statement"), signature));
}

TEST(ed25519, generates_another_key_each_time) {
  EXPECT_NE(SigningKey::generate().seed(), SigningKey::generate().seed());
}

TEST(crypto_provider, of_the_library_does_what_the_functions_do) {
  const CryptoProvider& crypto = library_crypto();
  const SigningKey key = SigningKey::generate();
  EXPECT_EQ(crypto.sha256_function()(as_bytes("abc")), sha256(as_bytes("abc")));
  EXPECT_EQ(crypto.sm3_function()(as_bytes("abc")), sm3(as_bytes("abc")));
  EXPECT_EQ(crypto.mac(as_bytes("k"), as_bytes("m")), hmac_sha256(as_bytes("k"), as_bytes("m")));
  EXPECT_TRUE(crypto.verify(key.verify_key(), as_bytes("m"), crypto.sign(key, as_bytes("m"))));
  EXPECT_NE(crypto.random_digest(), crypto.random_digest());
}

}  // namespace
}  // namespace tanpuhui
