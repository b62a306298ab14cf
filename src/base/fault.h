#pragma once
/// The world failed: disk, file, lock, foreign library. Thrown by the shell only (store, server, command line) and
/// caught at its outermost layer: exit code 3 on the command line, 503 on the wire. Nothing was half written.
#include <stdexcept>

namespace tanpuhui {

class Fault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace tanpuhui
