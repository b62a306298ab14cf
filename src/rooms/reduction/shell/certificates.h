#pragma once
/// Certificate files: a numbered statement with the proof that its entry stands in the signed log. Basis: decisions
/// D39, D43
///
///   seal_blocks(database, book.hash, now);
///   TANPUHUI_TRY(std::string file, issue_certificate(database, receipt.number, log_key, signing_key));
#include <string>
#include <string_view>

#include "crypto/ed25519.h"
#include "journal/certificate.h"
#include "store/database.h"

namespace tanpuhui {

/// What anybody checks a file with, offline: SHA-256, Ed25519 and our statements.
CertificateCheck certificate_check();

/// The file under the present head of the log, verified before it is handed out. Reads only. A Fault when there is no
/// such number or its entry is in no block yet; a refusal (CER-) when what is stored does not hold together.
Result<std::string> issue_certificate(Database& database, std::string_view number, const LogKey& key,
                                      const SigningKey& signing);

}  // namespace tanpuhui
