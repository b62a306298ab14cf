#pragma once
/// Gathers the operations of a program while it is compiled. The compiler never thinks of room for values: each
/// operation gives a new value; what is asked for twice is calculated once; what the result does not need is left out.
/// At the end the operations are put into the order in which the result asks for them, and lanes are given out.
#include <array>
#include <compare>
#include <map>
#include <optional>
#include <vector>

#include "expr/program.h"

namespace tanpuhui::expr {

/// A value in a program that is being built.
struct Register {
  enum class Kind : std::uint8_t { constant, column, operation };
  Kind kind = Kind::constant;
  std::uint32_t index = 0;
  auto operator<=>(const Register&) const = default;
};

class ProgramBuilder {
 public:
  Register constant(int128 value);
  /// The first of several constants that lie side by side, for `gather`.
  Register constants(const std::vector<int128>& values);
  static Register column(std::size_t index) { return {Register::Kind::column, static_cast<std::uint32_t>(index)}; }
  /// `wide`: some operand or the result does not fit 64 bits; `wide_result`: the result does not.
  Register operation(Op op, Register a, Register b, Register c, bool wide, bool wide_result);

  /// Empty when lanes or constants run out. The divisor is left to the caller.
  std::optional<Program> finish(Register result) const;

 private:
  struct Draft {
    Op op = Op::add;
    Register a, b, c;
    bool wide = false, wide_result = false;
    auto operator<=>(const Draft&) const = default;
  };
  /// Operations the result needs, operands first, depth first: what is calculated is used soon.
  std::vector<std::uint32_t> order(Register result) const;

  std::vector<Draft> drafts_;
  std::map<Draft, std::uint32_t> known_;
  std::vector<int128> constants_;
  std::map<int128, std::uint32_t> known_constants_;
  std::map<std::vector<int128>, std::uint32_t> known_rows_;
};

}  // namespace tanpuhui::expr
