#pragma once
/// Checkpoints: the signed head of the log, as C2SP's tlog-checkpoint and signed-note lay it out, with one Ed25519
/// signature.
///
///   tanpuhui.example/log/2025            origin: also the name of the key
///   4711                                 leaves
///   <base64 of the root>
///                                        (empty)
///   — tanpuhui.example/log/2025 <base64 of key id ‖ signature>
///
/// Signing and verifying are arguments: no key and no cryptographic library here. The hash is SHA-256 (the note format
/// has no other for key ids). Basis: design.9
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace tanpuhui {

using KeyId = std::array<std::uint8_t, 4>;
using NoteSignature = std::array<std::uint8_t, 64>;

/// The public key of a log. The name is not empty and holds neither white space nor '+'.
struct LogKey {
  std::string name;
  std::array<std::uint8_t, 32> ed25519{};
  bool operator==(const LogKey&) const = default;
};

using SignFunction = std::function<NoteSignature(ByteView message)>;
using VerifyFunction =
    std::function<bool(const std::array<std::uint8_t, 32>& key, ByteView message, ByteView signature)>;

/// First four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key).
KeyId key_id(const LogKey& key, HashFunction sha256);

/// `name+hex8+base64(0x01 ‖ key)`: one line, the form in which a log's key is published.
std::string format_log_key(const LogKey& key, HashFunction sha256);
/// Accepts exactly what `format_log_key` writes; else CER-20.
Result<LogKey> parse_log_key(std::string_view text, HashFunction sha256);

struct Checkpoint {
  std::string origin;
  std::int64_t size = 0;
  Digest root{};
  bool operator==(const Checkpoint&) const = default;
};

/// A checkpoint as read, its signature not yet checked.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::string signed_text;  ///< the three lines that the signature covers
  std::string key_name;
  KeyId id{};
  NoteSignature signature{};
};

/// The three lines.
std::string checkpoint_text(const Checkpoint& checkpoint);
/// The whole note. The origin is the key's name.
std::string sign_checkpoint(const Checkpoint& checkpoint, const LogKey& key, HashFunction sha256,
                            const SignFunction& sign);

/// Reads exactly what `sign_checkpoint` writes: no extension lines, one signature; else CER-17.
Result<SignedCheckpoint> parse_checkpoint(std::string_view note);
/// Reads and verifies: CER-17 when it is not a checkpoint of this log, CER-18 when the signature is not its key's.
Result<Checkpoint> open_checkpoint(std::string_view note, const LogKey& key, HashFunction sha256,
                                   const VerifyFunction& verify);

}  // namespace tanpuhui
