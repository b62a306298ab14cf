#include "audit/posts.h"

#include <algorithm>

#include <fmt/format.h>

#include "rooms/reduction/shell/stored_batch.h"

namespace tanpuhui {
namespace {

std::string named(const Entry& entry) { return fmt::format("entry {}: ", entry.entry_id.value); }

// What the engine posts for this line on an account that has opened as many lots as the entry says.
Result<Posting> posting_of(const GrantRequest& request, const GrantRule& rule, const Entry& entry) {
  AccountState account;
  account.account = entry.posting.account;
  account.tranches_opened = entry.posting.openings.front().tranche;
  return decide_grant(request, account, rule);
}

}  // namespace

PostsEqualLines::PostsEqualLines(Database& database, const Rulebook& book, Findings& findings)
    : EntryCheck("L7 what is posted is what was signed", findings), database_(database), book_(book) {}

void PostsEqualLines::see(const Entry& entry) {
  if (entry.kind != EntryKind::post) return;
  if (entry.posting.openings.size() != 1) return report(named(entry) + "a posting opens one lot");
  Open* open = find_open(entry, entry.posting.openings.front().batch);
  if (!open) return;
  const auto line = std::ranges::lower_bound(open->lines, entry.posting.account, {}, &BatchLine::account);
  if (line == open->lines.end() || line->account != entry.posting.account)
    return report(named(entry) + fmt::format("the batch has no line of account {}", entry.posting.account.value));
  const auto at = static_cast<std::size_t>(line - open->lines.begin());
  if (open->posted[at])
    return report(named(entry) + fmt::format("account {} is posted a second time", line->account.value));
  open->posted[at] = true;
  compare(entry, *open, *line);
  if (--open->left > 0) return;
  complete_.insert(entry.posting.openings.front().batch);
  open_.erase(entry.posting.openings.front().batch);
}

PostsEqualLines::Open* PostsEqualLines::find_open(const Entry& entry, BatchId batch) {
  const auto refused = [&](std::string_view why) -> Open* {
    report(named(entry) + fmt::format("batch {}: {}", batch.value, why));
    return nullptr;
  };
  if (complete_.contains(batch)) return refused("has been posted in full before");
  if (const auto known = open_.find(batch); known != open_.end()) return &known->second;
  std::optional<Open> loaded = load(batch);
  if (!loaded) return refused("there is no such batch");
  if (loaded->state != "posting" && loaded->state != "posted") return refused("was not released for posting");
  if (!loaded->rule) return refused("no points rule is in force on its crediting day");
  if (loaded->lines.empty()) return refused("has no line that credits anything");
  return &open_.emplace(batch, std::move(*loaded)).first->second;
}

std::optional<PostsEqualLines::Open> PostsEqualLines::load(BatchId batch) {
  auto row = database_.statement("SELECT state, digest, coalesce(credited_on, 0) FROM batches WHERE batch_id = ?");
  row.bind(batch.value);
  if (!row.step()) return std::nullopt;
  Open open;
  open.state = row.text(0);
  open.digest.assign(row.blob(1).begin(), row.blob(1).end());
  open.credited_on = Day{static_cast<std::int32_t>(row.integer(2))};
  BatchContent content;
  content.lines = load_lines(database_, batch);
  if (const auto rule = grant_rule_on(book_, open.credited_on, content)) open.rule = *rule;
  open.lines = std::move(content.lines);
  std::erase_if(open.lines, [](const BatchLine& line) { return !line.credits(); });
  open.posted.resize(open.lines.size());
  open.left = open.lines.size();
  return open;
}

void PostsEqualLines::compare(const Entry& entry, const Open& open, const BatchLine& line) {
  const GrantRequest request = grant_request_of(line, entry.posting.openings.front().batch, open.credited_on);
  const auto expected = posting_of(request, *open.rule, entry);
  if (!expected || *expected != entry.posting)
    report(named(entry) + fmt::format("account {} was posted something else than its line of batch {}: {} mg and {} "
                                      "points",
                                      line.account.value, request.batch.value, line.reduction.count(),
                                      grant_of(request, *open.rule).points.count()));
  if (entry.occurred_on != open.credited_on) report(named(entry) + "is not of the batch's crediting day");
  if (!entry.document_digest || !std::ranges::equal(*entry.document_digest, open.digest))
    report(named(entry) + "does not name the digest of its batch");
}

void PostsEqualLines::finish() {
  auto posted = database_.statement("SELECT batch_id FROM batches WHERE state = 'posted'");
  while (posted.step()) {
    const BatchId batch{posted.integer(0)};
    if (complete_.contains(batch)) continue;
    const auto open = open_.find(batch);
    const std::size_t left = open == open_.end() ? load(batch)->left : open->second.left;
    if (left > 0) report(fmt::format("batch {}: is posted, and {} of its lines have no entry", batch.value, left));
  }
}

}  // namespace tanpuhui
