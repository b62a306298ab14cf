#pragma once
/// A compiled formula: a short list of operations over columns of integers. The compiler (compile.h) has proven from
/// the ranges of the inputs that no operation overflows, so none is checked here: callers must keep inputs in range.
///
/// Columns are worked through in blocks of 1,024 values that stay in cache; nothing is allocated, any number of threads
/// may share a program. `scalar` walks the same operations for one record in 128 bits, independently of the blocks.
#include <cstdint>
#include <span>
#include <vector>

#include "base/quantity.h"

namespace tanpuhui::expr {

inline constexpr std::size_t block_size = 1024;
inline constexpr std::size_t lane_count = 32;

/// Room for intermediate values: 256 KB, of which a usual formula touches 8 KB an operation. Keep one a thread.
struct Workspace {
  /// One array, not one of arrays: a wide lane reads on into the lane behind it.
  alignas(64) std::int64_t values[lane_count * block_size];
  std::int64_t* lane(std::size_t index) { return values + index * block_size; }
};

enum class Op : std::uint8_t {
  add,
  subtract,
  multiply,
  minimum,
  maximum,
  less,
  less_equal,
  equal,
  not_equal,
  both,
  either,
  divide_down,  ///< a / b, b > 0, to a whole number
  divide_up,
  divide_half_up,  ///< a half away from zero
  select,          ///< a is 0 or 1: b if 1, else c
  gather           ///< constants[b.index + a]
};

struct Operand {
  enum class Kind : std::uint8_t { constant, column, lane, wide_lane };
  Kind kind = Kind::constant;
  std::uint16_t index = 0;  ///< a wide lane takes `index` and the one after it
};

struct Operation {
  Op op = Op::add;
  bool wide = false;  ///< operands do not fit 64 bits: calculated in 128
  Operand a, b, to;
  Operand c;  ///< of `select`
};

struct Program {
  std::vector<Operation> operations;
  std::vector<int128> constants;
  Operand result;
  int128 divisor = 1;  ///< of quantities: result / divisor is the value in the wanted unit

  /// A condition for rows [first, first + count) of the columns, count <= block_size: 0 or 1 each, where they lie in
  /// the workspace until it is used again, or in `room`.
  const std::int64_t* condition_view(std::span<const std::int64_t* const> columns, std::size_t first, std::size_t count,
                                     Workspace& workspace, std::int64_t* room) const;
  /// A condition for rows [first, first + count) of the columns, count <= block_size: 0 or 1 each, into `out`.
  void condition_block(std::span<const std::int64_t* const> columns, std::size_t first, std::size_t count,
                       Workspace& workspace, std::int64_t* out) const;
  /// A quantity in the wanted unit, rounded down, negative values as 0.
  void quantity_block(std::span<const std::int64_t* const> columns, std::size_t first, std::size_t count,
                      Workspace& workspace, std::int64_t* out) const;
  /// The same with negative values kept, rounded down as well: -0.5 is -1.
  void signed_quantity_block(std::span<const std::int64_t* const> columns, std::size_t first, std::size_t count,
                             Workspace& workspace, std::int64_t* out) const;

  /// One record; `divisor` has not been applied.
  int128 scalar(std::span<const std::int64_t> inputs) const;
  /// One record: the quantity rounded down, a negative value as 0.
  std::int64_t scalar_quantity(std::span<const std::int64_t> inputs) const;
  /// The same with negative values kept, rounded down.
  std::int64_t scalar_signed_quantity(std::span<const std::int64_t> inputs) const;
};

}  // namespace tanpuhui::expr
