#include "rooms/activity/acts.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t ms_per_day = 86'400'000;
constexpr std::size_t text_block = 1 << 16;

void write_number(Bytes& out, std::uint64_t value) {
  std::array<std::uint8_t, 10> bytes;
  std::size_t size = 0;
  for (; value >= 0x80; value >>= 7U) bytes[size++] = static_cast<std::uint8_t>(value | 0x80U);
  bytes[size++] = static_cast<std::uint8_t>(value);
  out.insert(out.end(), bytes.begin(), bytes.begin() + size);
}
// Signs go into the lowest bit, so that small numbers of either sign stay short.
void write_signed(Bytes& out, std::int64_t value) {
  write_number(out, (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63));
}

class RunReader {
 public:
  explicit RunReader(ByteView in) : at_(in.data()), end_(in.data() + in.size()) {}
  bool ok() const { return ok_; }
  bool done() const { return at_ == end_; }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const std::uint8_t byte = *at_++;
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1));
  }
  std::string_view text() {
    const std::uint64_t size = number();
    if (size > static_cast<std::uint64_t>(end_ - at_)) return ok_ = false, std::string_view();
    const auto* from = reinterpret_cast<const char*>(at_);
    at_ += size;
    return {from, static_cast<std::size_t>(size)};
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool ok_ = true;
};

}  // namespace

std::string_view Acts::keep(std::string_view text) {
  if (texts_.empty() || texts_.back().capacity() - texts_.back().size() < text.size())
    texts_.emplace_back().reserve(std::max(text_block, text.size()));
  auto& block = texts_.back();
  const std::size_t at = block.size();
  block.insert(block.end(), text.begin(), text.end());
  return {block.data() + at, text.size()};
}

void Acts::append(const Act& act, std::span<const std::int64_t> fields) {
  account.push_back(act.account.value);
  started_ms.push_back(act.started_at.ms);
  duration_ms.push_back(act.duration_ms);
  revision.push_back(act.revision);
  record_suffix.push_back(keep(act.record_suffix));
  withdrawn.push_back(act.withdrawn ? 1 : 0);
  for (std::size_t i = 0; i < fields_.size(); ++i) fields_[i].push_back(fields[i]);
}

void Acts::clear() {
  account.clear();
  started_ms.clear();
  duration_ms.clear();
  revision.clear();
  record_suffix.clear();
  withdrawn.clear();
  for (auto& column : fields_) column.clear();
  texts_.clear();
}

Act Acts::at(std::size_t i) const {
  return {AccountId{account[i]}, Instant{started_ms[i]}, duration_ms[i], record_suffix[i],
          revision[i],           withdrawn[i] != 0};
}

bool Acts::same_content(std::size_t a, const Acts& other, std::size_t b) const {
  if (account[a] != other.account[b] || started_ms[a] != other.started_ms[b] || duration_ms[a] != other.duration_ms[b])
    return false;
  if (revision[a] != other.revision[b] || withdrawn[a] != other.withdrawn[b]) return false;
  if (record_suffix[a] != other.record_suffix[b]) return false;
  for (std::size_t i = 0; i < fields_.size(); ++i)
    if (fields_[i][a] != other.fields_[i][b]) return false;
  return true;
}

bool Acts::content_less(std::size_t a, std::size_t b) const {
  if (account[a] != account[b]) return account[a] < account[b];
  if (started_ms[a] != started_ms[b]) return started_ms[a] < started_ms[b];
  if (const int order = record_suffix[a].compare(record_suffix[b]); order != 0) return order < 0;
  if (revision[a] != revision[b]) return revision[a] < revision[b];
  if (withdrawn[a] != withdrawn[b]) return withdrawn[a] < withdrawn[b];
  if (duration_ms[a] != duration_ms[b]) return duration_ms[a] < duration_ms[b];
  for (const auto& column : fields_)
    if (column[a] != column[b]) return column[a] < column[b];
  return false;
}

void append_fields(Bytes& out, const Acts& acts, std::size_t index) {
  for (std::size_t i = 0; i < acts.field_count(); ++i) write_signed(out, acts.field(i)[index]);
}

void append_number(Bytes& out, std::int64_t value) { write_signed(out, value); }

bool read_fields(ByteView in, std::span<std::int64_t> fields) {
  RunReader reader(in);
  for (std::int64_t& value : fields) value = reader.signed_number();
  return reader.ok() && reader.done();
}

void append_to_run(Bytes& run, const Acts& acts, std::size_t i, Day day) {
  write_number(run, static_cast<std::uint64_t>(acts.account[i]));
  write_signed(run, acts.started_ms[i] - day.number * ms_per_day);
  write_number(run, static_cast<std::uint64_t>(acts.duration_ms[i]));
  write_number(run, static_cast<std::uint64_t>(acts.revision[i]) << 1U | acts.withdrawn[i]);
  write_number(run, acts.record_suffix[i].size());
  const ByteView text = as_bytes(acts.record_suffix[i]);
  run.insert(run.end(), text.begin(), text.end());
  append_fields(run, acts, i);
}

bool read_run(ByteView run, Day day, Acts& acts) {
  std::vector<std::int64_t> fields(acts.field_count());
  RunReader reader(run);
  while (reader.ok() && !reader.done()) {
    Act act;
    act.account.value = static_cast<std::int64_t>(reader.number());
    act.started_at.ms = reader.signed_number() + day.number * ms_per_day;
    act.duration_ms = static_cast<std::int64_t>(reader.number());
    const std::uint64_t revision = reader.number();
    act.revision = static_cast<std::int64_t>(revision >> 1U);
    act.withdrawn = (revision & 1U) != 0;
    act.record_suffix = reader.text();
    for (std::int64_t& value : fields) value = reader.signed_number();
    if (reader.ok()) acts.append(act, fields);
  }
  return reader.ok();
}

}  // namespace tanpuhui
