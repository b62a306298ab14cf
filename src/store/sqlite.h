#pragma once
/// The engine of files: SQLite through its own C interface. WAL, synchronous=FULL.
///
/// One connection of one process writes and checkpoints, when the log has grown beyond 64 MB; readers neither write nor
/// checkpoint. This is what keeps a WAL safe with every SQLite version (a race between a checkpoint and a commit of two
/// connections can corrupt it).
#include <memory>
#include <string>

#include "store/engine.h"

namespace tanpuhui {

/// Creates the file where there is none, when it may write.
std::unique_ptr<Engine> open_sqlite(const std::string& path, Access access);

}  // namespace tanpuhui
