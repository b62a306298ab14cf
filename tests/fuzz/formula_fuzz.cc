/// libFuzzer: any bytes as a formula. What compiles must give the same in blocks, one by one and in exact fractions.
/// Built and run by test_fuzz.py.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "../expr/world.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tanpuhui::expr;
  static const Symbols symbols = world::symbols();
  static const world::Columns columns = world::records(symbols, 9, 11);
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string wrong = world::try_text(text, symbols, columns);
  if (wrong.empty()) return 0;
  std::fprintf(stderr, "%s\n", wrong.c_str());
  std::abort();
}
