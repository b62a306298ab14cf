#include "rooms/activity/shell/ingest.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "base/fault.h"
#include "crypto/hash.h"
#include "rooms/activity/shell/intake_chunk.h"
#include "rooms/activity/shell/record_file.h"
#include "store/programme.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t runs_deleted_a_commit = 256;

// A file of the same bytes is another arrival: it may have been refused for its manifest.
Digest digest_of_messages(std::string_view text) {
  return Sha256Stream().update(as_bytes("messages\n")).update(as_bytes(text)).finish();
}

/// One arrival on its way in.
class Ingest {
 public:
  Ingest(Database& writer, const IngestOptions& options)
      : writer_(writer), options_(options), intake_(options.rules), consents_(writer, options.scenario) {
    if (options.manifest) check_.emplace(*options.manifest, *options.rules.methodology);
    if (options.rules.methodology->tells_subjects_apart()) subject_salt_ = load_programme(writer).account_salt;
  }

  IngestReport run_file(const std::string& path) {
    report_.file_name =
        options_.file_name.empty() ? std::filesystem::path(path).filename().string() : options_.file_name;
    digest_ = std::async(std::launch::async, [this, &path] {
      return digest_file(path, [this](std::int64_t done, std::int64_t total) {
        report_.bytes = done;
        if (options_.progress) options_.progress(done, total);
      });
    });
    // A manifest looks at each record once, and so only when it is known that the file is to be read.
    if (!check_ && read_beside_digest(path)) return std::move(report_);
    if (const Outcome known = settle(); known != Outcome::received) return end_with(known);
    return read_file(path);
  }

  IngestReport run_messages(const StreamName& stream, std::span<const Message> messages) {
    report_.file_name = stream.name;
    const std::vector<Message> fresh = find_new_messages(writer_, options_.scenario, stream, messages);
    if (fresh.empty()) return end_with(Outcome::file_already_received);
    report_.file_name += fmt::format("/{}-{}", fresh.front().number, fresh.back().number);
    RecordMessages records(fresh, intake_);
    report_.bytes = static_cast<std::int64_t>(records.text().size());
    report_.digest = digest_of_messages(records.text());
    on_complete_ = [&] { record_messages(writer_, options_.scenario, stream, fresh); };
    if (const Outcome known = find_arrival(); known != Outcome::received) {
      Transaction transaction(writer_);
      on_complete_();
      transaction.commit();
      return end_with(known);
    }
    read_records(records);
    return std::move(report_);
  }

 private:
  struct NotNew {};

  /// Reads while the digest is made, and holds what it read until it is known. False: what was read is not wanted; the
  /// file was here before, or has a problem.
  bool read_beside_digest(const std::string& path) {
    RecordFile file(path, intake_);
    HeldChunks held;
    try {
      read_in_chunks(file, desk(), options_.chunk_lines, {}, [&](IntakeChunk& chunk, const ChunkLines& lines) {
        held.add(pack(chunk, lines));
        if (lines.more && !held.full() && !digest_is_made()) return;
        if (settle() != Outcome::received || report_.resumed) throw NotNew();
        for (PackedChunk& packed : held.release()) store(std::move(packed));
      });
    } catch (const NotNew&) {
      return false;
    }
    if (report_.arrival_id == 0) return false;
    end_reading(file);
    return true;
  }

  bool digest_is_made() const {
    return !digest_.valid() || digest_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  /// Once the digest is there: `received` when the file is to be read, or what ends it.
  Outcome settle() {
    if (!digest_.valid()) return settled_;
    const auto digest = digest_.get();
    if (!digest) return settled_ = Outcome::file_unreadable;
    report_.digest = *digest;
    if (report_.bytes == 0) return settled_ = Outcome::file_empty;
    if (check_) report_.differences = check_->compare_file(report_.file_name, report_.digest);
    if (!report_.differences.empty()) return settled_ = Outcome::file_differs_from_manifest;
    settled_ = find_arrival();
    if (settled_ != Outcome::received && settled_ != Outcome::file_already_received) delete_runs();
    if (settled_ == Outcome::file_differs_from_manifest && check_) {
      start_again();
      settled_ = Outcome::received;
    }
    return settled_;
  }

  IngestReport read_file(const std::string& path) {
    RecordFile file(path, intake_);
    if (file.problem() == Outcome::file_empty) return end_with(Outcome::file_empty);
    read_records(file);
    return std::move(report_);
  }

  void start_again() {
    writer_.statement("UPDATE arrivals SET state = 'provisional', lines_done = 0, counts = ? WHERE arrival_id = ?")
        .bind(progress_json(report_))
        .bind(report_.arrival_id)
        .run();
  }

  IngestReport end_with(Outcome outcome) {
    report_.file_outcome = outcome;
    return std::move(report_);
  }

  /// `received` when there is something left to do.
  Outcome find_arrival() {
    auto row = writer_.statement(
        "SELECT arrival_id, state, lines_done, counts FROM arrivals WHERE scenario_id = ? AND digest = ?");
    row.bind(options_.scenario.value).bind(ByteView(report_.digest));
    if (!row.step()) return Outcome::received;
    report_.arrival_id = row.integer(0);
    if (row.text(1) == "complete") return Outcome::file_already_received;
    if (row.text(1) == "refused") return find_outcome(row.text(3)).value_or(Outcome::file_unreadable);
    report_.resumed = true;
    lines_done_ = row.integer(2);
    read_progress_json(row.text(3), report_);
    return Outcome::received;
  }

  void read_records(RecordSource& file) {
    pass_over_done(file);
    report_.lines = file.records();
    std::function<void(const RawRecord&)> on_record;
    if (check_) on_record = [this](const RawRecord& raw) { check_->add(raw); };
    read_in_chunks(file, desk(), options_.chunk_lines, on_record, [this](IntakeChunk& chunk, const ChunkLines& lines) {
      if (!lines.more && check_) report_.differences = check_->compare_records();
      if (report_.differences.empty()) store(pack(chunk, lines));
    });
    end_reading(file);
  }

  ChunkDesk desk() { return {intake_, consents_, subject_salt_}; }

  void end_reading(const RecordSource& file) {
    report_.lines = file.records();
    if (file.problem() != Outcome::received)
      refuse_file(file.problem());
    else if (!report_.differences.empty())
      refuse_file(Outcome::file_differs_from_manifest);
  }

  // What a manifest says is of the whole file: what was committed before a kill is added up once more.
  void pass_over_done(RecordSource& file) {
    if (!check_) {
      file.skip(lines_done_);
      return;
    }
    for (RawRecord raw; file.records() < lines_done_ && file.next(raw);) check_->add(raw);
  }

  PackedChunk pack(IntakeChunk& chunk, const ChunkLines& lines) {
    const ReadTransaction one_state(writer_);  // and one lock for all the persons that are looked up
    return pack_chunk(chunk, lines);
  }

  void store(PackedChunk packed) {
    const ChunkLines& lines = packed.lines;
    report_.lines = lines.until;
    Transaction transaction(writer_);
    if (report_.arrival_id == 0) insert_arrival();
    std::int64_t number = 0;
    for (const PackedChunk::Run& run : packed.runs) insert_run(run.day, lines, number++, run.rows, run.bytes);
    add_part(std::move(packed.part));
    writer_
        .statement("UPDATE arrivals SET state = ?, lines_done = ?, counts = ?, completed_at = ? WHERE arrival_id = ?")
        .bind(lines.more ? "provisional" : "complete")
        .bind(report_.lines)
        .bind(progress_json(report_))
        .bind(lines.more ? std::nullopt : std::optional(options_.rules.now.ms))
        .bind(report_.arrival_id)
        .run();
    if (!lines.more && on_complete_) on_complete_();
    transaction.commit();
    if (options_.lines_progress) options_.lines_progress(report_.lines);
  }

  void add_part(IngestReport part) {
    for (const auto& [outcome, count] : part.counts) report_.counts[outcome] += count;
    for (IngestExample& example : part.examples)
      if (report_.examples.size() < examples_max) report_.examples.push_back(std::move(example));
  }

  void insert_arrival() {
    report_.arrival_id = writer_.statement("SELECT coalesce(max(arrival_id), 0) + 1 FROM arrivals").run_integer();
    writer_
        .statement(
            "INSERT INTO arrivals(arrival_id, scenario_id, digest, file_name, bytes, state, lines_done, counts, "
            "started_at) VALUES (?, ?, ?, ?, ?, 'provisional', 0, '', ?)")
        .bind(report_.arrival_id)
        .bind(options_.scenario.value)
        .bind(ByteView(report_.digest))
        .bind(report_.file_name)
        .bind(report_.bytes)
        .bind(options_.rules.now.ms)
        .run();
  }

  // A chunk is named by the number of lines before it: the same number in a resumed file.
  void insert_run(Day day, const ChunkLines& lines, std::int64_t run, std::int64_t rows, const Bytes& bytes) {
    writer_
        .statement(
            "INSERT INTO arrived_runs(run_id, scenario_id, day, arrival_id, chunk_no, row_count, rows) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(next_run_id(run))
        .bind(options_.scenario.value)
        .bind(day.number)
        .bind(report_.arrival_id)
        .bind(lines.before)
        .bind(rows)
        .bind(bytes)
        .run();
  }

  std::int64_t next_run_id(std::int64_t run) {
    if (run == 0)
      first_run_id_ = writer_.statement("SELECT coalesce(max(run_id), 0) + 1 FROM arrived_runs").run_integer();
    return first_run_id_ + run;
  }

  void refuse_file(Outcome outcome) {
    Transaction transaction(writer_);
    if (report_.arrival_id == 0) insert_arrival();
    writer_.statement("UPDATE arrivals SET state = 'refused', counts = ? WHERE arrival_id = ?")
        .bind(describe_outcome(outcome).id)
        .bind(report_.arrival_id)
        .run();
    transaction.commit();
    delete_runs();
    report_.counts.clear();
    report_.examples.clear();
    report_.file_outcome = outcome;
  }

  void delete_runs() {
    std::int64_t deleted = 0;
    do {
      Transaction transaction(writer_);
      deleted = writer_
                    .statement(
                        "DELETE FROM arrived_runs WHERE run_id IN (SELECT run_id FROM arrived_runs "
                        "WHERE arrival_id = ? LIMIT ?)")
                    .bind(report_.arrival_id)
                    .bind(runs_deleted_a_commit)
                    .run();
      transaction.commit();
    } while (deleted > 0);
  }

  Database& writer_;
  const IngestOptions& options_;
  Intake intake_;
  ConsentBook consents_;
  Bytes subject_salt_;  // that of the account numbers; empty where nothing asks for it
  IngestReport report_;
  std::optional<ManifestCheck> check_;
  Outcome settled_ = Outcome::received;
  std::future<std::optional<Digest>> digest_;  // of a file; ends before what it writes to
  std::function<void()> on_complete_;          // in the transaction that makes the arrival complete; may be empty
  std::int64_t lines_done_ = 0, first_run_id_ = 0;
};

}  // namespace

IngestReport ingest_file(Database& writer, const std::string& path, const IngestOptions& options) {
  TANPUHUI_REQUIRE(options.chunk_lines > 0 && options.chunk_lines < 65'536, "a chunk has 1 to 65,535 lines");
  const Job alone(writer, options.patience);
  return Ingest(writer, options).run_file(path);
}

void recall_report(Database& database, IngestReport& report) {
  auto row = database.statement("SELECT lines_done, counts FROM arrivals WHERE arrival_id = ?");
  if (!row.bind(report.arrival_id).step()) return;
  report.lines = row.integer(0);
  read_progress_json(row.text(1), report);
}

IngestReport ingest_messages(Database& writer, const StreamName& stream, std::span<const Message> messages,
                             const IngestOptions& options) {
  const Job alone(writer);
  return Ingest(writer, options).run_messages(stream, messages);
}

}  // namespace tanpuhui
