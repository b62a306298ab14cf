#include "rooms/activity/references.h"

#include <algorithm>

namespace tanpuhui {

References::References(const Methodology& methodology, const ReferenceFacts& facts)
    : methodology_(methodology), facts_(facts) {
  for (const MethodologyReference& reference : methodology.references)
    by_columns_.push_back(reference.by.empty() ? 0 : methodology.column_of(reference.by));
}

std::optional<std::int64_t> References::frozen(std::size_t number, const Acts& acts, std::size_t index) const {
  if (facts_.frozen.empty() || facts_.frozen[number].empty()) return std::nullopt;
  if (methodology_.references[number].by.empty()) return facts_.frozen[number].front();
  return facts_.frozen[number][static_cast<std::size_t>(acts.field(by_columns_[number])[index])];
}

bool References::read(const Acts& acts, std::size_t index, std::span<std::int64_t> out) const {
  if (out.empty()) return true;
  const std::int64_t identity = identity_of(methodology_, acts, index);
  const auto own = std::ranges::lower_bound(facts_.sums, identity, {}, &OwnSums::identity);
  const bool known = own != facts_.sums.end() && own->identity == identity;
  bool complete = true;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool is_sum = methodology_.references[i].kind == "own_sum";
    const auto value = !is_sum ? frozen(i, acts, index) : known ? own->values[i] : std::nullopt;
    out[i] = value.value_or(0);
    complete = complete && value.has_value();
  }
  return complete;
}

}  // namespace tanpuhui
