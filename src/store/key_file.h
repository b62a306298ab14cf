#pragma once
/// A private key in a file that only its owner may read: one line, 64 hexadecimal digits. Never logged, never printed.
#include <string>

#include "crypto/ed25519.h"

namespace tanpuhui {

/// Makes a new key and writes it; a Fault when the file exists: no key is ever overwritten.
SigningKey create_key_file(const std::string& path);
/// A Fault when it cannot be read, is not a key, or others may read it.
SigningKey load_key_file(const std::string& path);

}  // namespace tanpuhui
