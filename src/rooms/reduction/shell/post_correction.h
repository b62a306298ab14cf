#pragma once
/// Posting a decided correction: each line becomes an entry of its account, what is missing there is looked for at the
/// providers to whom orders took it, and the rest is due from the reserve. May be repeated after a crash, and again
/// when lines wait for orders that have not ended.
///
///   TANPUHUI_TRY(PostedCorrection posted, post_correction(office, case_number));
///   if (posted.waiting > 0) ...     // later again
///
/// Basis: js24.a22p2, AMB-08, AMB-09, decisions D3
#include "rooms/reduction/shell/find_corrections.h"

namespace tanpuhui {

struct PostedCorrection {
  std::int64_t lines = 0;    ///< that take something back and are posted
  std::int64_t waiting = 0;  ///< of them: for an order that has not ended, or for points that are locked
  Points reversed, overdrawn;
  Milligrams taken_back;  ///< from persons
  Milligrams taken_from_providers;
  Milligrams due;                     ///< from the reserve
  std::optional<BatchId> supplement;  ///< the batch that issues what other lines gain; to be signed and posted
  bool complete() const { return waiting == 0; }
};

/// Refuses: HLD-01 when nothing was computed or decided; MAL-03 when completed orders of these accounts are not settled
/// yet.
Result<PostedCorrection> post_correction(const Office& office, std::int64_t case_number);

}  // namespace tanpuhui
