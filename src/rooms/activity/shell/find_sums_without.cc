#include "rooms/activity/shell/find_sums_without.h"

#include <set>

#include "rooms/activity/shell/before.h"
#include "rooms/activity/shell/replay.h"

namespace tanpuhui {
namespace {

constexpr std::size_t day_digits = 8;

Day month_after(Day day) { return first_of_month(first_of_month(day) + 31); }

bool is_listed(const LeftOutRecords& records, Day day, std::string_view suffix, Outcome stored) {
  const auto of_day = records.find(day);
  if (of_day == records.end()) return false;
  const auto found = of_day->second.find(suffix);
  return found != of_day->second.end() && (!found->second || stored == Outcome::accepted);
}

Refusal not_accepted(Day day, const std::string& suffix) {
  return refuse("DAT-06")
      .because("record", format_compact_day(day) + "-" + suffix)
      .says("该记录在本场景中没有计入，无从修正",
            "this record does not count in the scenario: there is nothing to correct")
      .mend("核对记录编号；尚未计入的记录由合作方撤回",
            "check its id; a record that does not count is withdrawn by its partner");
}

/// Both ways beside each other: with what was left out before, and with what is left out now.
class SumsWithout {
 public:
  SumsWithout(Database& reader, const SumsRequest& request, const Translation& same)
      : reader_(reader),
        request_(request),
        days_(days_of(request)),
        rounds_(load_replay_rounds(reader, request.scenario, days_.first, days_.second)),
        as_it_was_(reader, terms(false), same, rounds_),
        without_(reader, terms(true), same, rounds_) {}

  Result<SumsFound> run() {
    std::int64_t done = 0;
    for (const ReplayRound& round : rounds_) {
      visit(round);
      if (request_.progress) request_.progress(++done, std::ssize(rounds_));
    }
    for (const auto& [day, records] : request_.now)
      for (const auto& [suffix, replaced] : records)
        if (!met_.contains({day, suffix})) return not_accepted(day, suffix);
    SumsFound found{{}, days_.first, days_.second};
    for (const auto& [key, sum] : sums_)
      if (sum.first != Milligrams() || sum.second != 0)
        found.changes.push_back({key.first, key.second, sum.first, sum.second});
    return found;
  }

 private:
  static std::pair<Day, Day> days_of(const SumsRequest& request) {
    return {first_of_month(request.now.begin()->first), month_after(request.now.rbegin()->first)};
  }

  ReplayTerms terms(bool now) const {
    ReplayTerms terms{request_.scenario, request_.methodology, request_.methodology, request_.zone, days_.first};
    terms.leaves_out = [this, now](Day day, std::string_view suffix, Outcome stored) {
      return is_listed(request_.before, day, suffix, stored) || (now && is_listed(request_.now, day, suffix, stored));
    };
    return terms;
  }

  void visit(const ReplayRound& round) {
    const StoredActs stored =
        load_stored_acts(reader_, request_.scenario, *request_.methodology, round.day, round.round);
    const std::vector<Replayed> was = as_it_was_.seal(round, stored), is = without_.seal(round, stored);
    for (std::size_t i = 0; i < was.size(); ++i) {
      const bool counted = was[i].outcome == Outcome::accepted, counts = is[i].outcome == Outcome::accepted;
      if (counted && !round.is_open()) note_met(round.day, stored.acts.record_suffix[i]);
      if (counted == counts && was[i].reduction_mg == is[i].reduction_mg) continue;
      // What is not posted yet cannot be taken back.
      if (round.is_open() && is[i].reduction_mg <= was[i].reduction_mg && !counts) continue;
      auto& sum = sums_[{AccountId{stored.acts.account[i]}, batch_of(round)}];
      sum.first += Milligrams(is[i].reduction_mg - was[i].reduction_mg);
      sum.second += (counts ? 1 : 0) - (counted ? 1 : 0);
    }
  }

  static std::optional<BatchId> batch_of(const ReplayRound& round) {
    return round.is_open() ? std::nullopt : std::optional(BatchId{round.batch});
  }

  void note_met(Day day, std::string_view suffix) {
    const auto of_day = request_.now.find(day);
    if (of_day != request_.now.end() && of_day->second.contains(suffix)) met_.emplace(day, suffix);
  }

  Database& reader_;
  const SumsRequest& request_;
  std::pair<Day, Day> days_;
  std::vector<ReplayRound> rounds_;
  Replay as_it_was_, without_;
  std::set<std::pair<Day, std::string>> met_;
  std::map<std::pair<AccountId, std::optional<BatchId>>, std::pair<Milligrams, std::int64_t>> sums_;
};

}  // namespace

Result<SumsFound> find_sums_without(Database& reader, const SumsRequest& request) {
  const auto same = Translation::between(*request.methodology, *request.methodology);
  TANPUHUI_REQUIRE(same && !request.now.empty(), "a version reads its own acts, and some record is left out");
  return SumsWithout(reader, request, *same).run();
}

std::optional<std::pair<Day, std::string>> split_record_id(const std::string& record_id) {
  if (record_id.size() <= day_digits + 1) return std::nullopt;
  const auto day = parse_compact_day(std::string_view(record_id).substr(0, day_digits));
  if (!day) return std::nullopt;
  return std::pair(*day, record_id.substr(day_digits + 1));
}

}  // namespace tanpuhui
