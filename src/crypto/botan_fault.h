#pragma once
/// Exceptions of the library stop here: whatever it throws leaves `as_fault` as a Fault.
#include <exception>
#include <string>
#include <utility>

#include "base/fault.h"

namespace tanpuhui {

template <class Work>
auto as_fault(const char* what, Work&& work) -> decltype(work()) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::exception& error) {
    throw Fault(std::string("cryptographic library: ") + what + ": " + error.what());
  }
}

}  // namespace tanpuhui
