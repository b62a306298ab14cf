#pragma once
/// Jobs that fold entries into tables of their own, once each: entries since the job's head, in order, some ten
/// thousand a transaction, which also moves the head. So a run that was killed goes on, and a run with nothing new
/// changes nothing. One number is a watermark for all parts, since numbers of entries rise in the order of commits.
///
///   class CountOrders : public Fold { ... };
///   CountOrders orders;
///   fold_entries(writer, "count_orders", orders, {});
///
/// Basis: design.7, design.10
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/entry.h"
#include "store/database.h"

namespace tanpuhui {

class Fold {
 public:
  virtual ~Fold() = default;
  /// Before each slice, in its transaction: what entries are compared with is read here.
  virtual void begin(Database&) {}
  /// The next entry; false: this one and all after it wait for another run.
  virtual bool take(const Entry& entry) = 0;
  /// Writes what was taken since `begin`, in the transaction that moves the head.
  virtual void save(Database& writer) = 0;
};

struct FoldOptions {
  std::int64_t entries_a_slice = 20'000;
  std::function<void(std::int64_t done, std::int64_t all)> progress = {};
};

struct FoldReport {
  std::int64_t entries = 0;  ///< folded by this run
  EntryId head;              ///< all up to here are folded
};

/// A second process waits for its turn.
FoldReport fold_entries(Database& writer, std::string_view job, Fold& fold, const FoldOptions& options);

/// All up to here are folded by this job; 0 before its first run.
EntryId job_head(Database& database, std::string_view job);

struct JobHead {
  std::string job;
  EntryId last_entry;  ///< 0 for jobs that fold no entries
  Instant ran_at;      ///< end of the last run that came to its end; 0 before
};
/// By name.
std::vector<JobHead> list_job_heads(Database& database);
/// The job ran to its end.
void record_run(Database& writer, std::string_view job, Instant now);

}  // namespace tanpuhui
