#include "rooms/activity/act_segment.h"

#include <algorithm>
#include <numeric>

#include "base/cbor.h"
#include "rooms/activity/acts.h"

namespace tanpuhui {
namespace {

constexpr unsigned byte_bits = 8;

std::size_t width_of(std::uint64_t value) {
  std::size_t width = 0;
  for (; value != 0; value >>= byte_bits) ++width;
  return width;
}

// Differences are taken without sign, so that any two numbers have one.
void write_column(CborWriter& out, const std::vector<std::int64_t>& values) {
  const auto smallest = static_cast<std::uint64_t>(std::ranges::min(values));
  std::uint64_t step = 0, largest = 0;
  for (const std::int64_t value : values) {
    const std::uint64_t above = static_cast<std::uint64_t>(value) - smallest;
    step = std::gcd(step, above);
    largest = std::max(largest, above);
  }
  Bytes planes;
  for (std::size_t plane = 0; plane < (step == 0 ? 0 : width_of(largest / step)); ++plane)
    for (const std::int64_t value : values)
      planes.push_back(
          static_cast<std::uint8_t>((static_cast<std::uint64_t>(value) - smallest) / step >> (plane * byte_bits)));
  out.integer(static_cast<std::int64_t>(smallest)).integer(static_cast<std::int64_t>(step)).bytes(planes);
}

std::vector<std::int64_t> differences(const std::vector<std::int64_t>& values) {
  std::vector<std::int64_t> result(values.size());
  for (std::size_t i = 1; i < values.size(); ++i)
    result[i] =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(values[i - 1]));
  return result;
}

/// The numbers of a row's inputs; none when they are not as `append_number` writes them.
std::optional<std::vector<std::int64_t>> numbers_of(ByteView inputs) {
  const auto is_last = [](std::uint8_t byte) { return byte < 0x80; };
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(std::ranges::count_if(inputs, is_last)));
  Bytes again;
  if (!read_fields(inputs, numbers)) return std::nullopt;
  for (const std::int64_t number : numbers) append_number(again, number);
  if (!std::ranges::equal(again, inputs)) return std::nullopt;
  return numbers;
}

}  // namespace

bool SegmentWriter::counts_on(const SealedAct& act) const {
  if (accounts_.empty() || act.account.value < accounts_.back()) return accounts_.empty();
  return act.n == (act.account.value == accounts_.back() ? last_n_ + 1 : 0);
}

bool SegmentWriter::add(const SealedAct& act) {
  const auto inputs = numbers_of(act.inputs);
  if (!inputs || !counts_on(act) || (size() > 0 && inputs->size() != inputs_.size())) return false;
  if (size() == 0) first_n_ = act.n;
  last_n_ = act.n;
  inputs_.resize(inputs->size());
  for (std::size_t i = 0; i < inputs_.size(); ++i) inputs_[i].push_back((*inputs)[i]);
  accounts_.push_back(act.account.value);
  started_ms_.push_back(act.started_at.ms);
  durations_ms_.push_back(act.duration_ms);
  sizes_.push_back(static_cast<std::int64_t>(act.record_suffix.size()));
  revisions_.push_back(act.revision);
  withdrawn_.push_back(act.withdrawn ? 1 : 0);
  outcomes_.push_back(static_cast<std::int64_t>(act.outcome));
  reductions_mg_.push_back(act.reduction_mg);
  const ByteView text = as_bytes(act.record_suffix);
  texts_.insert(texts_.end(), text.begin(), text.end());
  return true;
}

Bytes SegmentWriter::take() {
  CborWriter out;
  out.integer(static_cast<std::int64_t>(size())).integer(accounts_.front()).integer(first_n_);
  out.integer(static_cast<std::int64_t>(inputs_.size()));
  write_column(out, differences(accounts_));
  for (const Numbers* column : {&started_ms_, &durations_ms_, &sizes_, &revisions_, &withdrawn_, &outcomes_})
    write_column(out, *column);
  for (const Numbers& column : inputs_) write_column(out, column);
  write_column(out, reductions_mg_);
  out.bytes(texts_);
  *this = SegmentWriter();
  return out.take();
}

std::int64_t ActSegment::Column::value(std::size_t row) const {
  std::uint64_t multiple = 0;
  for (std::size_t plane = width; plane-- > 0;) multiple = multiple << byte_bits | planes[plane * rows + row];
  return static_cast<std::int64_t>(smallest + multiple * step);
}

std::optional<ActSegment> ActSegment::read(Bytes bytes) {
  ActSegment segment;
  segment.bytes_ = std::move(bytes);
  CborReader in(segment.bytes_);
  const auto rows = static_cast<std::uint64_t>(in.integer());
  std::int64_t account = in.integer();
  std::int64_t n = in.integer();
  const auto input_count = static_cast<std::uint64_t>(in.integer());
  if (rows == 0 || rows > segment_rows_max) return std::nullopt;
  bool whole = true;
  const auto column = [&] {
    Column read{static_cast<std::uint64_t>(in.integer()), static_cast<std::uint64_t>(in.integer()), rows, in.bytes()};
    read.width = read.planes.size() / rows;
    whole = whole && read.planes.size() % rows == 0 && read.width <= sizeof(std::uint64_t);
    return read;
  };
  const Column differences = column();
  segment.started_ms_ = column();
  segment.durations_ms_ = column();
  const Column sizes = column();
  segment.revisions_ = column();
  segment.withdrawn_ = column();
  segment.outcomes_ = column();
  for (std::uint64_t i = 0; i < input_count && in.ok(); ++i) segment.inputs_.push_back(column());
  segment.reductions_mg_ = column();
  segment.texts_ = in.bytes();
  if (!in.finish() || !whole) return std::nullopt;

  segment.accounts_.reserve(rows);
  segment.n_.reserve(rows);
  segment.text_begins_.reserve(rows + 1);
  std::size_t text = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int64_t difference = row == 0 ? 0 : differences.value(row);
    account = static_cast<std::int64_t>(static_cast<std::uint64_t>(account) + static_cast<std::uint64_t>(difference));
    if (row > 0) n = difference == 0 ? n + 1 : 0;
    segment.accounts_.push_back(account);
    segment.n_.push_back(n);
    segment.text_begins_.push_back(text);
    const auto size = static_cast<std::uint64_t>(sizes.value(row));
    if (size > segment.texts_.size() - text) return std::nullopt;
    text += size;
  }
  segment.text_begins_.push_back(text);
  if (text != segment.texts_.size()) return std::nullopt;
  return segment;
}

std::size_t ActSegment::first_of(AccountId account) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(accounts_, account.value) - accounts_.begin());
}

SealedAct ActSegment::at(std::size_t row, Bytes& inputs) const {
  inputs.clear();
  for (const Column& input : inputs_) append_number(inputs, input.value(row));
  SealedAct act;
  act.account.value = accounts_[row];
  act.n = n_[row];
  act.started_at.ms = started_ms_.value(row);
  act.duration_ms = durations_ms_.value(row);
  act.record_suffix = as_text(texts_.subspan(text_begins_[row], text_begins_[row + 1] - text_begins_[row]));
  act.revision = revisions_.value(row);
  act.withdrawn = withdrawn_.value(row) != 0;
  act.outcome = static_cast<Outcome>(outcomes_.value(row));
  act.inputs = inputs;
  act.reduction_mg = reductions_mg_.value(row);
  return act;
}

}  // namespace tanpuhui
