#include "rooms/activity/shell/intake_chunk.h"

#include <algorithm>
#include <array>
#include <future>
#include <mutex>
#include <utility>

#include "crypto/hash.h"
#include "rooms/activity/subject_key.h"

namespace tanpuhui {
namespace {

constexpr std::size_t example_value_max = 120;
constexpr std::size_t held_bytes_max = std::size_t{16} << 20;  // some 400,000 records

/// The longest beginning that does not cut a character in two.
std::string shortened(std::string_view text) {
  if (text.size() <= example_value_max) return std::string(text);
  std::size_t size = example_value_max;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80) --size;
  return std::string(text.substr(0, size)) + "...";
}

}  // namespace

IntakeChunk::IntakeChunk(const ChunkDesk& desk, const RecordSource& source)
    : intake_(desk.intake),
      consents_(desk.consents),
      subject_salt_(desk.subject_salt),
      reader_(source.make_reader(intake_)),
      acts_(desk.intake.kept_count()),
      fields_(desk.intake.kept_count()) {}

void IntakeChunk::begin() {
  acts_.clear();
  lines_.clear();
  subjects_.clear();
  subjects_end_.clear();
  examples_.clear();
  checks_full_.clear();
  early_full_ = 0;
  counts_.fill(0);
  check_counts_.assign(intake_.rules().methodology->checks.size(), 0);
}

void IntakeChunk::read(const std::function<void(const RawRecord&)>& on_record) {
  begin();
  for (std::size_t i = 0; i < taken_.size(); ++i) {
    reader_->read(taken_.text(i), raw_);
    if (on_record) on_record(raw_);
    add(raw_, taken_.number(i));
  }
}

void IntakeChunk::add(const RawRecord& raw, std::int64_t line) {
  Act act;
  const Verdict verdict = intake_.read(raw, act, std::span(fields_).first(intake_.field_count()));
  if (!verdict.passed()) return refuse(line, verdict.outcome, verdict.field, verdict.value);
  const std::string_view subject = raw.values[slot_subject].text;
  subjects_.append(subject);
  subjects_end_.push_back(subjects_.size());
  if (intake_.kept_count() > intake_.field_count())
    fields_.back() = subject_key(subject_salt_, intake_.rules().scenario, subject, sha256);
  acts_.append(act, fields_);
  lines_.push_back(line);
}

void IntakeChunk::pack(const Save& save) {
  std::vector<std::int32_t> days(acts_.size());
  for (std::size_t i = 0; i < days.size(); ++i) days[i] = intake_.day_of_act(Instant{acts_.started_ms[i]}).number;
  std::vector<std::uint32_t> order = credit();
  consents_.end_chunk();
  std::stable_sort(order.begin(), order.end(), [&days](auto a, auto b) { return days[a] < days[b]; });
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    const Day day{days[order[first]]};
    while (last < order.size() && days[order[last]] == day.number) ++last;
    pack_day(std::span(order).subspan(first, last - first), day, save);
  }
}

std::vector<std::uint32_t> IntakeChunk::credit() {
  subject_texts_.clear();
  for (std::size_t i = 0, begin = 0; i < subjects_end_.size(); begin = subjects_end_[i++])
    subject_texts_.push_back(std::string_view(subjects_).substr(begin, subjects_end_[i] - begin));
  consents_.number_all(subject_texts_, persons_);
  consents_.learn();
  std::vector<std::uint32_t> credited;
  credited.reserve(acts_.size());
  early_full_ = 0;  // these are in order of lines too, beside those that were refused by themselves
  for (std::uint32_t i = 0; i < acts_.size(); ++i) {
    const Credited found = find_credited(consents_.of(persons_[i]), Instant{acts_.started_ms[i]}, intake_.rules().now);
    acts_.account[i] = found.account.value;
    if (found.outcome == Outcome::received)
      credited.push_back(i);
    else
      refuse(lines_[i], found.outcome, "subject", "");  // nothing is kept of who did not consent: the line tells
  }
  return credited;
}

void IntakeChunk::add_to(IngestReport& report) {
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (counts_[i] > 0) report.counts[std::string(describe_outcome(static_cast<Outcome>(i)).id)] += counts_[i];
  for (std::size_t i = 0; i < check_counts_.size(); ++i)
    if (check_counts_[i] > 0) report.counts[intake_.check_id(static_cast<std::int32_t>(i))] += check_counts_[i];
  std::stable_sort(examples_.begin(), examples_.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  for (IngestExample& example : examples_)
    if (report.examples.size() < examples_max) report.examples.push_back(std::move(example));
}

void IntakeChunk::pack_day(std::span<const std::uint32_t> indices, Day day, const Save& save) {
  intake_.first_failed_checks(acts_, indices, day, failed_);
  run_.clear();
  std::int64_t rows = 0;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (failed_[i] != no_failed_check) {
      refuse_check(indices[i], failed_[i]);
      continue;
    }
    append_to_run(run_, acts_, indices[i], day);
    ++rows;
  }
  counts_[slot(Outcome::received)] += rows;
  if (rows > 0) save(day, rows, run_);
}

void IntakeChunk::refuse(std::int64_t line, Outcome outcome, std::string_view field, std::string_view value) {
  ++counts_[slot(outcome)];
  if (early_full_ >= examples_max) return;
  ++early_full_;
  const OutcomeRow& row = describe_outcome(outcome);
  examples_.push_back({line, std::string(row.id), std::string(field), shortened(value), std::string(row.zh),
                       std::string(row.en), std::string(row.remedy_zh), std::string(row.remedy_en)});
}

// Days are checked one after another, so a later day may hold an earlier line: keep the first lines of all.
void IntakeChunk::refuse_check(std::uint32_t index, std::int32_t check) {
  ++check_counts_[static_cast<std::size_t>(check)];
  if (checks_full_.size() >= examples_max && lines_[index] >= checks_full_.back()) return;
  checks_full_.insert(std::upper_bound(checks_full_.begin(), checks_full_.end(), lines_[index]), lines_[index]);
  if (checks_full_.size() > examples_max) checks_full_.pop_back();
  const OutcomeRow& row = describe_outcome(Outcome::check_failed);
  const BilingualText& text = intake_.rules().methodology->checks[static_cast<std::size_t>(check)].message;
  examples_.push_back({lines_[index], intake_.check_id(check), "record_id", record_id(index), text.zh, text.en,
                       std::string(row.remedy_zh), std::string(row.remedy_en)});
}

std::string IntakeChunk::record_id(std::uint32_t index) const {
  const Day day = intake_.day_of_act(Instant{acts_.started_ms[index]});
  return format_compact_day(day) + "-" + std::string(acts_.record_suffix[index]);
}

std::size_t PackedChunk::bytes() const {
  std::size_t sum = 0;
  for (const Run& run : runs) sum += run.bytes.size();
  return sum;
}

PackedChunk pack_chunk(IntakeChunk& chunk, const ChunkLines& lines) {
  PackedChunk packed{lines, {}, {}};
  chunk.pack([&](Day day, std::int64_t rows, const Bytes& run) { packed.runs.push_back({day, rows, run}); });
  chunk.add_to(packed.part);
  return packed;
}

void HeldChunks::add(PackedChunk chunk) {
  bytes_ += chunk.bytes();
  chunks_.push_back(std::move(chunk));
}

bool HeldChunks::full() const { return bytes_ >= held_bytes_max; }

std::vector<PackedChunk> HeldChunks::release() {
  bytes_ = 0;
  return std::exchange(chunks_, {});
}

void read_in_chunks(RecordSource& source, const ChunkDesk& desk, std::size_t chunk_lines,
                    const std::function<void(const RawRecord&)>& on_record,
                    const std::function<void(IntakeChunk&, const ChunkLines&)>& save) {
  std::mutex seeing;
  std::function<void(const RawRecord&)> see;
  if (on_record)
    see = [&](const RawRecord& raw) {
      const std::scoped_lock one_at_a_time(seeing);
      on_record(raw);
    };
  std::array<IntakeChunk, 2> chunks{{{desk, source}, {desk, source}}};
  std::array<std::shared_future<void>, 2> saved;
  for (std::size_t turn = 0; !source.at_end(); turn ^= 1U) {
    if (saved[turn].valid()) saved[turn].get();
    IntakeChunk& chunk = chunks[turn];
    ChunkLines lines{source.records()};
    chunk.take(source, chunk_lines);
    lines.until = source.records();
    lines.more = !source.at_end();
    if (source.problem() != Outcome::received) break;
    saved[turn] = std::async(std::launch::async, [&save, &see, &chunk, lines, before = saved[turn ^ 1U]]() mutable {
      chunk.read(see);
      if (before.valid()) std::exchange(before, {}).get();
      save(chunk, lines);
    });
  }
  for (const auto& last : saved)
    if (last.valid()) last.get();
}

}  // namespace tanpuhui
