#pragma once
/// Assertions in three strengths, always compiled in.
///
///   TANPUHUI_HALT_UNLESS(sum == 0, "legs of an entry sum to zero")   the ledger is broken: stop the process
///   TANPUHUI_REQUIRE(lot.points_left >= 0, "...")                     our mistake: fail this request (throws Defect)
///   TANPUHUI_EXPECT(is_sorted(lots), "...")                           costly to check: debug builds only
///
/// None of them is for bad input or for the law: that is a Refusal (refusal.h). None is for a world that failed:
/// that is a Fault (fault.h).
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace tanpuhui {

/// We failed. Caught once a request at the outermost layer, never handled in between.
class Defect : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] inline void halt(const char* what, const char* file, int line) {
  std::fprintf(stderr, "tanpuhui stops: %s (%s:%d)\n", what, file, line);
  std::abort();
}

[[noreturn]] inline void raise_defect(const char* what, const char* file, int line) {
  throw Defect(std::string(what) + " (" + file + ":" + std::to_string(line) + ")");
}

}  // namespace tanpuhui

#define TANPUHUI_HALT_UNLESS(condition, what)     \
  do {                                            \
    if (!(condition)) [[unlikely]]                \
      ::tanpuhui::halt(what, __FILE__, __LINE__); \
  } while (false)
#define TANPUHUI_REQUIRE(condition, what)                 \
  do {                                                    \
    if (!(condition)) [[unlikely]]                        \
      ::tanpuhui::raise_defect(what, __FILE__, __LINE__); \
  } while (false)
#ifdef NDEBUG
#define TANPUHUI_EXPECT(condition, what) static_cast<void>(0)
#else
#define TANPUHUI_EXPECT(condition, what) TANPUHUI_HALT_UNLESS(condition, what)
#endif
