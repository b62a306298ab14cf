#pragma once
/// `tanpuhui ingest`: a file of records, or messages of a stream, into the programme. Stateless but for its progress:
/// what it appends does not depend on what came before. Records are committed a chunk at a time together with the
/// progress, so the same command after a kill goes on where it stopped; nothing is sealed before the file is complete.
///
///   IngestReport report = ingest_file(database, "records/2025-01.ndjson.gz", options);
///   if (report.file_outcome != Outcome::received) ...           // refused as a whole, or received before
///
/// With a manifest the file is complete only when it is what the manifest says. One refused for its manifest may come
/// again with another one.
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "rooms/activity/intake.h"
#include "rooms/activity/manifest.h"
#include "rooms/activity/shell/messages.h"
#include "store/database.h"

namespace tanpuhui {

struct IngestOptions {
  ScenarioId scenario;
  IntakeRules rules;
  const Manifest* manifest = nullptr;                                    ///< what the partner says; null: nothing
  std::string file_name;                                                 ///< empty: that of the path
  std::optional<std::chrono::milliseconds> patience;                     ///< for another process; else it waits on
  std::size_t chunk_lines = 50'000;                                      ///< lines a commit, at most 65,535
  std::function<void(std::int64_t bytes, std::int64_t total)> progress;  ///< may be empty; bytes of the digest pass
  std::function<void(std::int64_t lines)> lines_progress;                ///< after each commit; may be empty
};

/// One of the first lines that were refused.
struct IngestExample {
  std::int64_t line = 0;  ///< from 1
  std::string outcome;    ///< `check_failed.speed_too_high`
  std::string field, value;
  std::string message_zh, message_en, remedy_zh, remedy_en;
};
inline constexpr std::size_t examples_max = 20;

struct IngestReport {
  std::string file_name;
  Outcome file_outcome = Outcome::received;
  Digest digest{};
  std::int64_t bytes = 0;
  std::int64_t arrival_id = 0;
  bool resumed = false;
  std::int64_t lines = 0;                      ///< records, a CSV header not counted
  std::map<std::string, std::int64_t> counts;  ///< lines by outcome; `received` are those that went in
  std::vector<IngestExample> examples;
  std::vector<ManifestDifference> differences;  ///< of file_differs_from_manifest
};

/// Throws Fault when the world fails; run the same command again then. So it may be stopped by what `lines_progress`
/// throws.
IngestReport ingest_file(Database& writer, const std::string& path, const IngestOptions& options);
/// What was said when the file of this report was received: its lines, counts and examples.
void recall_report(Database& database, IngestReport& report);

/// One arrival of messages, committed at once; whoever fetched them acknowledges them when this has returned. Messages
/// that are in the programme are passed over, so it does no harm when a stream gives them again. Lines of the report
/// are numbers of messages. More than `chunk_lines` lines only in a message that is alone.
IngestReport ingest_messages(Database& writer, const StreamName& stream, std::span<const Message> messages,
                             const IngestOptions& options);

/// Counts and examples as the arrivals table keeps them, and back.
std::string progress_json(const IngestReport& report);
void read_progress_json(std::string_view json, IngestReport& report);

}  // namespace tanpuhui
