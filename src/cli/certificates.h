#pragma once
/// Certificates on the command line.
#include <string>

#include "cli/desk.h"
#include "journal/certificate.h"

namespace tanpuhui {

/// The file for a statement's number, verified before it is handed out.
std::string make_certificate(Desk& desk, const SharedOptions& shared, const std::string& number);

/// Offline: nothing but the file and the key.
Result<CertificateFacts> check_certificate(std::string_view file, const LogKey& key);
/// What a verified certificate says and what it does not.
std::string describe(const CertificateFacts& facts);

}  // namespace tanpuhui
