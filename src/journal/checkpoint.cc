#include "journal/checkpoint.h"

#include <algorithm>
#include <optional>

#include "base/decimal.h"
#include "journal/flaws.h"

namespace tanpuhui {
namespace {

constexpr std::uint8_t ed25519_type = 1;
constexpr std::string_view signature_mark = "— ";

template <std::size_t size>
std::array<std::uint8_t, size> array_of(ByteView bytes) {
  std::array<std::uint8_t, size> out;
  std::copy_n(bytes.begin(), size, out.begin());
  return out;
}

Bytes typed_key(const LogKey& key) {
  Bytes out(1 + key.ed25519.size(), ed25519_type);
  std::ranges::copy(key.ed25519, out.begin() + 1);
  return out;
}

// ASCII white space is enough: our names are host names with a path.
bool is_key_name(std::string_view name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '+'; });
}

// The text up to the separator, which is taken away too; nothing when there is no separator.
std::optional<std::string_view> cut(std::string_view& text, char separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at + 1);
  return part;
}

std::optional<Checkpoint> parse_text(std::string_view text) {
  const auto origin = cut(text, '\n');
  const auto size = cut(text, '\n');
  const auto root = cut(text, '\n');
  if (!origin || !size || !root || !text.empty() || !is_key_name(*origin)) return std::nullopt;
  const auto leaves = parse_fixed(*size, 0);
  const auto digest = from_base64(*root);
  if (!leaves || *leaves < 0 || *size == "-0" || !digest || digest->size() != 32) return std::nullopt;
  return Checkpoint{std::string(*origin), *leaves, array_of<32>(*digest)};
}

bool parse_signature(std::string_view line, SignedCheckpoint& into) {
  if (!line.starts_with(signature_mark)) return false;
  line.remove_prefix(signature_mark.size());
  const auto name = cut(line, ' ');
  if (!name || !line.ends_with('\n')) return false;
  line.remove_suffix(1);
  const auto bytes = from_base64(line);
  if (!bytes || bytes->size() != 68) return false;
  into.key_name = *name;
  into.id = array_of<4>(ByteView(*bytes).first(4));
  into.signature = array_of<64>(ByteView(*bytes).subspan(4));
  return true;
}

std::optional<LogKey> read_log_key(std::string_view text) {
  const auto name = cut(text, '+');
  const auto id = cut(text, '+');
  if (!name || !id || !is_key_name(*name)) return std::nullopt;
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() != 33 || bytes->front() != ed25519_type) return std::nullopt;
  return LogKey{std::string(*name), array_of<32>(ByteView(*bytes).subspan(1))};
}

}  // namespace

KeyId key_id(const LogKey& key, HashFunction sha256) {
  Bytes data(key.name.begin(), key.name.end());
  data.push_back('\n');
  const Bytes typed = typed_key(key);
  data.insert(data.end(), typed.begin(), typed.end());
  return array_of<4>(sha256(data));
}

std::string format_log_key(const LogKey& key, HashFunction sha256) {
  return key.name + "+" + to_hex(key_id(key, sha256)) + "+" + to_base64(typed_key(key));
}

Result<LogKey> parse_log_key(std::string_view text, HashFunction sha256) {
  const std::optional<LogKey> key = read_log_key(text);
  // Written again and compared: the id is right and no other text is the same key.
  if (!key || format_log_key(*key, sha256) != text) return refuse_proof(ProofFlaw::key);
  return *key;
}

std::string checkpoint_text(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + to_base64(checkpoint.root) + "\n";
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const LogKey& key, HashFunction sha256,
                            const SignFunction& sign) {
  TANPUHUI_REQUIRE(checkpoint.origin == key.name && is_key_name(key.name), "a log's origin is the name of its key");
  TANPUHUI_REQUIRE(checkpoint.size >= 0, "a log has no negative size");
  const std::string text = checkpoint_text(checkpoint);
  const KeyId id = key_id(key, sha256);
  const NoteSignature signature = sign(as_bytes(text));
  Bytes bytes(id.begin(), id.end());
  bytes.insert(bytes.end(), signature.begin(), signature.end());
  return text + "\n" + std::string(signature_mark) + key.name + " " + to_base64(bytes) + "\n";
}

Result<SignedCheckpoint> parse_checkpoint(std::string_view note) {
  const auto blank = note.find("\n\n");
  if (blank == std::string_view::npos) return refuse_proof(ProofFlaw::checkpoint);
  SignedCheckpoint result;
  result.signed_text = note.substr(0, blank + 1);
  const auto checkpoint = parse_text(result.signed_text);
  if (!checkpoint || !parse_signature(note.substr(blank + 2), result)) return refuse_proof(ProofFlaw::checkpoint);
  result.checkpoint = *checkpoint;
  return result;
}

Result<Checkpoint> open_checkpoint(std::string_view note, const LogKey& key, HashFunction sha256,
                                   const VerifyFunction& verify) {
  TANPUHUI_TRY(const SignedCheckpoint read, parse_checkpoint(note));
  if (read.checkpoint.origin != key.name || read.key_name != key.name)
    return refuse_proof(ProofFlaw::checkpoint).because("origin", read.checkpoint.origin).because("key", key.name);
  if (read.id != key_id(key, sha256) || !verify(key.ed25519, as_bytes(read.signed_text), read.signature))
    return refuse_proof(ProofFlaw::signature).because("key", format_log_key(key, sha256));
  return read.checkpoint;
}

}  // namespace tanpuhui
