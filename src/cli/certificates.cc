#include "cli/certificates.h"

#include <fmt/format.h>

#include "base/fault.h"
#include "cli/print.h"
#include "crypto/hash.h"
#include "rooms/reduction/shell/certificates.h"
#include "rooms/reduction/statement.h"
#include "store/key_file.h"

namespace tanpuhui {

std::string make_certificate(Desk& desk, const SharedOptions& shared, const std::string& number) {
  const SigningKey key = load_key_file(log_key_path(shared));
  auto file = issue_certificate(desk.database(), number, desk.log_key(), key);
  if (!file)
    throw Fault("the certificate " + number + " does not verify, so it is not handed out:\n" + describe(file.error()));
  return std::move(*file);
}

Result<CertificateFacts> check_certificate(std::string_view file, const LogKey& key) {
  const auto verify = [](const PublicKeyBytes& bytes, ByteView message, ByteView signature) {
    return VerifyKey(bytes).verify(message, signature);
  };
  return verify_certificate(file, key, {sha256, verify, decode_statement_facts});
}

std::string describe(const CertificateFacts& facts) {
  const StatementFacts& said = facts.statement;
  std::string text = fmt::format(
      "valid: {} {} ({})\n  programme    {}\n  purpose      {} ({})\n  beneficiary  {}\n  holder       {}\n"
      "  recorded at  {}\n  amount       {} CO2e\n",
      said.document.zh, said.number, said.document.en, said.programme.zh, said.purpose.zh, said.purpose.en,
      said.beneficiary.empty() ? "-" : said.beneficiary, said.holder, format_instant(said.recorded_at, said.zone),
      kilograms(said.amount));
  for (const StatementSerials& serials : said.serials)
    text += fmt::format("  serials      {}: {} to {} mg\n", serials.batch, with_thousands(serials.from_mg),
                        with_thousands(serials.to_mg));
  for (const CertifiedMethodology& methodology : said.methodologies)
    text += fmt::format("  methodology  {} {}\n", methodology.id, to_hex(methodology.hash));
  text += fmt::format("  rulebook     {}\n  log          {}, block {} of {}\n", to_hex(said.rulebook),
                      facts.checkpoint.origin, facts.block.number, facts.checkpoint.size);
  return text +
         "  shown: this entry stands in the log whose head the key signed, with these amounts and serials\n"
         "  not shown: what happened later, and whether the acts behind it took place\n";
}

}  // namespace tanpuhui
