#include "rooms/activity/shell/delete_evidence.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/cbor.h"
#include "cases/standings.h"
#include "crypto/hash.h"
#include "rooms/activity/shell/arrived_days.h"
#include "rooms/scenario/shell/find_scenario.h"

namespace tanpuhui {
namespace {

constexpr std::size_t days_an_entry = 31;

struct Amount {
  std::int64_t runs = 0, records = 0, bytes = 0;
};

class Deletion {
 public:
  Deletion(const Office& office, const EvidenceRequest& request)
      : office_(office), database_(office.database), request_(request) {}

  Result<EvidenceReport> run() {
    std::vector<ArrivedDay> days = list_arrived_days(database_, request_.scenario, request_.before - 1);
    const std::size_t all = days.size();
    std::erase_if(days, [this](const ArrivedDay& day) { return !is_settled(day); });
    report_.days_kept = static_cast<std::int64_t>(all - days.size());
    for (std::span<const ArrivedDay> left = days; !left.empty();) {
      const auto now = left.first(std::min(left.size(), days_an_entry));
      TANPUHUI_TRY([[maybe_unused]] const EntryId entry, delete_days(now));
      left = left.subspan(now.size());
    }
    return report_;
  }

 private:
  // The last round has seen the runs that there are, and no round waits for a batch or its posting.
  bool is_settled(const ArrivedDay& day) {
    auto rounds = database_.statement(
        "SELECT d.runs_digest, coalesce(b.state, 'open') FROM sealed_days d LEFT JOIN batches b ON b.batch_id = "
        "d.batch_id WHERE d.scenario_id = ? AND d.day = ? ORDER BY d.round");
    rounds.bind(request_.scenario.value).bind(day.day.number);
    bool settled = false;
    while (rounds.step()) {
      if (rounds.text(1) != "posted") return false;
      settled = std::ranges::equal(rounds.blob(0), day.digest);
    }
    return settled;
  }

  Amount amount_of(std::span<const ArrivedDay> days) {
    Amount amount;
    for (const ArrivedDay& day : days)
      for (const std::int64_t run : day.run_ids) {
        auto row = database_.statement("SELECT row_count, length(rows) FROM arrived_runs WHERE run_id = ?");
        row.bind(run);
        TANPUHUI_REQUIRE(row.step(), "a run that was listed is there");
        ++amount.runs;
        amount.records += row.integer(0);
        amount.bytes += row.integer(1);
      }
    return amount;
  }

  Result<EntryId> delete_days(std::span<const ArrivedDay> days) {
    const Amount amount = amount_of(days);
    CborWriter content;
    content.text("tph/evidence1").text(request_.scenario_name).array(days.size());
    for (const ArrivedDay& day : days) content.integer(day.day.number).bytes(day.digest);
    const Digest digest = sha256(content.result());
    TANPUHUI_TRY(const EntryId entry,
                 office_.register_act(command_id_of(office_.now, digest), digest, entry_of(days, amount),
                                      [days](Database& store, EntryId) { delete_runs(store, days); }));
    report_.days += std::ssize(days);
    report_.runs += amount.runs;
    report_.records += amount.records;
    report_.bytes += amount.bytes;
    return entry;
  }

  Entry entry_of(std::span<const ArrivedDay> days, const Amount& amount) const {
    Entry entry = office_.entry(EntryKind::register_act, "operator", office_.book.basis_of("CON-01"));
    entry.notes = {
        {1, request_.scenario_name},
        {2, format_day(days.front().day) + "/" + format_day(days.back().day)},
        {3, fmt::format("evidence deleted: {} days, {} records, {} bytes", days.size(), amount.records, amount.bytes)}};
    return entry;
  }

  static void delete_runs(Database& store, std::span<const ArrivedDay> days) {
    auto remove = store.statement("DELETE FROM arrived_runs WHERE run_id = ?");
    for (const ArrivedDay& day : days)
      for (const std::int64_t run : day.run_ids) remove.bind(run).add();
    remove.queue(std::nullopt);
  }

  const Office& office_;
  Database& database_;
  const EvidenceRequest& request_;
  EvidenceReport report_;
};

bool is_held(Database& database, const std::string& name) {
  const std::vector<Standing> holds = standings_of(database, hold_thing, name);
  return !holds.empty() && holds.back().word == "held";
}

std::optional<Refusal> refuse_held(const Office& office, const EvidenceRequest& request) {
  const auto scenario = find_scenario(office.database, request.scenario);
  const auto number = find_case_of(office.database, request.scenario_name);
  const bool held = (number && is_held(office.database, std::to_string(*number))) ||
                    (scenario && is_held(office.database, scenario->developer));
  if (!held) return std::nullopt;
  return office.on_its_basis(
      refuse("HLD-01")
          .because("scenario", request.scenario_name)
          .says("调查期间资料已保全，不得删除", "an investigation holds this evidence: it cannot be deleted")
          .mend("结案并解除保全后再删除", "delete it when the investigation has ended and the hold is lifted"));
}

}  // namespace

Result<EvidenceReport> delete_evidence(const Office& office, const EvidenceRequest& request) {
  if (const auto refusal = refuse_held(office, request)) return *refusal;
  const Job alone(office.database);
  return Deletion(office, request).run();
}

}  // namespace tanpuhui
