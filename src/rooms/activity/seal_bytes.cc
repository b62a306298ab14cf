#include "base/cbor.h"
#include "base/check.h"
#include "rooms/activity/seal.h"

namespace tanpuhui {

Bytes canonical_bytes(const SealedIdentity& identity, const SealedDay& sealed, const Acts& acts) {
  CborWriter out;
  out.array(5).text(identity.scenario).integer(identity.day.number).integer(identity.round);
  out.bytes(identity.methodology_hash).array(sealed.rows.size());
  const std::size_t references = sealed.rows.empty() ? 0 : sealed.references.size() / sealed.rows.size();
  for (std::size_t at = 0; at < sealed.rows.size(); ++at) {
    const SealedRow& row = sealed.rows[at];
    const Act act = acts.at(row.index);
    out.array(8 + acts.field_count() + references)
        .integer(act.account.value)
        .integer(act.started_at.ms)
        .integer(act.duration_ms);
    out.text(act.record_suffix).integer(act.revision).integer(act.withdrawn ? 1 : 0);
    out.integer(static_cast<std::int64_t>(row.outcome)).integer(row.reduction_mg);
    for (std::size_t i = 0; i < acts.field_count(); ++i) out.integer(acts.field(i)[row.index]);
    for (std::size_t i = 0; i < references; ++i) out.integer(sealed.references[at * references + i]);
  }
  return out.take();
}

Bytes encode_tail(std::span<const OpenEnd> tail) {
  CborWriter out;
  out.array(tail.size() * 2);
  for (const OpenEnd& open : tail) out.integer(open.identity).integer(open.ended_at.ms);
  return out.take();
}

std::vector<OpenEnd> decode_tail(ByteView bytes, Instant from) {
  CborReader in(bytes);
  std::vector<OpenEnd> tail;
  for (std::size_t left = in.array() / 2; left > 0; --left) {
    const std::int64_t identity = in.integer();
    const Instant ended_at{in.integer()};
    if (ended_at > from) tail.push_back({identity, ended_at});
  }
  TANPUHUI_REQUIRE(in.finish(), "a stored tail reads back");
  return tail;
}

}  // namespace tanpuhui
