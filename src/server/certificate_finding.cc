#include "server/certificate_finding.h"

#include "base/decimal.h"
#include "journal/certificate.h"
#include "rooms/reduction/shell/certificates.h"
#include "server/reply.h"

namespace tanpuhui {
namespace {

namespace json = boost::json;

json::array serials_json(const std::vector<StatementSerials>& serials) {
  json::array out;
  for (const StatementSerials& row : serials)
    out.push_back(
        {{"batch", row.batch}, {"from_mg", std::to_string(row.from_mg)}, {"to_mg", std::to_string(row.to_mg)}});
  return out;
}

json::array methodologies_json(const std::vector<CertifiedMethodology>& methodologies) {
  json::array out;
  for (const CertifiedMethodology& row : methodologies) out.push_back({{"id", row.id}, {"hash", to_hex(row.hash)}});
  return out;
}

json::object log_json(const CertificateFacts& facts) {
  return {{"origin", facts.checkpoint.origin},
          {"size", facts.checkpoint.size},
          {"block", facts.block.number},
          {"sealed_at", format_instant(facts.block.sealed_at, facts.statement.zone)}};
}

json::object facts_json(const CertificateFacts& facts) {
  const StatementFacts& statement = facts.statement;
  return {{"number", statement.number},
          {"document_zh", statement.document.zh},
          {"document_en", statement.document.en},
          {"programme_zh", statement.programme.zh},
          {"programme_en", statement.programme.en},
          {"purpose_id", statement.purpose_id},
          {"purpose_zh", statement.purpose.zh},
          {"purpose_en", statement.purpose.en},
          {"beneficiary", statement.beneficiary},
          {"holder", statement.holder},
          {"recorded_at", format_instant(statement.recorded_at, statement.zone)},
          {"amount_kg", format_fixed(statement.amount.count(), 6)},
          {"serials", serials_json(statement.serials)},
          {"methodologies", methodologies_json(statement.methodologies)},
          {"rulebook_hash", to_hex(statement.rulebook)},
          {"entry", statement.entry_id.value},
          {"log", log_json(facts)}};
}

}  // namespace

json::object certificate_finding(std::string_view file, const LogKey& key) {
  const auto facts = verify_certificate(file, key, certificate_check());
  if (!facts) return {{"valid", false}, {"refusal", refusal_json(facts.error())}};
  return {{"valid", true}, {"facts", facts_json(*facts)}};
}

}  // namespace tanpuhui
