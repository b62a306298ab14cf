#include "rooms/activity/shell/consent_book.h"

namespace tanpuhui {
namespace {

constexpr std::size_t remembered_max = 500'000;  // some 100 MB, however long the file

}  // namespace

const std::vector<ConsentInterval>& ConsentBook::of(std::string_view subject) {
  if (const auto found = known_.find(subject); found != known_.end()) return found->second;
  if (known_.size() >= remembered_max) known_.clear();
  return known_.emplace(std::string(subject), load(subject)).first->second;
}

std::vector<ConsentInterval> ConsentBook::load(std::string_view subject) {
  std::vector<ConsentInterval> consents;
  auto rows = database_.statement(
      "SELECT account_id, from_at, until_at, drop_unsealed FROM consents WHERE scenario_id = ? AND subject = ? "
      "ORDER BY from_at");
  rows.bind(scenario_.value).bind(subject);
  while (rows.step()) {
    ConsentInterval& consent = consents.emplace_back();
    consent.account.value = rows.integer(0);
    consent.from.ms = rows.integer(1);
    if (!rows.is_null(2)) consent.until = Instant{rows.integer(2)};
    consent.drop_unsealed = rows.integer(3) != 0;
  }
  return consents;
}

}  // namespace tanpuhui
