#pragma once
/// Posting a signed batch: every line becomes an entry of its person. May be repeated after a crash: what is posted is
/// not posted twice.
///
///   TANPUHUI_TRY(PostedBatch posted, post_batch(office, batch));
///
/// Basis: js24.a34, decisions D4
#include <functional>

#include "office/office.h"

namespace tanpuhui {

struct PostedBatch {
  std::int64_t persons = 0;  ///< to whom something was posted
  Points points;
  Milligrams reduction;
  Day credited_on;
};

/// Posts every line that credits as one entry of its person, by part, some thousand in a commit; a batch in which
/// everything is carried has no entries. All lines share the crediting day of the first call. `progress` may be empty:
/// lines done, lines there are. Refuses: ISS-01 unsigned, ISS-03 the sealed acts give another amount now, PTS-02 no
/// points rule on the crediting day; or a line's own refusal.
Result<PostedBatch> post_batch(const Office& office, BatchId batch,
                               const std::function<void(std::int64_t, std::int64_t)>& progress = {});

}  // namespace tanpuhui
