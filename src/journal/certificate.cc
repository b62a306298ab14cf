#include "journal/certificate.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <tuple>

#include "journal/certificate_text.h"
#include "journal/flaws.h"
#include "journal/plain_json.h"

namespace tanpuhui {
namespace {

constexpr std::size_t file_bytes_max = 4U << 20U;

// Reads the members of `proof`; the first that is missing or of another form spoils the whole.
class ProofReader {
 public:
  explicit ProofReader(const PlainJson* proof) : proof_(proof), ok_(proof != nullptr) {}

  std::string text(std::string_view key) {
    const PlainJson* value = find(key, PlainJson::Kind::text);
    return value == nullptr ? std::string() : value->text;
  }
  std::int64_t number(std::string_view key) {
    const PlainJson* value = find(key, PlainJson::Kind::number);
    return value == nullptr ? 0 : value->number;
  }
  Bytes bytes(std::string_view key) {
    auto decoded = from_base64(text(key));
    if (!decoded) ok_ = false;
    return decoded.value_or(Bytes());
  }
  Digest digest(std::string_view key) { return decode_digest(text(key)); }
  MerklePath path(std::string_view key) {
    const PlainJson* value = find(key, PlainJson::Kind::array);
    MerklePath digests;
    if (value == nullptr) return digests;
    for (const PlainJson& item : value->items) digests.push_back(decode_digest(item.text));
    return digests;
  }
  bool ok() const { return ok_; }

 private:
  const PlainJson* find(std::string_view key, PlainJson::Kind kind) {
    const PlainJson* value = proof_ == nullptr ? nullptr : proof_->find(key);
    if (value != nullptr && value->kind == kind) return value;
    ok_ = false;
    return nullptr;
  }
  Digest decode_digest(std::string_view hex) {
    const auto decoded = digest_from_hex(hex);
    if (!decoded) ok_ = false;
    return decoded.value_or(Digest{});
  }
  const PlainJson* proof_;
  bool ok_;
};

Result<StatementFacts> decode_statement(const CertificateParts& parts, const StatementDecoder& decode) {
  Result<StatementFacts> facts = decode(parts.entry, parts.context);
  if (facts) return facts;
  return refuse_proof(ProofFlaw::statement)
      .because("cause", facts.error().code)
      .because("cause_text", facts.error().message_en);
}

std::optional<std::int64_t> sum_of(std::vector<StatementSerials> serials) {
  const auto key = [](const StatementSerials& range) { return std::tie(range.batch, range.from_mg); };
  std::sort(serials.begin(), serials.end(), [key](const auto& a, const auto& b) { return key(a) < key(b); });
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < serials.size(); ++i) {
    const StatementSerials& range = serials[i];
    if (range.from_mg < 0 || range.from_mg >= range.to_mg) return std::nullopt;
    if (i > 0 && serials[i - 1].batch == range.batch && serials[i - 1].to_mg > range.from_mg) return std::nullopt;
    if (__builtin_add_overflow(sum, range.to_mg - range.from_mg, &sum)) return std::nullopt;
  }
  return sum;
}

// Nothing that cannot be written down: four-digit years, zones of at most a day.
bool writable(const StatementFacts& facts) {
  return facts.recorded_at.ms >= 0 && facts.recorded_at < year_10000 &&
         std::abs(std::int64_t{facts.zone.offset_minutes}) <= 24 * 60;
}

Result<Done> check_statement(const StatementFacts& facts) {
  if (!writable(facts)) return refuse_proof(ProofFlaw::statement);
  if (sum_of(facts.serials) != facts.amount.count()) return refuse_proof(ProofFlaw::amounts);
  return Done{};
}

Result<CertificateFacts> decode_parts(const CertificateParts& parts, const StatementDecoder& decode) {
  TANPUHUI_TRY(StatementFacts statement, decode_statement(parts, decode));
  if (const auto sound = check_statement(statement); !sound) return sound.error();
  TANPUHUI_TRY(BlockRecord block, decode_block(parts.block_record));
  TANPUHUI_TRY(const SignedCheckpoint head, parse_checkpoint(parts.checkpoint));
  return CertificateFacts{std::move(statement), std::move(block), head.checkpoint};
}

Refusal refuse_text(std::string_view file, std::string_view expected) {
  const auto end = file.begin() + static_cast<std::ptrdiff_t>(std::min(file.size(), expected.size()));
  const auto differs = std::mismatch(file.begin(), end, expected.begin()).first;
  const auto line = 1 + std::count(file.begin(), differs, '\n');
  return refuse_proof(ProofFlaw::text).because("first_changed_line", std::to_string(line));
}

bool in_range(EntryId entry, const BlockRecord& block) {
  return entry >= block.first_entry && entry <= block.last_entry;
}

bool entry_in_block(const CertificateParts& parts, const BlockRecord& block, HashFunction hash) {
  if (parts.event_index < 0) return false;
  const Digest leaf = event_leaf_hash({parts.salt, parts.entry}, hash);
  return inclusion_holds({leaf, static_cast<std::uint64_t>(parts.event_index),
                          static_cast<std::uint64_t>(block.event_count), parts.event_path, block.event_root},
                         hash);
}

bool block_in_log(const CertificateParts& parts, const Checkpoint& checkpoint, HashFunction hash) {
  if (parts.log_index < 0) return false;
  return inclusion_holds({block_hash(parts.block_record, hash), static_cast<std::uint64_t>(parts.log_index),
                          static_cast<std::uint64_t>(checkpoint.size), parts.log_path, checkpoint.root},
                         hash);
}

Result<Done> check_proof(const CertificateParts& parts, const CertificateFacts& facts, HashFunction hash) {
  if (hash(parts.context) != facts.statement.context_digest) return refuse_proof(ProofFlaw::context);
  if (!in_range(facts.statement.entry_id, facts.block) || !entry_in_block(parts, facts.block, hash))
    return refuse_proof(ProofFlaw::entry);
  if (!block_in_log(parts, facts.checkpoint, hash)) return refuse_proof(ProofFlaw::block);
  return Done{};
}

}  // namespace

Result<std::string> render_certificate(const CertificateParts& parts, const StatementDecoder& decode) {
  TANPUHUI_TRY(const CertificateFacts facts, decode_parts(parts, decode));
  return certificate_text(facts, parts);
}

Result<CertificateParts> read_certificate(std::string_view file) {
  if (file.size() > file_bytes_max) return refuse_proof(ProofFlaw::form);
  const std::optional<PlainJson> json = read_plain_json(file);
  ProofReader proof(json ? json->find("proof") : nullptr);
  CertificateParts parts;
  parts.entry = proof.bytes("entry");
  parts.context = proof.bytes("context");
  parts.salt = proof.digest("salt");
  parts.event_index = proof.number("event_index");
  parts.event_path = proof.path("event_path");
  parts.block_record = proof.bytes("block_record");
  parts.log_index = proof.number("log_index");
  parts.log_path = proof.path("log_path");
  parts.checkpoint = proof.text("checkpoint");
  if (!proof.ok()) return refuse_proof(ProofFlaw::form);
  return parts;
}

Result<CertificateFacts> verify_certificate(std::string_view file, const LogKey& key, const CertificateCheck& check) {
  TANPUHUI_TRY(const CertificateParts parts, read_certificate(file));
  TANPUHUI_TRY(CertificateFacts facts, decode_parts(parts, check.decode));
  const std::string expected = certificate_text(facts, parts);
  if (file != expected) return refuse_text(file, expected);
  if (const auto proved = check_proof(parts, facts, check.hash); !proved) return proved.error();
  TANPUHUI_TRY(facts.checkpoint, open_checkpoint(parts.checkpoint, key, check.hash, check.verify));
  return facts;
}

}  // namespace tanpuhui
