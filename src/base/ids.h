#pragma once
/// Strong identifiers. All are made by the application, never by the database.
#include <array>
#include <compare>
#include <cstdint>
#include <functional>

namespace tanpuhui {

template <class Tag>
struct Id {
  std::int64_t value = 0;
  constexpr auto operator<=>(const Id&) const = default;
};

using AccountId = Id<struct AccountIdTag>;    ///< a person, an organisation or a system account
using BatchId = Id<struct BatchIdTag>;        ///< one issuance
using EntryId = Id<struct EntryIdTag>;        ///< one entry of the journal, rising in order of commit
using ScenarioId = Id<struct ScenarioIdTag>;  ///< small number of a scenario in this programme
using OfferId = Id<struct OfferIdTag>;        ///< one item of the mall

/// Made by the client before it sends, time first, so that keys arrive in order. 16 bytes.
struct CommandId {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const CommandId&) const = default;
};

/// Where an account's rows live: hash(account_id) mod 4096.
struct Part {
  std::int32_t value = 0;
  constexpr auto operator<=>(const Part&) const = default;
};
inline constexpr std::int32_t part_count = 4096;

/// Finaliser of splitmix64: neighbours in, strangers out.
constexpr std::uint64_t mix_bits(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

constexpr Part part_of(AccountId account) {
  return Part{static_cast<std::int32_t>(mix_bits(static_cast<std::uint64_t>(account.value)) % part_count)};
}

}  // namespace tanpuhui

template <class Tag>
struct std::hash<tanpuhui::Id<Tag>> {
  std::size_t operator()(tanpuhui::Id<Tag> id) const noexcept {
    return static_cast<std::size_t>(tanpuhui::mix_bits(static_cast<std::uint64_t>(id.value)));
  }
};
template <>
struct std::hash<tanpuhui::CommandId> {
  std::size_t operator()(const tanpuhui::CommandId& id) const noexcept {
    std::uint64_t folded = 0;
    for (std::uint8_t byte : id.bytes) folded = folded * 131 + byte;
    return static_cast<std::size_t>(tanpuhui::mix_bits(folded));
  }
};
