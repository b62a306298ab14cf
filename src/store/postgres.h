#pragma once
/// The engine of servers: PostgreSQL 15 or newer through libpq. Statements are prepared once a connection; values and
/// results are binary; results are held whole, so that statements nest. `synchronous_commit` is on; writers are READ
/// COMMITTED, a ReadTransaction is one snapshot.
///
/// The connection is always in pipeline mode: what is queued costs no round trip, and what is waited for takes along
/// what was queued before it.
#include <memory>
#include <string>

#include "store/engine.h"

namespace tanpuhui {

std::unique_ptr<Engine> open_postgres(const std::string& location, Access access);

}  // namespace tanpuhui
