#include "rooms/reduction/shell/sign_batch.h"

#include "base/cbor.h"
#include "crypto/hash.h"
#include "rooms/reduction/shell/signers.h"
#include "rooms/reduction/shell/stored_batch.h"

namespace tanpuhui {
namespace {

SigningFacts facts_of(Database& database, const BatchSignature& signature) {
  if (signature.signer != Signer::operator_by_delegation) return {signature.signer, std::nullopt};
  return {signature.signer, find_delegation(database, signature.delegation)};
}

Refusal no_key(const std::string& holder) {
  return refuse("ISS-01")
      .because("holder", holder)
      .says("未登记该签署人的公钥", "no public key of this signer is recorded")
      .mend("先登记公钥", "record the public key first");
}

Refusal other_key(const std::string& holder, const Digest& digest) {
  return refuse("ISS-01")
      .because("holder", holder)
      .because("batch_digest", to_hex(digest))
      .says("签名与登记的公钥不符", "the signature is not that of the recorded key")
      .mend("用登记的密钥对批次摘要签名", "sign the batch digest with the recorded key");
}

Result<Done> check_signature(Database& database, const BatchContent& content, const BatchSignature& signature) {
  const std::string holder = key_holder(signature.signer, content.scenario);
  const auto key = find_key(database, holder);
  if (!key) return no_key(holder);
  const Digest digest = batch_digest(content, sha256);
  if (!VerifyKey(*key).verify(digest, signature.signature)) return other_key(holder, digest);
  return Done{};
}

void save_for_partner(Database& database, BatchId batch, const Signature& signature) {
  auto update = database.statement("UPDATE batches SET partner_signature = ? WHERE batch_id = ?");
  update.bind(ByteView(signature)).bind(batch.value).run();
}

void save_for_authority(Database& database, BatchId batch, const BatchSignature& signature) {
  auto update = database.statement("UPDATE batches SET authority_signature = ?, delegation = ? WHERE batch_id = ?");
  update.bind(ByteView(signature.signature));
  if (signature.signer == Signer::authority)
    update.bind(nullptr);
  else
    update.bind(signature.delegation);
  update.bind(batch.value).run();
}

void save_signature(Database& database, BatchId batch, const BatchSignature& signature) {
  if (signature.signer == Signer::partner)
    save_for_partner(database, batch, signature.signature);
  else
    save_for_authority(database, batch, signature);
  database
      .statement(
          "UPDATE batches SET state = 'signed' WHERE batch_id = ? AND state = 'computed' AND partner_signature "
          "IS NOT NULL AND authority_signature IS NOT NULL")
      .bind(batch.value)
      .run();
}

std::string_view role_of(Signer signer) {
  if (signer == Signer::partner) return "partner";
  return signer == Signer::authority ? "authority" : "operator";
}

Result<Decided> decide_signature(const Office& office, const BatchContent& content, const BatchSignature& signature) {
  const SigningFacts facts = facts_of(office.database, signature);
  TANPUHUI_TRY(const SigningRule rule, office.book.signing.on(office.today()));
  TANPUHUI_TRY([[maybe_unused]] const Done entitled, decide_sign(content, facts, rule, office.today()));
  TANPUHUI_TRY([[maybe_unused]] const Done genuine, check_signature(office.database, content, signature));
  Decided decided;
  decided.entry = office.entry(EntryKind::sign, std::string(role_of(signature.signer)), office.book.basis_of("ISS-01"));
  decided.entry.document_digest = batch_digest(content, sha256);
  decided.entry.notes = {{1, std::to_string(content.id.value)}};
  if (!signature.delegation.empty()) decided.entry.notes.push_back({2, signature.delegation});
  decided.also = [batch = content.id, signature](Database& store, EntryId) { save_signature(store, batch, signature); };
  return decided;
}

}  // namespace

Digest digest_to_sign(Database& database, BatchId batch) { return batch_digest(load_batch(database, batch), sha256); }

Result<Done> sign_batch(const Office& office, BatchId batch, const BatchSignature& signature) {
  const BatchContent content = load_batch(office.database, batch);
  // A refusal is no answer to keep: who may not sign yet can sign when they may.
  if (const auto granted = decide_signature(office, content, signature); !granted)
    return office.on_its_basis(granted.error());
  const Digest request = sha256(CborWriter().array(2).bytes(signature.signature).text(signature.delegation).result());
  const CommandId id = command_id_of(start_of(content.period_until, office.book.zone), request);
  const Command command = office.command(id, system_account(SystemAccount::issued), request, [&](const AccountState&) {
    return decide_signature(office, content, signature);
  });
  TANPUHUI_TRY([[maybe_unused]] const EntryId entry, office.carry_out(command));
  return Done{};
}

}  // namespace tanpuhui
