#include "jobs/project_lines.h"

#include <algorithm>
#include <map>
#include <optional>

#include "jobs/rowless_accounts.h"

namespace tanpuhui {
namespace {

struct PostingLine {
  EntryId entry;
  std::int64_t number = 0;
  EntryKind kind = EntryKind::post;
  Day occurred_on, recorded_on;
  Leg leg;

  auto key() const { return std::tuple(part_of(leg.account), leg.account, entry, number); }
};

struct LotId {
  Part part;
  AccountId account;
  BatchId batch;
  std::int64_t tranche = 0;
  auto operator<=>(const LotId&) const = default;
};

LotId id_of(const auto& line) { return {part_of(line.account), line.account, line.batch, line.tranche}; }

/// What the entries of a slice do to a lot.
struct LotChange {
  std::optional<LotOpening> opening;
  Points d_points, d_locked;
  Milligrams d_backing_mg, d_free_mg;

  bool leaves_nothing() const { return d_points == Points() && d_free_mg == Milligrams(); }
};

Statement& bind_id(Statement& statement, const LotId& id) {
  return statement.bind(id.part.value).bind(id.account.value).bind(id.batch.value).bind(id.tranche);
}

class ProjectLines : public Fold {
 public:
  explicit ProjectLines(const ClosedDays& days) : days_(days) {}

  void begin(Database& database) override {
    postings_.clear();
    lots_.clear();
    rowless_.load(database);
  }

  bool take(const Entry& entry) override {
    const Day recorded_on = day_at(entry.recorded_at, days_.zone);
    if (recorded_on >= days_.today) return false;
    for (const LotOpening& opening : entry.posting.openings) lots_[id_of(opening)].opening = opening;
    std::int64_t number = 0;
    for (const Leg& leg : entry.posting.legs) {
      postings_.push_back({entry.entry_id, number++, entry.kind, entry.occurred_on, recorded_on, leg});
      if (!rowless_.contains(leg.account)) change_lot(leg);
    }
    for (const LockLine& lock : entry.posting.locks) lots_[id_of(lock)].d_locked += lock.d_points;
    return true;
  }

  void save(Database& writer) override {
    save_postings(writer);
    insert_lots(writer);
    update_lots(writer);
  }

 private:
  void change_lot(const Leg& leg) {
    LotChange& change = lots_[id_of(leg)];
    change.d_points += leg.d_points;
    change.d_backing_mg += leg.d_backing_mg;
    change.d_free_mg += leg.d_free_mg;
  }

  // In the order of the key: neighbours lie on one page.
  void save_postings(Database& writer) {
    std::ranges::sort(postings_, {}, &PostingLine::key);
    auto insert = writer.statement(
        "INSERT INTO posting_lines(part, account_id, entry_id, leg, kind, occurred_on, recorded_on, batch_id, tranche, "
        "d_points, d_backing_mg, d_free_mg) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const PostingLine& line : postings_) {
      insert.bind(part_of(line.leg.account).value).bind(line.leg.account.value);
      insert.bind(line.entry.value).bind(line.number).bind(name_en(line.kind));
      insert.bind(line.occurred_on.number).bind(line.recorded_on.number);
      insert.bind(line.leg.batch.value).bind(line.leg.tranche).bind(line.leg.d_points.count());
      insert.bind(line.leg.d_backing_mg.count()).bind(line.leg.d_free_mg.count()).add();
    }
    insert.queue();
  }

  void insert_lots(Database& writer) {
    auto insert = writer.statement(
        "INSERT INTO lot_lines(part, account_id, batch_id, tranche, points, locked_points, backing_mg, free_mg, "
        "credited_on, expires_on, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const auto& [id, lot] : lots_) {
      if (!lot.opening || lot.leaves_nothing()) continue;
      std::optional<std::int32_t> expires_on;
      if (lot.opening->expires_on != never) expires_on = lot.opening->expires_on.number;
      bind_id(insert, id).bind(lot.d_points.count()).bind(lot.d_locked.count());
      insert.bind(lot.d_backing_mg.count()).bind(lot.d_free_mg.count());
      insert.bind(lot.opening->credited_on.number).bind(expires_on).bind(name_en(lot.opening->origin)).add();
    }
    insert.queue();
  }

  // A lot of an earlier slice has a row: it goes when nothing is left, else it changes.
  void update_lots(Database& writer) {
    const std::int64_t removed = remove_spent(writer);
    auto update = writer.statement(
        "UPDATE lot_lines SET points = points + ?, locked_points = locked_points + ?, backing_mg = backing_mg + ?, "
        "free_mg = free_mg + ? WHERE part = ? AND account_id = ? AND batch_id = ? AND tranche = ?");
    std::int64_t changed = 0;
    for (const auto& [id, lot] : lots_) {
      if (lot.opening) continue;
      update.bind(lot.d_points.count()).bind(lot.d_locked.count());
      update.bind(lot.d_backing_mg.count()).bind(lot.d_free_mg.count());
      bind_id(update, id).add();
      ++changed;
    }
    update.queue(changed - removed);
  }

  std::int64_t remove_spent(Database& writer) {
    auto remove = writer.statement(
        "DELETE FROM lot_lines WHERE part = ? AND account_id = ? AND batch_id = ? AND tranche = ? AND points + ? = 0 "
        "AND free_mg + ? = 0");
    for (const auto& [id, lot] : lots_)
      if (!lot.opening) bind_id(remove, id).bind(lot.d_points.count()).bind(lot.d_free_mg.count()).add();
    return remove.run();
  }

  const ClosedDays days_;
  RowlessAccounts rowless_;
  std::vector<PostingLine> postings_;
  std::map<LotId, LotChange> lots_;
};

}  // namespace

FoldReport project_lines(Database& writer, const ClosedDays& days, const FoldOptions& options) {
  ProjectLines lines(days);
  return fold_entries(writer, lines_job, lines, options);
}

}  // namespace tanpuhui
