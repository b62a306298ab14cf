#include "expr/program.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "expr/exact.h"

namespace tanpuhui::expr {
namespace {

using Columns = std::span<const std::int64_t* const>;

template <class T>
T apply(Op op, T a, T b) {
  switch (op) {
    case Op::add:
      return a + b;
    case Op::subtract:
      return a - b;
    case Op::multiply:
      return a * b;
    case Op::minimum:
      return a < b ? a : b;
    case Op::maximum:
      return a < b ? b : a;
    case Op::less:
      return a < b;
    case Op::less_equal:
      return a <= b;
    case Op::equal:
      return a == b;
    case Op::not_equal:
      return a != b;
    case Op::both:
      return a & b;
    case Op::either:
      return a | b;
    case Op::divide_down:
      return divide_down(a, b);
    case Op::divide_up:
      return divide_up(a, b);
    case Op::divide_half_up:
      return divide_half_up(a, b);
    case Op::select:
    case Op::gather:
      break;
  }
  TANPUHUI_REQUIRE(false, "every operation is known");
}

struct Each {
  const std::int64_t* __restrict values;
  std::int64_t operator[](std::size_t i) const { return values[i]; }
};
struct Same {
  std::int64_t value;
  std::int64_t operator[](std::size_t) const { return value; }
};

template <Op op, class A, class B>
void loop(A a, B b, std::size_t count, std::int64_t* __restrict to) {
  for (std::size_t i = 0; i < count; ++i) to[i] = apply(op, a[i], b[i]);
}

template <class A, class B>
void run_narrow(Op op, A a, B b, std::size_t count, std::int64_t* to) {
  switch (op) {
    case Op::add:
      return loop<Op::add>(a, b, count, to);
    case Op::subtract:
      return loop<Op::subtract>(a, b, count, to);
    case Op::multiply:
      return loop<Op::multiply>(a, b, count, to);
    case Op::minimum:
      return loop<Op::minimum>(a, b, count, to);
    case Op::maximum:
      return loop<Op::maximum>(a, b, count, to);
    case Op::less:
      return loop<Op::less>(a, b, count, to);
    case Op::less_equal:
      return loop<Op::less_equal>(a, b, count, to);
    case Op::equal:
      return loop<Op::equal>(a, b, count, to);
    case Op::not_equal:
      return loop<Op::not_equal>(a, b, count, to);
    case Op::both:
      return loop<Op::both>(a, b, count, to);
    case Op::either:
      return loop<Op::either>(a, b, count, to);
    case Op::divide_down:
      return loop<Op::divide_down>(a, b, count, to);
    case Op::divide_up:
      return loop<Op::divide_up>(a, b, count, to);
    case Op::divide_half_up:
      return loop<Op::divide_half_up>(a, b, count, to);
    case Op::select:
    case Op::gather:
      break;
  }
}

template <class B, class C>
void run_select(const std::int64_t* __restrict condition, B b, C c, std::size_t count, std::int64_t* __restrict to) {
  for (std::size_t i = 0; i < count; ++i) to[i] = condition[i] != 0 ? b[i] : c[i];
}

/// One block of one program.
class Block {
 public:
  Block(const Program& program, Columns columns, std::size_t first, std::size_t count, Workspace& workspace)
      : program_(program), columns_(columns), first_(first), count_(count), workspace_(workspace) {}

  void run() {
    for (const Operation& operation : program_.operations) operation.wide ? wide(operation) : narrow(operation);
  }
  const std::int64_t* values(Operand operand) const {
    if (operand.kind == Operand::Kind::column) return columns_[operand.index] + first_;
    return workspace_.lane(operand.index);
  }
  std::int64_t constant(Operand operand) const { return static_cast<std::int64_t>(program_.constants[operand.index]); }
  /// Wide values lie as bytes over two lanes; they are copied, never aliased.
  int128 wide_value(Operand operand, std::size_t i) const {
    if (operand.kind == Operand::Kind::constant) return program_.constants[operand.index];
    if (operand.kind != Operand::Kind::wide_lane) return values(operand)[i];
    int128 value = 0;
    std::memcpy(&value, workspace_.lane(operand.index) + 2 * i, sizeof value);
    return value;
  }

 private:
  void narrow(const Operation& operation) {
    if (operation.op == Op::select) return select(operation);
    if (operation.op == Op::gather) return gather(operation);
    const bool constant_a = operation.a.kind == Operand::Kind::constant;
    const bool constant_b = operation.b.kind == Operand::Kind::constant;
    std::int64_t* to = workspace_.lane(operation.to.index);
    if (constant_a) return run_narrow(operation.op, Same{constant(operation.a)}, Each{values(operation.b)}, count_, to);
    if (constant_b) return run_narrow(operation.op, Each{values(operation.a)}, Same{constant(operation.b)}, count_, to);
    run_narrow(operation.op, Each{values(operation.a)}, Each{values(operation.b)}, count_, to);
  }
  void select(const Operation& operation) {
    const std::int64_t* condition = values(operation.a);
    std::int64_t* to = workspace_.lane(operation.to.index);
    const auto with = [&](auto b) {
      if (operation.c.kind == Operand::Kind::constant)
        run_select(condition, b, Same{constant(operation.c)}, count_, to);
      else
        run_select(condition, b, Each{values(operation.c)}, count_, to);
    };
    if (operation.b.kind == Operand::Kind::constant) return with(Same{constant(operation.b)});
    with(Each{values(operation.b)});
  }
  void gather(const Operation& operation) {
    const std::int64_t* __restrict index = values(operation.a);
    const int128* __restrict table = program_.constants.data() + operation.b.index;
    std::int64_t* __restrict to = workspace_.lane(operation.to.index);
    for (std::size_t i = 0; i < count_; ++i) to[i] = static_cast<std::int64_t>(table[index[i]]);
  }
  int128 wide_result(const Operation& operation, std::size_t i) const {
    const int128 a = wide_value(operation.a, i);
    if (operation.op == Op::select) return wide_value(a != 0 ? operation.b : operation.c, i);
    if (operation.op == Op::gather) return program_.constants[operation.b.index + static_cast<std::size_t>(a)];
    return apply(operation.op, a, wide_value(operation.b, i));
  }
  void wide(const Operation& operation) {
    std::int64_t* to = workspace_.lane(operation.to.index);
    for (std::size_t i = 0; i < count_; ++i) {
      const int128 value = wide_result(operation, i);
      if (operation.to.kind == Operand::Kind::wide_lane)
        std::memcpy(to + 2 * i, &value, sizeof value);
      else
        to[i] = static_cast<std::int64_t>(value);
    }
  }

  const Program& program_;
  Columns columns_;
  std::size_t first_, count_;
  Workspace& workspace_;
};

/// Division by a constant as a multiplication: floor(n / d) for all 0 <= n < 2^63.
/// With k = floor(log2 d), p = 64 + k and m = floor(2^p / d) + 1 the error m*d - 2^p is at most d < 2^(k+1), hence
/// n * error < 2^(63 + k + 1) = 2^p, which is what makes floor(n*m / 2^p) exact. Powers of two are shifts.
class Divider {
 public:
  explicit Divider(std::uint64_t divisor) : shift_(63 - __builtin_clzll(divisor)) {
    power_of_two_ = (divisor & (divisor - 1)) == 0;
    if (!power_of_two_) multiplier_ = static_cast<std::uint64_t>((uint128{1} << (64 + shift_)) / divisor + 1);
  }
  void run(const std::int64_t* __restrict from, std::size_t count, std::int64_t* __restrict to) const {
    if (power_of_two_) {
      for (std::size_t i = 0; i < count; ++i) to[i] = std::max<std::int64_t>(from[i], 0) >> shift_;
      return;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const auto n = static_cast<std::uint64_t>(std::max<std::int64_t>(from[i], 0));
      to[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>((uint128{n} * multiplier_) >> 64) >> shift_);
    }
  }

 private:
  int shift_;
  bool power_of_two_ = false;
  std::uint64_t multiplier_ = 0;
};

bool is_narrow(Operand operand) { return operand.kind == Operand::Kind::column || operand.kind == Operand::Kind::lane; }

std::int64_t down(int128 value, int128 divisor) {
  return static_cast<std::int64_t>(std::max<int128>(value, 0) / divisor);
}

}  // namespace

const std::int64_t* Program::condition_view(Columns columns, std::size_t first, std::size_t count, Workspace& workspace,
                                            std::int64_t* room) const {
  Block block(*this, columns, first, count, workspace);
  block.run();
  if (result.kind != Operand::Kind::constant) return block.values(result);
  std::fill_n(room, count, block.constant(result));
  return room;
}

void Program::condition_block(Columns columns, std::size_t first, std::size_t count, Workspace& workspace,
                              std::int64_t* out) const {
  const std::int64_t* values = condition_view(columns, first, count, workspace, out);
  if (values != out) std::copy_n(values, count, out);
}

void Program::quantity_block(Columns columns, std::size_t first, std::size_t count, Workspace& workspace,
                             std::int64_t* out) const {
  Block block(*this, columns, first, count, workspace);
  block.run();
  if (is_narrow(result) && divisor <= INT64_MAX)
    return Divider(static_cast<std::uint64_t>(divisor)).run(block.values(result), count, out);
  for (std::size_t i = 0; i < count; ++i) out[i] = down(block.wide_value(result, i), divisor);
}

void Program::signed_quantity_block(Columns columns, std::size_t first, std::size_t count, Workspace& workspace,
                                    std::int64_t* out) const {
  Block block(*this, columns, first, count, workspace);
  block.run();
  if (is_narrow(result) && divisor <= INT64_MAX) {
    const std::int64_t* from = block.values(result);
    const auto by = static_cast<std::int64_t>(divisor);
    for (std::size_t i = 0; i < count; ++i) out[i] = divide_down(from[i], by);
    return;
  }
  for (std::size_t i = 0; i < count; ++i)
    out[i] = static_cast<std::int64_t>(divide_down(block.wide_value(result, i), divisor));
}

int128 Program::scalar(std::span<const std::int64_t> inputs) const {
  int128 lanes[lane_count];
  const auto value = [&](Operand operand) -> int128 {
    if (operand.kind == Operand::Kind::constant) return constants[operand.index];
    return operand.kind == Operand::Kind::column ? inputs[operand.index] : lanes[operand.index];
  };
  for (const Operation& each : operations) {
    const int128 a = value(each.a);
    if (each.op == Op::select)
      lanes[each.to.index] = value(a != 0 ? each.b : each.c);
    else if (each.op == Op::gather)
      lanes[each.to.index] = constants[each.b.index + static_cast<std::size_t>(a)];
    else
      lanes[each.to.index] = apply(each.op, a, value(each.b));
  }
  return value(result);
}

std::int64_t Program::scalar_quantity(std::span<const std::int64_t> inputs) const {
  return down(scalar(inputs), divisor);
}

std::int64_t Program::scalar_signed_quantity(std::span<const std::int64_t> inputs) const {
  return static_cast<std::int64_t>(divide_down(scalar(inputs), divisor));
}

}  // namespace tanpuhui::expr
