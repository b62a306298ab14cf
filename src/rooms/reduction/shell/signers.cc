#include "rooms/reduction/shell/signers.h"

#include "base/cbor.h"
#include "crypto/hash.h"
#include "rooms/reduction/shell/stored_batch.h"

namespace tanpuhui {
namespace {

bool same_delegation(Database& database, const Delegation& delegation) {
  auto row = database.statement(
      "SELECT 1 FROM delegations WHERE document = ? AND scope = ? AND from_day = ? AND until_day = ? AND limit_mg = ?");
  row.bind(delegation.document).bind(delegation.scope);
  return row.bind(delegation.from.number).bind(delegation.until.number).bind(delegation.limit.count()).step();
}

Digest digest_of(const Delegation& delegation) {
  CborWriter out;
  out.array(5).text(delegation.document).text(delegation.scope).integer(delegation.from.number);
  out.integer(delegation.until.number).integer(delegation.limit.count());
  return sha256(out.result());
}

Refusal other_facts(const std::string& name, const std::string& value) {
  return refuse("ISS-01")
      .because(name, value)
      .says("同名登记已存在且内容不同", "it is recorded already, with other content")
      .mend("核对登记内容，或使用新的名称", "look at what is recorded, or use a new name");
}

}  // namespace

std::string key_holder(Signer signer, const std::string& scenario) {
  if (signer == Signer::partner) return "partner:" + scenario;
  return signer == Signer::authority ? "authority" : "operator";
}

std::optional<PublicKeyBytes> find_key(Database& database, const std::string& holder) {
  auto row = database.statement("SELECT public_key FROM signing_keys WHERE holder = ?");
  row.bind(holder);
  if (!row.step()) return std::nullopt;
  return read_digest(row.blob(0));
}

std::optional<Delegation> find_delegation(Database& database, const std::string& document) {
  auto row = database.statement("SELECT scope, from_day, until_day, limit_mg FROM delegations WHERE document = ?");
  row.bind(document);
  if (!row.step()) return std::nullopt;
  Delegation delegation;
  delegation.document = document;
  delegation.scope = std::string(row.text(0));
  delegation.from = Day{static_cast<std::int32_t>(row.integer(1))};
  delegation.until = Day{static_cast<std::int32_t>(row.integer(2))};
  delegation.limit = Milligrams(row.integer(3));
  return delegation;
}

Result<EntryId> record_key(const Office& office, const std::string& holder, const PublicKeyBytes& key, CommandId id) {
  if (const auto known = find_key(office.database, holder); known && *known != key)
    return office.on_its_basis(other_facts("holder", holder));
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("ISS-01"));
  entry.notes = {{1, holder}, {2, to_hex(key)}};
  return office.register_act(id, key, std::move(entry), [holder, key](Database& store, EntryId) {
    auto insert =
        store.statement("INSERT INTO signing_keys(holder, public_key) VALUES (?, ?) ON CONFLICT (holder) DO NOTHING");
    insert.bind(holder).bind(ByteView(key)).run();
  });
}

void save_delegation(Database& store, const Delegation& delegation) {
  auto insert =
      store.statement("INSERT INTO delegations(document, scope, from_day, until_day, limit_mg) VALUES (?, ?, ?, ?, ?)");
  insert.bind(delegation.document).bind(delegation.scope);
  insert.bind(delegation.from.number).bind(delegation.until.number).bind(delegation.limit.count()).run();
}

void end_delegation(Database& store, const std::string& document, Day last) {
  auto update = store.statement("UPDATE delegations SET until_day = ? WHERE document = ? AND until_day > ?");
  update.bind(last.number).bind(document).bind(last.number).run();
}

Result<EntryId> record_delegation(const Office& office, const Delegation& delegation, CommandId id) {
  const bool known = same_delegation(office.database, delegation);
  if (!known && find_delegation(office.database, delegation.document))
    return office.on_its_basis(other_facts("document", delegation.document));
  Entry entry = office.entry(EntryKind::register_act, "authority", office.book.basis_of("ISS-01"));
  entry.notes = {{1, delegation.document}, {2, delegation.scope}};
  return office.register_act(id, digest_of(delegation), std::move(entry),
                             [known, delegation](Database& store, EntryId) {
                               if (!known) save_delegation(store, delegation);
                             });
}

}  // namespace tanpuhui
