#include "server/signed_request.h"

#include <fmt/format.h>

#include "server/target.h"

namespace tanpuhui {
namespace {

constexpr std::string_view key_prefix = "person:";

Refusal unsigned_request(const SignatureFlaw& flaw, const SignedMessage& message) {
  const std::string input = fmt::format("Signature-Input: request=({});created=<UNIX>;keyid=\"person:<PUBLIC KEY>\"",
                                        list_components(message));
  return refuse(flaw.code)
      .says(flaw.zh, flaw.en)
      .mend("用登记的密钥按此签名（docs/CASES_API.md）：" + input,
            "sign with your recorded key as docs/CASES_API.md says: " + input);
}

std::optional<PublicKeyBytes> key_in(std::string_view key_id) {
  if (!key_id.starts_with(key_prefix)) return std::nullopt;
  return digest_from_hex(key_id.substr(key_prefix.size()));
}

}  // namespace

SignedMessage signed_message(const RequestHead& head, const std::vector<std::string>& fields,
                             const std::vector<std::string>& where_there) {
  const Target target = read_target(head.target).value_or(Target{});
  SignedMessage message{{{"@method", head.method}, {"@path", target.path}}, {}, {}};
  if (target.query) message.covered.emplace_back("@query", "?" + *target.query);
  for (const std::string& name : fields) message.covered.emplace_back(name, head.field(name));
  for (const std::string& name : where_there)
    if (const std::string_view value = head.field(name); !value.empty()) message.covered.emplace_back(name, value);
  message.signature_input = head.field("signature-input");
  message.signature = head.field("signature");
  return message;
}

Result<SignedBy> check_person_signature(const RequestHead& head, const SignatureTime& time) {
  SignedBy by;
  const std::vector<std::string> of_body = {"content-digest"};
  const SignedMessage message =
      signed_message(head, head.has_body() ? of_body : std::vector<std::string>{}, {"content-length"});
  if (head.has_body()) {
    const auto content = read_content_digest(head.field("content-digest"));
    if (!content) return unsigned_request(content.error(), message);
    by.content = *content;
  }
  const std::string key_id = key_id_of(message);
  const auto key = key_in(key_id);
  // Whoever names no key is told first what is missing besides.
  const SignatureRules rules{key ? key_id : "person:<PUBLIC KEY>", VerifyKey(key.value_or(PublicKeyBytes{})), time.now,
                             time.difference_max_ms};
  if (const auto flaw = check_signature(message, rules)) return unsigned_request(*flaw, message);
  if (!key) return unsigned_request({"DAT-01", "keyid 有误", "the keyid is wrong"}, message);
  by.key = *key;
  return by;
}

}  // namespace tanpuhui
