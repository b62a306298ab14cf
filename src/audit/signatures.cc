#include "audit/signatures.h"

#include <charconv>

#include <fmt/format.h>

namespace tanpuhui {
namespace {

constexpr std::int64_t note_batch = 1, note_delegation = 2;

std::string note_of(const Entry& entry, std::int64_t key) {
  for (const Note& note : entry.notes)
    if (note.key == key) return note.text;
  return {};
}

std::optional<BatchId> batch_of(const Entry& entry) {
  const std::string text = note_of(entry, note_batch);
  BatchId batch;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), batch.value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return batch;
}

}  // namespace

void BatchActs::see(const Entry& entry) {
  for (const SerialRange& range : entry.posting.serials) numbered_[range.batch] += range.to_mg - range.from_mg;
  if (entry.kind == EntryKind::sign) see_signature(entry);
}

void BatchActs::see_signature(const Entry& entry) {
  const auto batch = batch_of(entry);
  if (!batch) return report(fmt::format("entry {}: a signature that names no batch", entry.entry_id.value));
  SignAct act;
  act.delegation = note_of(entry, note_delegation);
  act.signed_on = entry.occurred_on;
  if (entry.actor == "authority") act.signer = Signer::authority;
  if (entry.actor == "operator") act.signer = Signer::operator_by_delegation;
  SignActs& acts = signatures_[*batch];
  (act.signer == Signer::partner ? acts.partner : acts.authority) = act;
}

SignActs BatchActs::signatures_of(BatchId batch) const {
  const auto found = signatures_.find(batch);
  return found == signatures_.end() ? SignActs{} : found->second;
}

Milligrams BatchActs::numbered_of(BatchId batch) const {
  const auto found = numbered_.find(batch);
  return found == numbered_.end() ? Milligrams() : found->second;
}

}  // namespace tanpuhui
