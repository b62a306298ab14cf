#pragma once
/// A long job over all parts that several processes may do together: each takes a lane that nobody has, does what is to
/// be done in its parts, and takes the next. It returns when every lane has been gone through, by whomever: where
/// another process had a lane, this one looks into it again afterwards. Who dies is replaced after the term of its
/// lease.
///
///   TANPUHUI_TRY(const Done all, share_lanes(database, [&](PartRange parts, const Shared& lease) -> Result<Done> {
///     for (...) writer.execute(commands_of(parts), now, lease);       // LeaseLost: another process goes on
///     return Done{};
///   }));
///
/// Basis: decisions D27
#include <chrono>
#include <functional>

#include "base/result.h"
#include "store/lanes.h"
#include "store/writer.h"

namespace tanpuhui {

/// Renewed by every commit; above what a commit of a job takes.
inline constexpr std::chrono::seconds lease_term{30};

/// `work` may be called for a lane more than once: what is done must be known by its command ids or by the state.
/// The first refusal ends it.
using WorkInParts = std::function<Result<Done>(PartRange parts, const Shared& lease)>;
Result<Done> share_lanes(Database& writer, const WorkInParts& work, std::chrono::milliseconds term = lease_term);

}  // namespace tanpuhui
