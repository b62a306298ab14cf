#include "jobs/fold_entries.h"

#include "store/entry_row.h"
#include "store/lanes.h"

namespace tanpuhui {
namespace {

// Nobody else moved it: the condition holds also where the turn of a job was lost with its connection.
void move_head(Database& writer, std::string_view job, EntryId from, EntryId to) {
  writer.statement("INSERT INTO job_heads VALUES (?, 0, 0) ON CONFLICT (job) DO NOTHING").bind(job).run();
  writer.statement("UPDATE job_heads SET last_entry = ? WHERE job = ? AND last_entry = ?")
      .bind(to.value)
      .bind(job)
      .bind(from.value)
      .queue(1);
}

struct Slice {
  std::int64_t entries = 0;
  EntryId last;
  bool goes_on = false;
};

Slice take_slice(Database& database, Fold& fold, EntryId head, EntryId until, std::int64_t entries_max) {
  Slice slice{0, head, false};
  auto rows = database.scan(
      "SELECT entry_id, body FROM entries WHERE entry_id > ? AND entry_id <= ? ORDER BY entry_id LIMIT ?");
  rows.bind(head.value).bind(until.value).bind(entries_max);
  while (rows.step()) {
    const EntryId id{rows.integer(0)};
    if (!fold.take(read_entry(database, id, rows.blob(1)))) return slice;
    ++slice.entries;
    slice.last = id;
  }
  slice.goes_on = slice.entries == entries_max;
  return slice;
}

Slice fold_slice(Database& writer, std::string_view job, Fold& fold, EntryId until, std::int64_t entries_max) {
  Transaction transaction(writer);
  const EntryId head = job_head(writer, job);
  fold.begin(writer);
  const Slice slice = take_slice(writer, fold, head, until, entries_max);
  if (slice.entries == 0) return slice;
  fold.save(writer);
  move_head(writer, job, head, slice.last);
  transaction.commit();
  return slice;
}

}  // namespace

FoldReport fold_entries(Database& writer, std::string_view job, Fold& fold, const FoldOptions& options) {
  const Job alone(writer);
  const EntryId until = complete_entries(writer);
  const EntryId first = job_head(writer, job);
  FoldReport report{0, first};
  for (bool goes_on = true; goes_on;) {
    const Slice slice = fold_slice(writer, job, fold, until, options.entries_a_slice);
    report.entries += slice.entries;
    report.head = slice.last;
    goes_on = slice.goes_on;
    if (options.progress) options.progress(report.head.value - first.value, until.value - first.value);
  }
  return report;
}

EntryId job_head(Database& database, std::string_view job) {
  auto row = database.statement("SELECT last_entry FROM job_heads WHERE job = ?");
  row.bind(job);
  return row.step() ? EntryId{row.integer(0)} : EntryId{};
}

std::vector<JobHead> list_job_heads(Database& database) {
  std::vector<JobHead> heads;
  auto rows = database.statement("SELECT job, last_entry, ran_at FROM job_heads ORDER BY job");
  while (rows.step()) heads.push_back({std::string(rows.text(0)), EntryId{rows.integer(1)}, Instant{rows.integer(2)}});
  return heads;
}

void record_run(Database& writer, std::string_view job, Instant now) {
  writer.statement("INSERT INTO job_heads VALUES (?, 0, ?) ON CONFLICT (job) DO UPDATE SET ran_at = excluded.ran_at")
      .bind(job)
      .bind(now.ms)
      .run();
}

}  // namespace tanpuhui
