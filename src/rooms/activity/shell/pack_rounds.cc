#include "rooms/activity/shell/pack_rounds.h"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/hash.h"
#include "rooms/activity/seal.h"
#include "rooms/activity/shell/find_sealed_acts.h"
#include "rooms/activity/shell/segment_bytes.h"

namespace tanpuhui {
namespace {

struct PackableRound {
  SealedRound round;
  std::string scenario_name;
  Digest methodology_hash{}, digest{};
};

Digest to_digest(ByteView bytes) {
  Digest digest{};
  TANPUHUI_REQUIRE(bytes.size() == digest.size(), "a stored digest has 32 bytes");
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

std::vector<PackableRound> list_packable(Database& database, const PackOptions& options) {
  std::vector<PackableRound> rounds;
  auto rows = database.statement(
      "SELECT d.scenario_id, d.day, d.round, d.batch_id, s.name, b.methodology_hash, d.digest FROM sealed_days d "
      "JOIN batches b ON b.batch_id = d.batch_id JOIN scenarios s ON s.scenario_id = d.scenario_id "
      "WHERE d.segments = 0 AND b.state = 'posted' AND d.day <= ? ORDER BY d.day, d.scenario_id, d.round");
  rows.bind(options.until ? options.until->number : INT32_MAX);
  while (rows.step()) {
    const ScenarioId scenario{rows.integer(0)};
    if (options.scenario && *options.scenario != scenario) continue;
    rounds.push_back(
        {{scenario, Day{static_cast<std::int32_t>(rows.integer(1))}, rows.integer(2), BatchId{rows.integer(3)}, 0},
         std::string(rows.text(4)),
         to_digest(rows.blob(5)),
         to_digest(rows.blob(6))});
  }
  return rounds;
}

/// All rows of a round with what the digest leaves out. Inputs stand for fields and references alike: canonical bytes
/// write one after the other.
class RoundCopy {
 public:
  /// False when a row's inputs are no numbers or not as many as those of the others.
  bool add(const SealedAct& act) {
    const auto is_last = [](std::uint8_t byte) { return byte < 0x80; };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(act.inputs, is_last));
    if (!acts_) acts_.emplace(count);
    numbers_.resize(count);
    if (count != acts_->field_count() || !read_fields(act.inputs, numbers_)) return false;
    acts_->append(act, numbers_);
    const auto index = static_cast<std::uint32_t>(sealed_.rows.size());
    sealed_.rows.push_back({index, static_cast<std::uint32_t>(act.n), act.outcome, act.reduction_mg});
    return true;
  }
  std::size_t size() const { return sealed_.rows.size(); }
  Digest digest(const PackableRound& of) const {
    return sha256(
        canonical_bytes({of.scenario_name, of.round.day, of.round.round, of.methodology_hash}, sealed_, *acts_));
  }
  bool counts_as(const RoundCopy& other) const {
    return std::ranges::equal(sealed_.rows, other.sealed_.rows, {}, &SealedRow::n, &SealedRow::n);
  }

 private:
  std::optional<Acts> acts_;
  SealedDay sealed_;
  std::vector<std::int64_t> numbers_;
};

class Packing {
 public:
  Packing(Database& writer, const PackOptions& options) : writer_(writer), options_(options) {}

  PackReport run() {
    const std::vector<PackableRound> rounds = list_packable(writer_, options_);
    std::int64_t done = 0;
    for (const PackableRound& round : rounds) {
      if (!pack(round))
        report_.damaged.push_back(
            fmt::format("{}, {}, round {}", round.scenario_name, format_day(round.round.day), round.round.round));
      if (options_.progress) options_.progress(++done, std::ssize(rounds));
    }
    return std::move(report_);
  }

 private:
  struct Segment {
    std::int64_t first_account = 0, last_account = 0, rows = 0;
    Bytes bytes;
  };

  /// False when its acts are not what was sealed; they stay where they are.
  bool pack(const PackableRound& of) {
    RoundCopy before;
    const auto segments = segments_of(of.round, before);
    if (!segments) return false;
    if (segments->empty()) return true;
    if (before.digest(of) != of.digest) return false;
    Transaction transaction(writer_);
    insert(of.round, *segments);
    SealedRound packed = of.round;
    packed.segments = std::ssize(*segments);
    mark(packed);
    insert_days(packed);
    if (!reads_back(of, packed, before)) return false;
    delete_rows(of.round);
    transaction.commit();
    ++report_.rounds;
    report_.acts += static_cast<std::int64_t>(before.size());
    for (const Segment& segment : *segments) report_.bytes += std::ssize(segment.bytes);
    return true;
  }

  std::optional<std::vector<Segment>> segments_of(const SealedRound& round, RoundCopy& copy) {
    std::vector<Segment> segments;
    SegmentWriter columns;
    bool whole = true;
    accounts_.clear();
    const auto finish = [&] {
      const auto rows = static_cast<std::int64_t>(columns.size());
      Segment segment{columns.first_account(), columns.last_account(), rows, {}};
      segment.bytes = compress_segment(columns.take());
      segments.push_back(std::move(segment));
    };
    for_each_act(writer_, round, [&](const SealedAct& act) {
      whole = whole && copy.add(act) && columns.add(act);
      if (accounts_.empty() || accounts_.back() != act.account.value) accounts_.push_back(act.account.value);
      if (columns.size() >= options_.segment_rows) finish();
    });
    if (columns.size() > 0) finish();
    if (!whole) return std::nullopt;
    return segments;
  }

  void insert(const SealedRound& round, const std::vector<Segment>& segments) {
    auto insert = writer_.statement(
        "INSERT INTO act_segments(scenario_id, day, round, n, first_account, last_account, row_count, codec, bytes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    std::int64_t n = 0;
    for (const Segment& segment : segments) {
      insert.bind(round.scenario.value).bind(round.day.number).bind(round.round).bind(n++);
      insert.bind(segment.first_account).bind(segment.last_account).bind(segment.rows).bind(segment_codec);
      insert.bind(segment.bytes).add();
    }
    insert.run();
  }

  void mark(const SealedRound& packed) {
    writer_
        .statement(
            "UPDATE sealed_days SET segments = ? WHERE scenario_id = ? AND day = ? AND round = ? AND segments = 0")
        .bind(packed.segments)
        .bind(packed.scenario.value)
        .bind(packed.day.number)
        .bind(packed.round)
        .queue(1);
  }

  void insert_days(const SealedRound& round) {
    const DayBit day = day_bit(round.day);
    auto insert = writer_.statement(
        "INSERT INTO account_days(account_id, span, scenario_id, round, days) VALUES (?, ?, ?, ?, ?) ON CONFLICT "
        "(account_id, span, scenario_id, round) DO UPDATE SET days = account_days.days | excluded.days");
    for (const std::int64_t account : accounts_)
      insert.bind(account).bind(day.span).bind(round.scenario.value).bind(round.round).bind(day.bit).add();
    insert.run();
  }

  bool reads_back(const PackableRound& of, const SealedRound& packed, const RoundCopy& before) {
    RoundCopy after;
    bool whole = true;
    for_each_act(writer_, packed, [&](const SealedAct& act) { whole = whole && after.add(act); });
    return whole && after.size() == before.size() && after.counts_as(before) && after.digest(of) == of.digest;
  }

  void delete_rows(const SealedRound& round) {
    writer_.statement("DELETE FROM sealed_acts WHERE scenario_id = ? AND day = ? AND round = ?")
        .bind(round.scenario.value)
        .bind(round.day.number)
        .bind(round.round)
        .run();
  }

  Database& writer_;
  const PackOptions& options_;
  std::vector<std::int64_t> accounts_;  // of the round
  PackReport report_;
};

}  // namespace

PackReport pack_rounds(Database& writer, const PackOptions& options) {
  TANPUHUI_REQUIRE(options.segment_rows > 0 && options.segment_rows <= segment_rows_max, "a segment has 1 to 64k rows");
  const Job alone(writer);
  return Packing(writer, options).run();
}

}  // namespace tanpuhui
