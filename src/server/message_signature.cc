#include "server/message_signature.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace tanpuhui {
namespace {

SignatureFlaw flaw(std::string zh, std::string en) { return {"DAT-01", std::move(zh), std::move(en)}; }
SignatureFlaw flaw_of_time(std::string zh, std::string en) { return {"DAT-03", std::move(zh), std::move(en)}; }

SignatureFlaw malformed(const std::string& field) {
  return flaw(field + " 首部的写法有误", "the " + field + " header is not written as this profile wants it");
}

/// Takes one token after another from the front of a text.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : rest_(text) {}

  bool take(std::string_view mark) {
    if (!rest_.starts_with(mark)) return false;
    rest_.remove_prefix(mark.size());
    return true;
  }
  std::string_view take_while(std::string_view allowed) {
    const std::string_view token = rest_.substr(0, rest_.find_first_not_of(allowed));
    rest_.remove_prefix(token.size());
    return token;
  }
  std::string_view take_key() { return take_while("abcdefghijklmnopqrstuvwxyz0123456789_-.*"); }
  /// Without escapes: nothing in this profile needs one.
  std::optional<std::string_view> take_quoted() {
    const std::size_t end = rest_.find_first_of("\"\\", 1);
    if (!rest_.starts_with('"') || end == std::string_view::npos || rest_[end] != '"') return std::nullopt;
    const std::string_view inside = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return inside;
  }
  std::string_view rest() const { return rest_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

struct SignatureInput {
  std::string_view label, parameters;  // parameters: all behind the label, as it is signed
  std::vector<std::string_view> components;
  std::string_view key_id, algorithm;
  std::optional<std::int64_t> created, expires;
};

bool read_components(Tokens& tokens, SignatureInput& out) {
  if (!tokens.take("(")) return false;
  do {
    const auto component = tokens.take_quoted();
    if (!component) return false;
    out.components.push_back(*component);
  } while (tokens.take(" "));
  return tokens.take(")");
}

std::optional<std::int64_t> take_seconds(Tokens& tokens) {
  const std::string_view digits = tokens.take_while("0123456789");
  std::int64_t seconds = 0;
  if (digits.empty() || digits.size() > 11) return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  return seconds;
}

bool read_parameter(Tokens& tokens, SignatureInput& out) {
  const std::string_view name = tokens.take_key();
  if (!tokens.take("=")) return false;
  if (name == "created" && !out.created) return (out.created = take_seconds(tokens)).has_value();
  if (name == "expires" && !out.expires) return (out.expires = take_seconds(tokens)).has_value();
  const auto text = tokens.take_quoted();
  if (!text) return false;
  if (name == "keyid" && out.key_id.empty()) return out.key_id = *text, true;
  if (name == "alg" && out.algorithm.empty()) return out.algorithm = *text, true;
  return name == "nonce" || name == "tag";
}

std::optional<SignatureInput> read_input(std::string_view field) {
  SignatureInput input;
  Tokens tokens(field);
  input.label = tokens.take_key();
  if (input.label.empty() || !tokens.take("=")) return std::nullopt;
  input.parameters = tokens.rest();
  if (!read_components(tokens, input)) return std::nullopt;
  while (tokens.take(";"))
    if (!read_parameter(tokens, input)) return std::nullopt;
  if (!tokens.at_end()) return std::nullopt;
  return input;
}

/// The bytes in `label=:<base64>:`.
std::optional<Bytes> read_bytes(std::string_view field, std::string_view label) {
  Tokens tokens(field);
  if (!tokens.take(label) || !tokens.take("=:") || !tokens.rest().ends_with(':')) return std::nullopt;
  return from_base64(tokens.rest().substr(0, tokens.rest().size() - 1));
}

std::optional<SignatureFlaw> check_components(const SignedMessage& message, const SignatureInput& input) {
  for (const auto& [name, value] : message.covered)
    if (std::ranges::find(input.components, name) == input.components.end())
      return flaw("签名未覆盖 " + name, "the signature does not cover " + name);
  if (input.components.size() != message.covered.size())
    return flaw("签名只应覆盖：" + list_components(message),
                "the signature covers more than it should; cover just " + list_components(message));
  return std::nullopt;
}

std::string seconds_text(std::int64_t seconds) { return format_utc(Instant{seconds * 1000}); }

std::optional<SignatureFlaw> check_time(const SignatureInput& input, const SignatureRules& rules) {
  if (!input.created) return flaw("签名没有 created", "the signature has no `created`");
  const std::int64_t difference_ms = rules.now.ms - *input.created * 1000;
  const std::string server_time = format_utc(rules.now);
  if (std::max(difference_ms, -difference_ms) > rules.clock_difference_max_ms)
    return flaw_of_time(fmt::format("签名时间 {} 与服务器时间 {} 相差超过 {} 秒", seconds_text(*input.created),
                                    server_time, rules.clock_difference_max_ms / 1000),
                        fmt::format("it was signed at {}, more than {} s from the server's time {}",
                                    seconds_text(*input.created), rules.clock_difference_max_ms / 1000, server_time));
  if (input.expires && *input.expires * 1000 <= rules.now.ms)
    return flaw_of_time(
        "签名已过期：" + seconds_text(*input.expires),
        fmt::format("the signature expired at {}; the server's time is {}", seconds_text(*input.expires), server_time));
  return std::nullopt;
}

std::optional<SignatureFlaw> check_key(const SignatureInput& input, const SignatureRules& rules) {
  if (input.key_id != rules.key_id)
    return flaw(fmt::format("keyid 应为 {}，实为 {}", rules.key_id, input.key_id),
                fmt::format("keyid must be `{}`, not `{}`", rules.key_id, input.key_id));
  if (!input.algorithm.empty() && input.algorithm != "ed25519")
    return flaw("只接受 ed25519 签名", "only ed25519 signatures are taken");
  return std::nullopt;
}

std::string signature_base(const SignedMessage& message, const SignatureInput& input) {
  std::string base;
  for (const std::string_view component : input.components) {
    const auto found = std::ranges::find(message.covered, component, [](const auto& c) { return c.first; });
    base += fmt::format("\"{}\": {}\n", component, found->second);
  }
  return base + fmt::format("\"@signature-params\": {}", input.parameters);
}

}  // namespace

std::optional<SignatureFlaw> check_signature(const SignedMessage& message, const SignatureRules& rules) {
  if (message.signature_input.empty() || message.signature.empty())
    return flaw("请求未签名：缺少 Signature-Input 或 Signature 首部",
                "the request is not signed: there is no Signature-Input or no Signature header");
  const auto input = read_input(message.signature_input);
  if (!input) return malformed("Signature-Input");
  if (auto wrong = check_components(message, *input)) return wrong;
  if (auto wrong = check_key(*input, rules)) return wrong;
  if (auto wrong = check_time(*input, rules)) return wrong;
  const auto signature = read_bytes(message.signature, input->label);
  if (!signature || signature->size() != std::tuple_size_v<Signature>) return malformed("Signature");
  if (rules.key.verify(as_bytes(signature_base(message, *input)), *signature)) return std::nullopt;
  return flaw("签名与请求及登记的公钥不符",
              "the signature does not fit this request and the public key that is recorded");
}

std::string key_id_of(const SignedMessage& message) {
  const auto input = read_input(message.signature_input);
  return input ? std::string(input->key_id) : "";
}

Result<Digest, SignatureFlaw> read_content_digest(std::string_view field) {
  const auto bytes = read_bytes(field, "sha-256");
  Digest digest;
  if (!bytes || bytes->size() != digest.size())
    return flaw("须有 Content-Digest 首部，形如 sha-256=:<base64>:",
                "a Content-Digest header is needed, written sha-256=:<base64>: and nothing else");
  std::ranges::copy(*bytes, digest.begin());
  return digest;
}

std::string list_components(const SignedMessage& message) {
  std::string list;
  for (const auto& [name, value] : message.covered) list += fmt::format("{}\"{}\"", list.empty() ? "" : " ", name);
  return list;
}

}  // namespace tanpuhui
