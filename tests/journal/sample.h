#pragma once
/// One small log with one certificate in it, and stand-ins for what the shell hands to the journal.
#include "../merkle/plain_sha256.h"
#include "base/cbor.h"
#include "journal/certificate.h"

namespace tanpuhui {

inline Digest digest_of(std::string_view text) { return plain_sha256(as_bytes(text)); }

/// Stands for Ed25519: whoever knows the public key can sign, which is enough to tell right from wrong.
inline NoteSignature fake_signature(const std::array<std::uint8_t, 32>& key, ByteView message) {
  Bytes data(key.begin(), key.end());
  data.insert(data.end(), message.begin(), message.end());
  NoteSignature signature;
  for (std::size_t half = 0; half < 2; ++half) {
    data.push_back(static_cast<std::uint8_t>(half));
    const Digest digest = plain_sha256(data);
    std::copy(digest.begin(), digest.end(), signature.begin() + static_cast<std::ptrdiff_t>(32 * half));
  }
  return signature;
}
inline bool fake_verify(const std::array<std::uint8_t, 32>& key, ByteView message, ByteView signature) {
  const NoteSignature right = fake_signature(key, message);
  return std::equal(signature.begin(), signature.end(), right.begin(), right.end());
}
inline LogKey sample_key() { return {"tanpuhui.example/log/2025", digest_of("key")}; }

inline std::string sample_note(const Checkpoint& checkpoint, const LogKey& key = sample_key()) {
  return sign_checkpoint(checkpoint, key, plain_sha256,
                         [&key](ByteView message) { return fake_signature(key.ed25519, message); });
}

/// Entry: [id, number, beneficiary, recorded_at, mg, from, to, digest of context]. Context: [batch label, methodology].
inline Bytes sample_context(std::string_view batch = "骑行 2025-01") {
  return CborWriter().array(2).text(batch).text("bike-demo/v1").take();
}
inline Bytes sample_entry(std::int64_t mg = 1'234'567, std::string_view beneficiary = "省运动会 \"2025\"") {
  return CborWriter()
      .array(8)
      .integer(17)
      .text("TPH-2025-000017")
      .text(beneficiary)
      .integer(1'738'281'786'000)
      .integer(mg)
      .integer(1000)
      .integer(1'235'567)
      .bytes(plain_sha256(sample_context()))
      .take();
}

inline Result<StatementFacts> sample_decode(ByteView entry, ByteView context) {
  StatementFacts facts;
  CborReader in(entry);
  in.array(8);
  facts.entry_id = EntryId{in.integer()};
  facts.number = in.text();
  facts.beneficiary = in.text();
  facts.recorded_at = Instant{in.integer()};
  facts.amount = Milligrams(in.integer());
  StatementSerials serials;
  serials.from_mg = in.integer();
  serials.to_mg = in.integer();
  const ByteView digest = in.bytes();
  CborReader more(context);
  more.array(2);
  serials.batch = more.text();
  facts.methodologies = {{std::string(more.text()), digest_of("methodology")}};
  if (!in.finish() || !more.finish() || digest.size() != 32) return refuse("TEST-01", "test").says("", "unreadable");
  std::copy(digest.begin(), digest.end(), facts.context_digest.begin());
  facts.serials = {serials};
  facts.document = {"注销证明", "cancellation statement"};
  facts.programme = {"演示碳普惠", "demonstration programme"};
  facts.purpose_id = "event";
  facts.purpose = {"赛事", "an event"};
  facts.holder = "账户 7f3a";
  facts.rulebook = digest_of("rulebook");
  return facts;
}

inline BlockRecord sample_record() {
  BlockRecord record;
  record.ledger = "demo";
  record.number = 5;
  record.first_entry = EntryId{10};
  record.last_entry = EntryId{20};
  record.sealed_at = Instant{1'738'281'787'000};
  record.event_count = 16;
  record.totals = {{"person", "donate", -12, -1'234'567}, {"retired:event", "donate", 12, 1'234'567}};
  record.event_root = digest_of("events");
  record.previous = digest_of("block 4");
  record.rulebook = digest_of("rulebook");
  return record;
}

/// A log of eleven blocks; the entry is the third event of the sixth.
inline CertificateParts sample_parts(Bytes entry = sample_entry(), Bytes context = sample_context()) {
  CertificateParts parts;
  parts.entry = std::move(entry);
  parts.context = std::move(context);
  parts.salt = digest_of("salt");
  parts.event_index = 2;
  const Bytes other = sample_entry(7);
  const std::vector<SealedEvent> events = {
      {digest_of("salt 0"), other}, {digest_of("salt 1"), other}, {parts.salt, parts.entry}};
  const std::vector<Digest> event_tree = event_leaves(events, digest_of("filler"), plain_sha256);
  parts.event_path = inclusion_proof(event_tree, 2, plain_sha256);
  BlockRecord record = sample_record();
  record.event_root = merkle_root(event_tree, plain_sha256);
  parts.block_record = encode_block(record);
  std::vector<Digest> log;
  for (int i = 0; i < 11; ++i) log.push_back(digest_of("block " + std::to_string(i)));
  log[5] = block_hash(parts.block_record, plain_sha256);
  parts.log_index = 5;
  parts.log_path = inclusion_proof(log, 5, plain_sha256);
  parts.checkpoint = sample_note({sample_key().name, 11, merkle_root(log, plain_sha256)});
  return parts;
}

inline CertificateCheck sample_check() { return {plain_sha256, fake_verify, sample_decode}; }
inline std::string sample_file(const CertificateParts& parts = sample_parts()) {
  return render_certificate(parts, sample_decode).value();
}
inline std::string code_of(std::string_view file) {
  const auto result = verify_certificate(file, sample_key(), sample_check());
  return result ? "holds" : result.error().code;
}

}  // namespace tanpuhui
