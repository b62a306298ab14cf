#include "server/page.h"

#include <array>

namespace tanpuhui {
namespace {

constexpr std::array<PageFile, 3> files = {{
    {
        "/",
        "text/html; charset=utf-8",
#include "server/page/index.html.inc"
    },
    {
        "/style.css",
        "text/css; charset=utf-8",
#include "server/page/style.css.inc"
    },
    {
        "/page.js",
        "text/javascript; charset=utf-8",
#include "server/page/page.js.inc"
    },
}};

}  // namespace

const PageFile* find_page_file(std::string_view path) {
  for (const PageFile& file : files)
    if (file.path == path) return &file;
  return nullptr;
}

}  // namespace tanpuhui
