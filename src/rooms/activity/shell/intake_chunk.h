#pragma once
/// The lines that intake takes in between two commits: all that happens to them but their storing.
///
///   read_in_chunks(file, {intake, consents, salt}, 50'000, {}, [&](IntakeChunk& chunk, const ChunkLines& lines) {
///     chunk.pack([&](Day day, std::int64_t rows, const Bytes& run) { store(day, rows, run); });
///     chunk.add_to(report);
///   });
#include <functional>

#include "rooms/activity/shell/consent_book.h"
#include "rooms/activity/shell/ingest.h"
#include "rooms/activity/shell/record_file.h"

namespace tanpuhui {

/// What chunks need, which all outlive them. `subject_salt` may be empty where the methodology does not tell subjects
/// apart.
struct ChunkDesk {
  const Intake& intake;   ///< each chunk has a copy
  ConsentBook& consents;  ///< of one chunk at a time: of the one that packs
  ByteView subject_salt;
};

class IntakeChunk {
 public:
  IntakeChunk(const ChunkDesk& desk, const RecordSource& source);
  IntakeChunk(const IntakeChunk&) = delete;
  IntakeChunk& operator=(const IntakeChunk&) = delete;

  /// Begins anew with the next lines of the source.
  void take(RecordSource& source, std::size_t lines) { source.take(taken_, lines); }
  /// What each of them can tell by itself. `on_record` sees every record and may be empty.
  void read(const std::function<void(const RawRecord&)>& on_record);
  /// Whose each line is, and the methodology's checks, day by day. Gives a run for each day with something left, in
  /// order of the days.
  using Save = std::function<void(Day day, std::int64_t rows, const Bytes& run)>;
  void pack(const Save& save);
  /// After `pack`: counts and examples of this chunk.
  void add_to(IngestReport& report);

 private:
  void begin();
  void add(const RawRecord& raw, std::int64_t line);
  /// Indices of the acts that a consent covers.
  std::vector<std::uint32_t> credit();
  void pack_day(std::span<const std::uint32_t> indices, Day day, const Save& save);
  void refuse(std::int64_t line, Outcome outcome, std::string_view field, std::string_view value);
  void refuse_check(std::uint32_t index, std::int32_t check);
  std::string record_id(std::uint32_t index) const;

  Intake intake_;
  ConsentBook& consents_;
  ByteView subject_salt_;
  std::unique_ptr<RecordReader> reader_;
  RecordLines taken_;
  RawRecord raw_;
  Acts acts_;
  std::vector<std::int64_t> fields_, lines_, checks_full_;
  std::string subjects_;                         // one behind another
  std::vector<std::size_t> subjects_end_;        // beside lines_
  std::vector<std::string_view> subject_texts_;  // beside lines_, into subjects_
  std::vector<std::uint32_t> persons_;           // beside lines_: numbers of the consent book
  std::size_t early_full_ = 0;
  OutcomeCounts counts_{};
  std::vector<std::int64_t> check_counts_;
  std::vector<IngestExample> examples_;
  std::vector<std::int32_t> failed_;
  Bytes run_;
};

/// Of the records of a source.
struct ChunkLines {
  std::int64_t before = 0;  ///< lines before the chunk
  std::int64_t until = 0;   ///< and with it
  bool more = false;        ///< others follow
};

/// What a chunk came to, apart from it.
struct PackedChunk {
  struct Run {
    Day day;
    std::int64_t rows = 0;
    Bytes bytes;
  };
  ChunkLines lines;
  std::vector<Run> runs;
  IngestReport part;  ///< its counts and examples

  std::size_t bytes() const;
};
PackedChunk pack_chunk(IntakeChunk& chunk, const ChunkLines& lines);

/// Chunks that are packed and wait, e.g. for the digest of their file: reading goes on meanwhile.
class HeldChunks {
 public:
  void add(PackedChunk chunk);
  /// Nothing more should be held.
  bool full() const;
  std::vector<PackedChunk> release();

 private:
  std::vector<PackedChunk> chunks_;
  std::size_t bytes_ = 0;
};

/// Two chunks at a time, each read on a thread of its own; they are handed to `save` one after another, in the order of
/// the source. It looks one line ahead, so that what `save` calls complete has been seen to its end; a chunk at whose
/// end the source has a problem is not handed on. `on_record` is called by one thread at a time, in no particular
/// order, and may be empty. What `save` throws ends it: nothing behind is saved.
void read_in_chunks(RecordSource& source, const ChunkDesk& desk, std::size_t chunk_lines,
                    const std::function<void(const RawRecord&)>& on_record,
                    const std::function<void(IntakeChunk&, const ChunkLines&)>& save);

}  // namespace tanpuhui
