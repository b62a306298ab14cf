#include "rooms/reduction/shell/post_batch.h"

#include <algorithm>

#include "base/cbor.h"
#include "crypto/hash.h"
#include "ledger/grant.h"
#include "office/share_lanes.h"
#include "rooms/activity/shell/find_sealed_acts.h"
#include "rooms/reduction/shell/find_issuance.h"
#include "rooms/reduction/shell/stored_batch.h"
#include "rooms/reduction/shell/supplement.h"

namespace tanpuhui {
namespace {

// What a correction adds, or what the sealed acts come to.
void recompute(Database& database, const BatchContent& content, PostingFacts& facts) {
  if (const auto corrected = corrected_by(database, content.id)) {
    const auto correction = find_correction(database, *corrected);
    TANPUHUI_REQUIRE(correction, "a batch that corrects names a correction");
    for (const BatchLine& gain : gains_of(correction->content)) {
      facts.recomputed_saved += gain.reduction;
      facts.recomputed_records += gain.records;
    }
    return;
  }
  const ReadTransaction one_state(database);
  const bool bears_reductions = content.plain_records() == 0;
  for (const SealedRound& round : list_rounds(database, content.id))
    for_each_act(database, round, [&](const SealedAct& act) {
      if (act.outcome != Outcome::accepted || (bears_reductions && act.reduction_mg == 0)) return;
      facts.recomputed_saved += Milligrams(act.reduction_mg);
      ++facts.recomputed_records;
    });
}

PostingFacts facts_of(Database& database, const BatchContent& content) {
  PostingFacts facts;
  auto row = database.statement(
      "SELECT partner_signature IS NOT NULL, authority_signature IS NOT NULL, digest FROM batches WHERE batch_id = ?");
  row.bind(content.id.value);
  TANPUHUI_REQUIRE(row.step(), "the batch stands in the register");
  facts.signed_by_partner = row.integer(0) != 0;
  const Digest digest = batch_digest(content, sha256);
  const auto issued = find_issuance(database, content.id);
  facts.signed_by_authority = row.integer(1) != 0 || (issued && issued->detail == to_hex(digest));
  facts.digest_matches = read_digest(row.blob(2)) == digest;
  recompute(database, content, facts);
  return facts;
}

// Fixed by the first call, so that a posting that was interrupted goes on with the same day.
Day crediting_day(Database& database, BatchId batch, Day today) {
  auto day = database.statement("SELECT coalesce(credited_on, ?) FROM batches WHERE batch_id = ?");
  return Day{static_cast<std::int32_t>(day.bind(today.number).bind(batch.value).run_integer())};
}

void begin_posting(Database& database, BatchId batch, Day credited_on) {
  database.statement("UPDATE batches SET state = 'posting', credited_on = ? WHERE batch_id = ? AND state = 'signed'")
      .bind(credited_on.number)
      .bind(batch.value)
      .run();
}

struct PostingTerms {
  BatchContent content;
  Digest digest{};
  GrantRule rule;
  Day credited_on;
  std::string basis;
  CommandId id;

  GrantRequest request_of(const BatchLine& line) const { return grant_request_of(line, content.id, credited_on); }
};

// One posting an account and batch, for ever: posting again finds the first answer. All lines share the id of their
// batch; an answer is kept under (id, part, account), so answers arrive in the order of their key.
CommandId posting_id(BatchId batch, Instant credited) {
  CborWriter out;
  out.array(2).text("tph/post2").integer(batch.value);
  return command_id_of(credited, sha256(out.result()));
}

Result<PostingTerms> terms_of(const Office& office, BatchContent content) {
  PostingTerms terms;
  terms.credited_on = crediting_day(office.database, content.id, office.today());
  TANPUHUI_TRY(terms.rule, grant_rule_on(office.book, terms.credited_on, content));
  terms.basis = office.book.points.on(terms.credited_on)->basis;
  terms.digest = batch_digest(content, sha256);
  terms.id = posting_id(content.id, start_of(terms.credited_on, office.book.zone));
  terms.content = std::move(content);
  return terms;
}

Result<Decided> decide_line(const Office& office, const PostingTerms& terms, const BatchLine& line,
                            const AccountState& account) {
  TANPUHUI_TRY(Posting posting, decide_grant(terms.request_of(line), account, terms.rule));
  Decided decided{office.entry(EntryKind::post, "operator", terms.basis, std::move(posting)), {}};
  decided.entry.occurred_on = terms.credited_on;
  decided.entry.document_digest = terms.digest;
  return decided;
}

Command posting_command(const Office& office, const PostingTerms& terms, const BatchLine& line) {
  return office.command(terms.id, line.account, terms.digest, [&office, &terms, &line](const AccountState& account) {
    return decide_line(office, terms, line, account);
  });
}

// In the order of the keys of accounts and answers: a commit touches neighbours.
std::vector<const BatchLine*> lines_by_part(const BatchContent& content) {
  std::vector<const BatchLine*> lines;
  for (const BatchLine& line : content.lines)
    if (line.credits()) lines.push_back(&line);
  std::ranges::sort(lines, {}, [](const BatchLine* line) { return std::pair(part_of(line->account), line->account); });
  return lines;
}

using Lines = std::span<const BatchLine* const>;

Result<Done> post_slice(const Office& office, const PostingTerms& terms, Lines lines, const Shared& lease) {
  std::vector<Command> commands;
  commands.reserve(lines.size());
  for (const BatchLine* line : lines) commands.push_back(posting_command(office, terms, *line));
  for (const Answer& answer : office.writer.execute(commands, office.now, lease, lines.size()))
    if (answer.refusal) return *answer.refusal;
  return Done{};
}

Lines lines_of(Lines all, PartRange parts) {
  const auto part = [](const BatchLine* line) { return part_of(line->account); };
  const auto first = std::ranges::lower_bound(all, parts.first, {}, part);
  const auto last = std::ranges::upper_bound(all, parts.last, {}, part);
  return {first, last};
}

Result<Done> post_lines(const Office& office, const PostingTerms& terms,
                        const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const std::vector<const BatchLine*> all = lines_by_part(terms.content);
  return share_lanes(office.database, [&](PartRange parts, const Shared& lease) -> Result<Done> {
    const Lines lines = lines_of(all, parts);
    for (std::size_t at = 0; at < lines.size();) {
      const Lines slice = lines.subspan(at, std::min(Writer::job_commands_per_commit, lines.size() - at));
      TANPUHUI_TRY([[maybe_unused]] const Done posted, post_slice(office, terms, slice, lease));
      at += slice.size();
      if (progress) progress(lines.data() - all.data() + static_cast<std::int64_t>(at), std::ssize(all));
    }
    return Done{};
  });
}

PostedBatch posted_by(const PostingTerms& terms) {
  PostedBatch posted;
  posted.persons = std::ranges::count_if(terms.content.lines, &BatchLine::credits);
  posted.reduction = terms.content.total();
  posted.credited_on = terms.credited_on;
  for (const BatchLine& line : terms.content.lines)
    posted.points += grant_of(terms.request_of(line), terms.rule).points;
  return posted;
}

}  // namespace

Result<PostedBatch> post_batch(const Office& office, BatchId batch,
                               const std::function<void(std::int64_t, std::int64_t)>& progress) {
  BatchContent content = load_batch(office.database, batch);
  if (auto granted = decide_post(content, facts_of(office.database, content)); !granted)
    return office.on_its_basis(granted.error());
  TANPUHUI_TRY(PostingTerms terms, terms_of(office, std::move(content)));
  begin_posting(office.database, batch, terms.credited_on);
  // Another process may have begun on another day.
  if (crediting_day(office.database, batch, office.today()) != terms.credited_on) {
    content = std::move(terms.content);
    TANPUHUI_TRY(terms, terms_of(office, std::move(content)));
  }
  TANPUHUI_TRY([[maybe_unused]] const Done all, post_lines(office, terms, progress));
  office.database.statement("UPDATE batches SET state = 'posted' WHERE batch_id = ?").bind(batch.value).run();
  return posted_by(terms);
}

}  // namespace tanpuhui
