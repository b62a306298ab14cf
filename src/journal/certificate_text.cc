#include "journal/certificate_text.h"

#include <fmt/format.h>

#include "base/decimal.h"
#include "journal/plain_json.h"

namespace tanpuhui {
namespace {

std::string kilograms(std::int64_t mg) { return format_fixed(mg, 6); }

void write(PlainJsonWriter& out, std::string_view key, const Bilingual& text) {
  out.open(key, '{').member("zh", text.zh).member("en", text.en).close();
}

Bilingual summary(const StatementFacts& facts) {
  const std::string amount = kilograms(facts.amount.count());
  const std::string at = format_instant(facts.recorded_at, facts.zone);
  const std::string for_zh = facts.beneficiary.empty() ? "" : fmt::format("（受益方：{}）", facts.beneficiary);
  const std::string for_en = facts.beneficiary.empty() ? "" : fmt::format(" (beneficiary: {})", facts.beneficiary);
  return {fmt::format("{}的减排量 {} 千克二氧化碳当量已于 {} 在“{}”登记注销，用途：{}{}。该减排量不可再次使用。",
                      facts.holder, amount, at, facts.programme.zh, facts.purpose.zh, for_zh),
          fmt::format("Reductions of {} kg CO2e held by {} were taken out of use in \"{}\" at {}. Purpose: {}{}. They "
                      "cannot be used again.",
                      amount, facts.holder, facts.programme.en, at, facts.purpose.en, for_en)};
}

// Basis: decisions D43
const Bilingual notice = {
    "本文件不是碳中和证书。它证明该账目已列入签名的透明日志；此后的状态请在线查询。",
    "This is not a certificate of carbon neutrality. It proves that the entry stands in the signed "
    "transparency log; ask online for its state since then."};

void write_serials(PlainJsonWriter& out, const std::vector<StatementSerials>& serials) {
  out.open("serials", '[');
  for (const StatementSerials& range : serials)
    out.open("", '{')
        .member("batch", range.batch)
        .member("from_mg", range.from_mg)
        .member("to_mg", range.to_mg)
        .member("amount_kg", kilograms(range.to_mg - range.from_mg))
        .close();
  out.close();
}

void write_methodologies(PlainJsonWriter& out, const std::vector<CertifiedMethodology>& methodologies) {
  out.open("methodologies", '[');
  for (const CertifiedMethodology& methodology : methodologies)
    out.open("", '{').member("id", methodology.id).member("hash", to_hex(methodology.hash)).close();
  out.close();
}

void write_statement(PlainJsonWriter& out, const StatementFacts& facts) {
  write(out, "document", facts.document);
  out.member("number", facts.number).member("entry", facts.entry_id.value);
  write(out, "summary", summary(facts));
  write(out, "notice", notice);
  write(out, "programme", facts.programme);
  out.member("purpose_id", facts.purpose_id);
  write(out, "purpose", facts.purpose);
  out.member("beneficiary", facts.beneficiary).member("holder", facts.holder);
  out.member("recorded_at", format_instant(facts.recorded_at, facts.zone));
  out.member("amount_kg", kilograms(facts.amount.count()));
  write_serials(out, facts.serials);
  write_methodologies(out, facts.methodologies);
  out.member("rulebook_hash", to_hex(facts.rulebook));
}

void write_log(PlainJsonWriter& out, const BlockRecord& block, const Checkpoint& checkpoint) {
  out.open("log", '{')
      .member("origin", checkpoint.origin)
      .member("size", checkpoint.size)
      .member("ledger", block.ledger)
      .member("block", block.number)
      .member("sealed_at", format_utc(block.sealed_at))
      .close();
}

void write_path(PlainJsonWriter& out, std::string_view key, const MerklePath& path) {
  out.open(key, '[');
  for (const Digest& digest : path) out.member("", to_hex(digest));
  out.close();
}

void write_proof(PlainJsonWriter& out, const CertificateParts& parts) {
  out.open("proof", '{');
  out.member("entry", to_base64(parts.entry)).member("context", to_base64(parts.context));
  out.member("salt", to_hex(parts.salt)).member("event_index", parts.event_index);
  write_path(out, "event_path", parts.event_path);
  out.member("block_record", to_base64(parts.block_record)).member("log_index", parts.log_index);
  write_path(out, "log_path", parts.log_path);
  out.member("checkpoint", parts.checkpoint).close();
}

}  // namespace

std::string certificate_text(const CertificateFacts& facts, const CertificateParts& parts) {
  PlainJsonWriter out;
  out.member("format", "tanpuhui.certificate/1");
  write_statement(out, facts.statement);
  write_log(out, facts.block, facts.checkpoint);
  write_proof(out, parts);
  return out.finish();
}

}  // namespace tanpuhui
