#include "rooms/reduction/shell/certificates.h"

#include "base/fault.h"
#include "crypto/hash.h"
#include "rooms/reduction/shell/find_certificates.h"
#include "rooms/reduction/statement.h"
#include "store/log.h"

namespace tanpuhui {
namespace {

bool verify_signature(const PublicKeyBytes& key, ByteView message, ByteView signature) {
  return VerifyKey(key).verify(message, signature);
}

}  // namespace

CertificateCheck certificate_check() { return {sha256, verify_signature, decode_statement_facts}; }

Result<std::string> issue_certificate(Database& database, std::string_view number, const LogKey& key,
                                      const SigningKey& signing) {
  auto statement = find_certificate(database, number);
  if (!statement)
    throw Fault("there is no statement " + std::string(number) + "; its number is on the receipt of the use");
  CertificateParts parts = prove_entry(database, statement->entry, sign_head(database, key, signing));
  parts.context = std::move(statement->context);
  TANPUHUI_TRY(std::string file, render_certificate(parts, decode_statement_facts));
  if (const auto proved = verify_certificate(file, key, certificate_check()); !proved) return proved.error();
  return file;
}

}  // namespace tanpuhui
