#include "journal/event.h"

#include "merkle/merkle.h"

namespace tanpuhui {
namespace {

constexpr std::string_view event_label = "tph/ev1";
constexpr std::string_view filler_label = "tph/pad1";

Bytes joined(std::string_view label, const Digest& secret, ByteView rest) {
  Bytes data;
  data.reserve(label.size() + secret.size() + rest.size());
  data.insert(data.end(), label.begin(), label.end());
  data.insert(data.end(), secret.begin(), secret.end());
  data.insert(data.end(), rest.begin(), rest.end());
  return data;
}

}  // namespace

Bytes event_leaf_data(const SealedEvent& event) { return joined(event_label, event.salt, event.entry); }

Digest event_leaf_hash(const SealedEvent& event, HashFunction hash) {
  return merkle_leaf_hash(event_leaf_data(event), hash);
}

std::vector<Digest> event_leaves(std::span<const SealedEvent> events, const Digest& filler_secret, HashFunction hash) {
  std::vector<Digest> leaves;
  leaves.reserve(std::max(events.size(), event_leaves_min));
  for (const SealedEvent& event : events) leaves.push_back(event_leaf_hash(event, hash));
  while (leaves.size() < event_leaves_min) {
    const std::array<std::uint8_t, 1> position = {static_cast<std::uint8_t>(leaves.size())};
    leaves.push_back(merkle_leaf_hash(joined(filler_label, filler_secret, position), hash));
  }
  return leaves;
}

}  // namespace tanpuhui
