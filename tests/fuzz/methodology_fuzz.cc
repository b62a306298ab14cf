/// libFuzzer: any bytes as a methodology file. Loading ends in a methodology or in errors with a place and a remedy.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "methodology/explain.h"
#include "methodology/methodology.h"

namespace {

tanpuhui::Digest no_hash(tanpuhui::ByteView) { return {}; }

void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tanpuhui;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = load_methodology(text, "fuzzed.toml", no_hash);
  if (!loaded) {
    if (loaded.error().empty()) fail("refused without an error");
    for (const TextError& error : loaded.error())
      if (error.message.empty() || error.remedy.empty()) fail("an error without message or remedy");
    return 0;
  }
  for (const MethodologyVector& vector : loaded->vectors) explain(*loaded, vector.inputs, vector.day);
  return 0;
}
