#include "cases/person_keys.h"

#include <algorithm>

#include "base/cbor.h"
#include "cases/officers.h"
#include "crypto/hash.h"

namespace tanpuhui {
namespace {

constexpr std::string_view columns = "public_key, person, unit, kind, from_day, until_day FROM person_keys";

PersonKey read_row(const Statement& row) {
  PersonKey recorded;
  std::ranges::copy(row.blob(0), recorded.key.begin());
  recorded.person = row.text(1);
  recorded.unit = row.text(2);
  recorded.kind = row.text(3);
  recorded.from = Day{static_cast<std::int32_t>(row.integer(4))};
  if (!row.is_null(5)) recorded.until = Day{static_cast<std::int32_t>(row.integer(5))};
  return recorded;
}

Digest digest_of(const PersonKey& recorded) {
  CborWriter out;
  out.array(5).bytes(recorded.key).text(recorded.person).text(recorded.unit).text(recorded.kind);
  return sha256(out.integer(recorded.from.number).result());
}

bool is_same(const PersonKey& a, const PersonKey& b) { return digest_of(a) == digest_of(b); }

Refusal somebodys() {
  return refuse("ACC-02")
      .says("该公钥已登记为其他内容，或已撤销",
            "this public key is recorded already with other content, or was revoked")
      .mend("每人使用自己的密钥；更换单位或人员时登记新的密钥",
            "everybody has a key of their own; record a new one for another person or unit");
}

Refusal unknown_key() {
  return refuse("ACC-01")
      .says("没有登记此公钥", "this public key is not recorded")
      .mend("核对公钥，或请运营机构登记", "look at which key it is, or have the operator record it");
}

Refusal ended_before(Day until) {
  return refuse("ACC-01")
      .because("last_day", format_day(until))
      .says("该公钥已于 " + format_day(until) + " 失效", "the key was good until " + format_day(until) + " only")
      .mend("无须再次撤销", "nothing is left to be revoked");
}

Refusal not_good(const PersonKey& recorded) {
  Refusal refusal = refuse("ACC-01").because("first_day", format_day(recorded.from));
  if (recorded.until) refusal.because("last_day", format_day(*recorded.until));
  return refusal.says("该密钥今日不在有效期内", "this key is not good today")
      .mend("使用现行的密钥，或请运营机构登记新的公钥",
            "sign with your present key, or have the operator record a new one");
}

void save(Database& store, const PersonKey& recorded) {
  auto insert = store.statement(
      "INSERT INTO person_keys(public_key, person, unit, kind, from_day, until_day) VALUES (?, ?, ?, ?, ?, NULL) ON "
      "CONFLICT (public_key) DO NOTHING");
  insert.bind(ByteView(recorded.key)).bind(recorded.person).bind(recorded.unit).bind(recorded.kind);
  insert.bind(recorded.from.number).run();
}

Entry register_entry(const Office& office, std::string_view what, const Digest& digest) {
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("ACC-01"));
  entry.notes = {{1, std::string(what)}, {2, to_hex(digest)}};
  return entry;
}

}  // namespace

Result<EntryId> record_person_key(const Office& office, const PersonKey& recorded, CommandId id) {
  if (const auto known = find_person_key(office.database, recorded.key);
      known && (known->until || !is_same(*known, recorded)))
    return office.on_its_basis(somebodys());
  const Digest digest = digest_of(recorded);
  return office.register_act(id, digest, register_entry(office, "person_key", digest),
                             [recorded](Database& store, EntryId) { save(store, recorded); });
}

Result<EntryId> revoke_person_key(const Office& office, const PublicKeyBytes& key, Day from, CommandId id) {
  const auto known = find_person_key(office.database, key);
  if (!known) return office.on_its_basis(unknown_key());
  if (known->until && *known->until < from) return office.on_its_basis(ended_before(*known->until));
  CborWriter content;
  const Digest digest = sha256(content.array(2).bytes(key).integer(from.number).result());
  return office.register_act(id, digest, register_entry(office, "person_key_revoked", digest),
                             [key, from](Database& store, EntryId) {
                               auto end = store.statement("UPDATE person_keys SET until_day = ? WHERE public_key = ?");
                               end.bind((from - 1).number).bind(ByteView(key)).run();
                             });
}

std::optional<PersonKey> find_person_key(Database& database, const PublicKeyBytes& key) {
  auto row = database.statement("SELECT " + std::string(columns) + " WHERE public_key = ?");
  row.bind(ByteView(key));
  if (!row.step()) return std::nullopt;
  return read_row(row);
}

std::vector<PersonKey> list_person_keys(Database& database) {
  auto rows = database.statement("SELECT " + std::string(columns) + " ORDER BY unit, person, from_day, public_key");
  std::vector<PersonKey> keys;
  while (rows.step()) keys.push_back(read_row(rows));
  return keys;
}

Result<Asker> find_asker(Database& database, const Rulebook& book, const PublicKeyBytes& key, Day today) {
  const auto recorded = find_person_key(database, key);
  Refusal refusal = recorded ? not_good(*recorded) : unknown_key();
  refusal.basis = book.basis_of(refusal.code);
  if (!recorded || !recorded->is_good_on(today)) return refusal;
  return Asker{*recorded, find_actor(database, book, recorded->person, recorded->unit, today)};
}

}  // namespace tanpuhui
