#pragma once
/// The machine that a run was made on.
#include <string>

#include "bench/report.h"

namespace tanpuhui {

/// Processor, cores, memory, kernel, load, what one sync of `file` takes, how the program was built.
Facts describe_machine(const std::string& file);

}  // namespace tanpuhui
