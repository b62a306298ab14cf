#pragma once
/// Canonical bytes: the deterministic subset of CBOR (RFC 8949, 4.2) with integers, byte strings, text and arrays of
/// known length. One value has one encoding, so what is stored is what is hashed and nothing is serialised again.
///
///   CborWriter out;                         CborReader in(bytes);
///   out.array(2).integer(-7).text("km");    in.array(2); auto n = in.integer(); auto t = in.text();
///                                           if (!in.finish()) ... // wrong type, not minimal, too short, too long
///
/// A reader that met something else gives zeros from there on and says so in `finish()`: readers check once.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace tanpuhui {

class CborWriter {
 public:
  CborWriter() = default;
  /// For who knows about how long it will be.
  explicit CborWriter(std::size_t expected_bytes) : out_(expected_bytes) {}

  CborWriter& integer(std::int64_t value) {
    if (value >= 0) return head(0, static_cast<std::uint64_t>(value));
    return head(1, ~static_cast<std::uint64_t>(value));
  }
  CborWriter& bytes(ByteView value) { return head(2, value.size()).append(value); }
  CborWriter& text(std::string_view value) { return head(3, value.size()).append(as_bytes(value)); }
  CborWriter& array(std::size_t count) { return head(4, count); }

  ByteView result() const { return ByteView(out_).first(size_); }
  Bytes take() {
    out_.resize(std::exchange(size_, 0));
    return std::exchange(out_, {});
  }

 private:
  static constexpr std::size_t head_bytes_max = 9;

  // All eight bytes are stored, as many as the value needs stay.
  CborWriter& head(std::uint8_t major, std::uint64_t value) {
    std::uint8_t* const at = room_for(head_bytes_max);
    const auto first = static_cast<std::uint8_t>(major << 5U);
    if (value < 24) {
      *at = static_cast<std::uint8_t>(first | value);
      size_ += 1;
      return *this;
    }
    const unsigned width = value <= 0xff ? 0 : value <= 0xffff ? 1 : value <= 0xffffffff ? 2 : 3;
    *at = static_cast<std::uint8_t>(first | (24 + width));
    const std::uint64_t aligned = value << (64U - (8U << width));
    for (unsigned i = 0; i < 8; ++i) at[1 + i] = static_cast<std::uint8_t>(aligned >> (56U - 8 * i));
    size_ += 1 + (std::size_t{1} << width);
    return *this;
  }
  CborWriter& append(ByteView value) {
    if (!value.empty()) std::memcpy(room_for(value.size()), value.data(), value.size());
    size_ += value.size();
    return *this;
  }
  std::uint8_t* room_for(std::size_t more) {
    if (out_.size() - size_ < more) out_.resize(std::max(2 * out_.size(), size_ + more + 64));
    return out_.data() + size_;
  }
  Bytes out_;             ///< longer than what is written
  std::size_t size_ = 0;  ///< written so far
};

class CborReader {
 public:
  explicit CborReader(ByteView in) : in_(in) {}

  std::int64_t integer() {
    if (at_ < in_.size() && in_[at_] < 24 && ok_) return in_[at_++];
    return longer_integer();
  }
  ByteView bytes();
  std::string_view text();
  /// The number of elements that follow; 0 when it is not an array or longer than the rest could hold.
  std::size_t array();
  /// An array of exactly this length.
  void array(std::size_t count) {
    if (array() != count) ok_ = false;
  }

  bool ok() const { return ok_; }
  /// Everything read, nothing left, all of it canonical.
  bool finish() const { return ok_ && at_ == in_.size(); }

 private:
  std::int64_t longer_integer();
  std::uint64_t head(std::uint8_t major_wanted, std::uint8_t* major_seen = nullptr);
  ByteView take(std::uint64_t size);
  ByteView in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace tanpuhui
