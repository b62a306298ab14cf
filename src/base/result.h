#pragma once
/// A value or the reason why there is none. The member names are those of std::expected, which GCC 12 lacks.
///
///   Result<Day> day = parse_day("2025-01-31");
///   if (!day) return day.error();
///   use(*day);
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/refusal.h"

namespace tanpuhui {

template <class T, class E = Refusal>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  using error_type = E;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit like std::expected
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  const T& value() const& { return checked(), std::get<0>(state_); }
  T& value() & { return checked(), std::get<0>(state_); }
  T&& value() && { return checked(), std::get<0>(std::move(state_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }
  const E& error() const {
    TANPUHUI_REQUIRE(!has_value(), "error() of a Result that has a value");
    return std::get<1>(state_);
  }

 private:
  void checked() const { TANPUHUI_REQUIRE(has_value(), "value() of a Result that has none"); }
  std::variant<T, E> state_;
};

/// For an act that returns nothing but may be refused.
struct Done {
  bool operator==(const Done&) const = default;
};

}  // namespace tanpuhui

/// TANPUHUI_TRY(Day day, parse_day(text)); returns the error of the enclosing function's Result when there is one.
#define TANPUHUI_TRY(declaration, expression) TANPUHUI_TRY_(declaration, expression, __LINE__)
#define TANPUHUI_TRY_(declaration, expression, line) TANPUHUI_TRY__(declaration, expression, line)
#define TANPUHUI_TRY__(declaration, expression, line) \
  auto result_##line = (expression);                  \
  if (!result_##line) return result_##line.error();   \
  declaration = std::move(*result_##line)
