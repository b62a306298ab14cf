#include "server/message_signature.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"

namespace tanpuhui {
namespace {

Bytes base64(std::string_view text) { return from_base64(text).value(); }

VerifyKey key_of(std::string_view text) {
  const Bytes bytes = base64(text);
  PublicKeyBytes key;
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return VerifyKey(key);
}

// The key pair and the signature of RFC 9421, B.1.4 and B.2.6.
TEST(check_signature, holds_for_the_example_of_the_standard) {
  const SignedMessage message{
      {{"date", "Tue, 20 Apr 2021 02:07:55 GMT"},
       {"@method", "POST"},
       {"@path", "/foo"},
       {"@authority", "example.com"},
       {"content-type", "application/json"},
       {"content-length", "18"}},
      "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\");created=1618884473"
      ";keyid=\"test-key-ed25519\"",
      "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:"};
  const SignatureRules rules{"test-key-ed25519", key_of("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="),
                             Instant{1'618'884'473'000}, 300'000};
  const auto flaw = check_signature(message, rules);
  EXPECT_FALSE(flaw) << flaw->en;
}

// Signed with `openssl pkeyutl -sign -rawin`; the private key is 32 bytes 0x07.
struct Vector {
  SignedMessage message{
      {{"@method", "POST"},
       {"@path", "/api/v1/scenarios/rides/deliveries"},
       {"content-digest", "sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:"},
       {"content-length", "4"}},
      "delivery=(\"@method\" \"@path\" \"content-digest\" "
      "\"content-length\");created=1735689600;keyid=\"partner:rides\"",
      "delivery=:T1gkzcF0i09WKQn189efwBzr2X4izRT9GQJTKFjavyyrbTdUroT5zC84YIYJKscLZe6aPtF8tBOVAOj2h1psAg==:"};
  SignatureRules rules{"partner:rides", SigningKey::from_seed(seed()).verify_key(), Instant{1'735'689'660'000},
                       300'000};

  static KeySeed seed() {
    KeySeed seed;
    seed.fill(7);
    return seed;
  }
  std::string refusal() const {
    const auto flaw = check_signature(message, rules);
    return flaw ? flaw->en : "";
  }
  std::string code() const { return check_signature(message, rules).value().code; }
  bool refused_with(std::string_view words) const { return refusal().find(words) != std::string::npos; }
  void replace(std::string_view old_text, std::string_view new_text) {
    const auto at = message.signature_input.find(old_text);
    ASSERT_NE(std::string::npos, at) << old_text;
    message.signature_input.replace(at, old_text.size(), new_text);
  }
  /// Good in itself, so that only what is claimed can be wrong.
  void sign_again() {
    std::string base;
    for (const auto& [name, value] : message.covered) base += '"' + name + "\": " + value + '\n';
    const auto equals = message.signature_input.find('=');
    base += "\"@signature-params\": " + message.signature_input.substr(equals + 1);
    message.signature = message.signature_input.substr(0, equals) +
                        "=:" + to_base64(SigningKey::from_seed(seed()).sign(as_bytes(base))) + ":";
  }
};

TEST(check_signature, holds_for_what_openssl_signed) { EXPECT_EQ("", Vector().refusal()); }

TEST(check_signature, fails_when_anything_that_is_covered_is_altered) {
  for (std::size_t i = 0; i < Vector().message.covered.size(); ++i) {
    Vector v;
    v.message.covered[i].second += "x";
    EXPECT_TRUE(v.refused_with("does not fit")) << i;
    EXPECT_EQ("DAT-01", v.code());
  }
  Vector v;
  v.replace("created=1735689600", "created=1735689601");
  EXPECT_TRUE(v.refused_with("does not fit"));
}

TEST(check_signature, fails_with_the_key_of_another) {
  Vector v;
  v.rules.key = SigningKey::generate().verify_key();
  EXPECT_TRUE(v.refused_with("does not fit"));
}

TEST(check_signature, takes_what_is_covered_in_any_order_and_optional_parameters) {
  Vector v;
  std::swap(v.message.covered[0], v.message.covered[3]);
  v.replace("\"@method\" \"@path\" \"content-digest\" \"content-length\"",
            "\"content-length\" \"@path\" \"content-digest\" \"@method\"");
  v.message.signature_input += ";alg=\"ed25519\";nonce=\"n-1\";tag=\"t\";expires=1735689661";
  v.sign_again();
  EXPECT_EQ("", v.refusal());
}

TEST(check_signature, refuses_what_covers_less_or_more_and_names_it) {
  for (const std::string name : {"@method", "@path", "content-digest", "content-length"}) {
    Vector less;
    less.replace('"' + name + '"', "\"@authority\"");
    EXPECT_TRUE(less.refused_with("does not cover " + name));
  }
  Vector twice;
  twice.replace("\"@path\"", "\"@path\" \"@path\"");
  EXPECT_TRUE(twice.refused_with("covers more"));
  Vector more;
  more.replace("\"@path\"", "\"@path\" \"date\"");
  EXPECT_TRUE(more.refused_with("covers more"));
}

TEST(check_signature, holds_to_the_millisecond_of_its_window) {
  constexpr std::int64_t created_ms = 1'735'689'600'000;
  for (const std::int64_t off : {-300'000, 300'000}) {
    Vector v;
    v.rules.now = Instant{created_ms + off};
    EXPECT_EQ("", v.refusal());
    v.rules.now = Instant{created_ms + off + (off < 0 ? -1 : 1)};
    EXPECT_TRUE(v.refused_with("from the server's time"));
    EXPECT_EQ("DAT-03", v.code());
  }
}

TEST(check_signature, refuses_a_signature_that_expired_or_has_no_time) {
  Vector expired;
  expired.message.signature_input += ";expires=1735689660";
  expired.sign_again();
  EXPECT_TRUE(expired.refused_with("expired"));
  EXPECT_EQ("DAT-03", expired.code());
  Vector timeless;
  timeless.replace(";created=1735689600", "");
  timeless.sign_again();
  EXPECT_TRUE(timeless.refused_with("no `created`"));
}

TEST(check_signature, refuses_another_key_id_or_algorithm) {
  Vector other;
  other.replace("partner:rides", "partner:buses");
  other.sign_again();
  EXPECT_TRUE(other.refused_with("keyid must be `partner:rides`, not `partner:buses`"));
  Vector hmac;
  hmac.message.signature_input += ";alg=\"hmac-sha256\"";
  hmac.sign_again();
  EXPECT_TRUE(hmac.refused_with("only ed25519"));
}

TEST(check_signature, refuses_what_is_not_written_in_the_one_form) {
  const std::string good = Vector().message.signature_input;
  for (const std::string& input :
       {std::string("delivery"), std::string("delivery=()"), good + ", b=(\"@method\");created=1", good + " ",
        good + ";", good + ";created=1", good + ";unknown=\"x\"", good + ";keyid=\"partner:rides\"",
        std::string("delivery=( \"@method\");created=1735689600;keyid=\"partner:rides\""),
        std::string("delivery=(\"@method\";req);created=1735689600;keyid=\"partner:rides\""),
        std::string("delivery=(\"@method\" );created=1735689600"), std::string("delivery=(\"@method"),
        std::string("Delivery=(\"@method\");created=1735689600"), std::string("delivery=(\"@method\");created=-1"),
        std::string("delivery=(\"@method\");created=123456789012")}) {
    Vector v;
    v.message.signature_input = input;
    EXPECT_TRUE(v.refused_with("Signature-Input header is not written")) << input;
  }
}

TEST(check_signature, refuses_a_signature_that_is_none) {
  const std::string good = Vector().message.signature;
  for (const std::string& signature : {std::string("delivery=::"), std::string("delivery=:AAAA:"), "x" + good,
                                       good + ", b=:AAAA:", good.substr(0, good.size() - 1)}) {
    Vector v;
    v.message.signature = signature;
    EXPECT_TRUE(v.refused_with("Signature header is not written")) << signature;
  }
  for (auto field : {&SignedMessage::signature, &SignedMessage::signature_input}) {
    Vector v;
    (v.message.*field).clear();
    EXPECT_TRUE(v.refused_with("not signed"));
  }
}

TEST(read_content_digest, reads_one_sha_256_and_nothing_else) {
  const auto digest = read_content_digest("sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:");
  ASSERT_TRUE(digest);
  EXPECT_EQ(sha256(as_bytes("test")), *digest);
  for (std::string_view field :
       {"", "sha-256=::", "sha-256=:AAAA:", "sha-512=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:",
        "sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:, sha-512=:AA==:"})
    EXPECT_FALSE(read_content_digest(field)) << field;
}

}  // namespace
}  // namespace tanpuhui
