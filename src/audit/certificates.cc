#include "audit/certificates.h"

#include <fmt/format.h>

#include "crypto/hash.h"
#include "rooms/reduction/statement.h"

namespace tanpuhui {
namespace {

bool is_use(EntryKind kind) {
  return kind == EntryKind::donate || kind == EntryKind::retire || kind == EntryKind::cancel;
}

}  // namespace

CertificatesStand::CertificatesStand(Database& database, Findings& findings)
    : EntryCheck("L1 certificates stand on their entries", findings),
      rows_(database.scan("SELECT entry_id, number, context FROM certificates ORDER BY entry_id")) {
  advance();
}

void CertificatesStand::advance() { more_ = rows_.step(); }

void CertificatesStand::see(const Entry& entry) {
  for (; more_ && rows_.integer(0) < entry.entry_id.value; advance())
    report(fmt::format("certificate {}: there is no entry {}", rows_.text(1), rows_.integer(0)));
  if (more_ && rows_.integer(0) == entry.entry_id.value) {
    compare(entry);
    advance();
  } else if (is_use(entry.kind)) {
    report(fmt::format("entry {}: a use without a certificate", entry.entry_id.value));
  }
}

void CertificatesStand::compare(const Entry& entry) {
  if (!is_use(entry.kind))
    report(fmt::format("certificate {}: entry {} is no use", rows_.text(1), entry.entry_id.value));
  const auto facts = decode_statement_facts(encode_entry(entry), rows_.blob(2));
  if (!facts)
    report(fmt::format("certificate {}: {}", rows_.text(1), facts.error().message_en));
  else if (facts->number != rows_.text(1))
    report(fmt::format("certificate {}: its context is that of {}", rows_.text(1), facts->number));
  if (entry.document_digest != sha256(rows_.blob(2)))
    report(fmt::format("certificate {}: its context is not the one that entry {} names", rows_.text(1),
                       entry.entry_id.value));
}

void CertificatesStand::finish() {
  for (; more_; advance()) report(fmt::format("certificate {}: there is no entry {}", rows_.text(1), rows_.integer(0)));
}

}  // namespace tanpuhui
