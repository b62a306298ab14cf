#pragma once
/// The lines that intake takes in between two commits: all that happens to them but their storing.
///
///   IntakeChunk chunk(intake, consents, salt);
///   chunk.begin();
///   while (... file.next(raw)) chunk.add(raw, file.line());
///   chunk.pack([&](Day day, std::int64_t rows, const Bytes& run) { store(day, rows, run); });
///   chunk.add_to(report);
#include <functional>

#include "rooms/activity/shell/consent_book.h"
#include "rooms/activity/shell/ingest.h"

namespace tanpuhui {

class IntakeChunk {
 public:
  /// All three outlive the chunk. `subject_salt` may be empty where the methodology does not tell subjects apart.
  IntakeChunk(Intake& intake, ConsentBook& consents, ByteView subject_salt);

  void begin();
  /// What one line can tell by itself. The texts of `raw` are copied.
  void add(const RawRecord& raw, std::int64_t line);
  /// Whose each line is, and the methodology's checks, day by day. Gives a run for each day with something left, in
  /// order of the days.
  using Save = std::function<void(Day day, std::int64_t rows, const Bytes& run)>;
  void pack(const Save& save);
  /// After `pack`: counts and examples of this chunk.
  void add_to(IngestReport& report);

 private:
  /// Indices of the acts that a consent covers.
  std::vector<std::uint32_t> credit();
  void pack_day(std::span<const std::uint32_t> indices, Day day, const Save& save);
  void refuse(std::int64_t line, Outcome outcome, std::string_view field, std::string_view value);
  void refuse_check(std::uint32_t index, std::int32_t check);
  std::string record_id(std::uint32_t index) const;

  Intake& intake_;
  ConsentBook& consents_;
  ByteView subject_salt_;
  Acts acts_;
  std::vector<std::int64_t> fields_, lines_, checks_full_;
  std::vector<std::uint32_t> persons_;  // beside lines_: numbers of the consent book
  std::size_t early_full_ = 0;
  OutcomeCounts counts_{};
  std::vector<std::int64_t> check_counts_;
  std::vector<IngestExample> examples_;
  std::vector<std::int32_t> failed_;
  Bytes run_;
};

}  // namespace tanpuhui
