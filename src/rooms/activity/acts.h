#pragma once
/// Acts in columns, and the packed runs in which they are appended and read back.
///
/// An act keeps its account, times, id, revision and exactly the formula's inputs: no partner's token, no place.
/// Basis: decisions D13, D21, D36
#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"

namespace tanpuhui {

/// One act; `record_suffix` is what follows `YYYYMMDD-` in the record's id.
struct Act {
  AccountId account;
  Instant started_at;
  std::int64_t duration_ms = 0;
  std::string_view record_suffix;
  std::int64_t revision = 0;  ///< the highest one of an id wins
  bool withdrawn = false;     ///< the partner takes the record back
};

/// Acts of one day (or one chunk of a file). The texts of records live in memory of its own.
class Acts {
 public:
  /// `field_count`: fields of the methodology, in its order; durations are kept beside them.
  explicit Acts(std::size_t field_count) : fields_(field_count) {}
  Acts(Acts&&) = default;  // a copy's texts would be those of the other
  Acts& operator=(Acts&&) = default;

  std::size_t size() const { return account.size(); }
  std::size_t field_count() const { return fields_.size(); }
  void append(const Act& act, std::span<const std::int64_t> fields);
  void clear();

  Act at(std::size_t index) const;
  std::span<const std::int64_t> field(std::size_t number) const { return fields_[number]; }
  bool same_content(std::size_t a, std::size_t b) const { return same_content(a, *this, b); }
  bool same_content(std::size_t index, const Acts& other, std::size_t other_index) const;
  /// A total order of contents: account, start, id, revision, withdrawn, duration, fields.
  bool content_less(std::size_t a, std::size_t b) const;

  std::vector<std::int64_t> account, started_ms, duration_ms, revision;
  std::vector<std::string_view> record_suffix;
  std::vector<std::uint8_t> withdrawn;

 private:
  std::string_view keep(std::string_view text);
  std::vector<std::vector<std::int64_t>> fields_;
  std::deque<std::vector<char>> texts_;
};

/// A run: acts of one day, one after another. Numbers are written in groups of seven bits, lowest first.
void append_to_run(Bytes& run, const Acts& acts, std::size_t index, Day day);
/// Adds a run's acts; false when the bytes are not a run of this many fields.
bool read_run(ByteView run, Day day, Acts& acts);

/// The fields of one act, as a sealed row stores them.
void append_fields(Bytes& out, const Acts& acts, std::size_t index);
void append_number(Bytes& out, std::int64_t value);  ///< a reference, behind the fields
bool read_fields(ByteView in, std::span<std::int64_t> fields);

}  // namespace tanpuhui
