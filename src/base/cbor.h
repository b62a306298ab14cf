#pragma once
/// Canonical bytes: the deterministic subset of CBOR (RFC 8949, 4.2) with integers, byte strings, text and arrays of
/// known length. One value has one encoding, so what is stored is what is hashed and nothing is serialised again.
///
///   CborWriter out;                         CborReader in(bytes);
///   out.array(2).integer(-7).text("km");    in.array(2); auto n = in.integer(); auto t = in.text();
///                                           if (!in.finish()) ... // wrong type, not minimal, too short, too long
///
/// A reader that met something else gives zeros from there on and says so in `finish()`: readers check once.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace tanpuhui {

class CborWriter {
 public:
  CborWriter& integer(std::int64_t value) {
    if (value >= 0) return head(0, static_cast<std::uint64_t>(value));
    return head(1, ~static_cast<std::uint64_t>(value));
  }
  CborWriter& bytes(ByteView value) { return head(2, value.size()).append(value); }
  CborWriter& text(std::string_view value) { return head(3, value.size()).append(as_bytes(value)); }
  CborWriter& array(std::size_t count) { return head(4, count); }

  const Bytes& result() const { return out_; }
  Bytes take() { return std::move(out_); }

 private:
  CborWriter& head(std::uint8_t major, std::uint64_t value) {
    const auto first = static_cast<std::uint8_t>(major << 5U);
    if (value < 24) {
      out_.push_back(static_cast<std::uint8_t>(first | value));
      return *this;
    }
    const int width = value <= 0xff ? 0 : value <= 0xffff ? 1 : value <= 0xffffffff ? 2 : 3;
    out_.push_back(static_cast<std::uint8_t>(first | (24 + width)));
    for (int shift = (8 << width) - 8; shift >= 0; shift -= 8)
      out_.push_back(static_cast<std::uint8_t>(value >> shift));
    return *this;
  }
  CborWriter& append(ByteView value) {
    out_.insert(out_.end(), value.begin(), value.end());
    return *this;
  }
  Bytes out_;
};

class CborReader {
 public:
  explicit CborReader(ByteView in) : in_(in) {}

  std::int64_t integer();
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
  std::uint64_t head(std::uint8_t major_wanted, std::uint8_t* major_seen = nullptr);
  ByteView take(std::uint64_t size);
  ByteView in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace tanpuhui
