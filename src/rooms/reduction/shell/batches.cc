#include "rooms/reduction/shell/batches.h"

#include <algorithm>

#include "base/cbor.h"
#include "base/fault.h"
#include "crypto/hash.h"

namespace tanpuhui {
namespace {

Digest read_digest(ByteView bytes) {
  Digest digest{};
  TANPUHUI_REQUIRE(bytes.size() == digest.size(), "a stored digest has 32 bytes");
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

struct Scenario {
  std::string name, methodology;
  Digest methodology_hash{};
};

Scenario load_scenario(Database& database, ScenarioId id) {
  auto row = database.statement("SELECT name, methodology, methodology_hash FROM scenarios WHERE scenario_id = ?");
  row.bind(id.value);
  TANPUHUI_REQUIRE(row.step(), "a batch belongs to a scenario");
  return {std::string(row.text(0)), std::string(row.text(1)), read_digest(row.blob(2))};
}

std::optional<BatchId> find_batch(Database& database, const BatchRequest& request) {
  auto row = database.statement(
      "SELECT max(batch_id) FROM batches WHERE scenario_id = ? AND period_from = ? AND period_until = ?");
  row.bind(request.scenario.value).bind(std::int64_t{request.from.number}).bind(std::int64_t{request.until.number});
  if (!row.step() || row.is_null(0)) return std::nullopt;
  return BatchId{row.integer(0)};
}

// The digests of the open days of a period, in order of day and round: what the batch takes in.
std::optional<Digest> open_acts_digest(Database& database, const BatchRequest& request) {
  CborWriter out;
  bool any = false;
  auto rows = database.statement(
      "SELECT day, round, digest FROM sealed_days WHERE scenario_id = ? AND day BETWEEN ? AND ? AND batch_id IS NULL "
      "ORDER BY day, round");
  rows.bind(request.scenario.value).bind(std::int64_t{request.from.number}).bind(std::int64_t{request.until.number});
  for (; rows.step(); any = true) out.array(3).integer(rows.integer(0)).integer(rows.integer(1)).bytes(rows.blob(2));
  if (!any) return std::nullopt;
  return sha256(out.result());
}

std::vector<BatchLine> read_lines(Statement& rows) {
  std::vector<BatchLine> lines;
  while (rows.step()) lines.push_back({AccountId{rows.integer(0)}, Milligrams(rows.integer(1)), rows.integer(2)});
  return lines;
}

std::vector<BatchLine> sum_open_acts(Database& database, const BatchRequest& request) {
  auto rows = database.statement(
      "SELECT a.account_id, sum(a.reduction_mg), count(*) FROM sealed_days d JOIN sealed_acts a ON a.scenario_id = "
      "d.scenario_id AND a.day = d.day AND a.round = d.round WHERE d.scenario_id = ? AND d.day BETWEEN ? AND ? AND "
      "d.batch_id IS NULL AND a.reduction_mg > 0 GROUP BY a.account_id ORDER BY a.account_id");
  rows.bind(request.scenario.value).bind(std::int64_t{request.from.number}).bind(std::int64_t{request.until.number});
  return read_lines(rows);
}

void save_batch(Database& database, const BatchContent& content, ScenarioId scenario, const Digest& digest) {
  database
      .statement(
          "INSERT INTO batches(batch_id, scenario_id, period_from, period_until, methodology, methodology_hash, "
          "rulebook_hash, acts_digest, digest, persons, records, issued_mg, serial_next_mg, state) VALUES "
          "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'computed')")
      .bind(content.id.value)
      .bind(scenario.value)
      .bind(std::int64_t{content.period_from.number})
      .bind(std::int64_t{content.period_until.number})
      .bind(std::string_view(content.methodology))
      .bind(ByteView(content.methodology_hash))
      .bind(ByteView(content.rulebook_hash))
      .bind(ByteView(content.acts_digest))
      .bind(ByteView(digest))
      .bind(static_cast<std::int64_t>(content.lines.size()))
      .bind(content.records())
      .bind(content.total().count())
      .run();
  auto insert =
      database.statement("INSERT INTO batch_lines(batch_id, account_id, reduction_mg, records) VALUES (?, ?, ?, ?)");
  for (const BatchLine& line : content.lines)
    insert.bind(content.id.value).bind(line.account.value).bind(line.reduction.count()).bind(line.records).run();
}

Refusal nothing_to_issue(const BatchRequest& request) {
  return refuse("ISS-02")
      .because("period_from", format_day(request.from))
      .because("period_until", format_day(request.until))
      .says("该期间没有待签发的记录", "there is nothing left to issue in this period")
      .mend("先封存该期间的记录", "seal the acts of the period first");
}

Result<SigningFacts> facts_of(Database& database, const BatchSignature& signature) {
  SigningFacts facts;
  facts.signer = signature.signer;
  if (signature.signer != Signer::operator_by_delegation) return facts;
  auto row = database.statement("SELECT scope, from_day, until_day, limit_mg FROM delegations WHERE document = ?");
  row.bind(std::string_view(signature.delegation));
  if (!row.step()) return facts;
  Delegation delegation;
  delegation.document = signature.delegation;
  delegation.scope = std::string(row.text(0));
  delegation.from = Day{static_cast<std::int32_t>(row.integer(1))};
  delegation.until = Day{static_cast<std::int32_t>(row.integer(2))};
  delegation.limit = Milligrams(row.integer(3));
  facts.delegation = delegation;
  return facts;
}

std::string_view role_of(Signer signer) {
  if (signer == Signer::partner) return "partner";
  return signer == Signer::authority ? "authority" : "operator";
}

void save_signature(Database& database, BatchId batch, const BatchSignature& signature) {
  if (signature.signer == Signer::partner) {
    database.statement("UPDATE batches SET partner_signature = ? WHERE batch_id = ?")
        .bind(ByteView(signature.signature))
        .bind(batch.value)
        .run();
  } else {
    auto update = database.statement("UPDATE batches SET authority_signature = ?, delegation = ? WHERE batch_id = ?");
    update.bind(ByteView(signature.signature));
    if (signature.signer == Signer::authority)
      update.bind(nullptr);
    else
      update.bind(signature.delegation);
    update.bind(batch.value).run();
  }
  database
      .statement(
          "UPDATE batches SET state = 'signed' WHERE batch_id = ? AND state = 'computed' AND partner_signature "
          "IS NOT NULL AND authority_signature IS NOT NULL")
      .bind(batch.value)
      .run();
}

PostingFacts posting_facts(Database& database, const BatchContent& content) {
  PostingFacts facts;
  auto row = database.statement(
      "SELECT partner_signature IS NOT NULL, authority_signature IS NOT NULL, digest FROM batches WHERE batch_id = ?");
  row.bind(content.id.value);
  TANPUHUI_REQUIRE(row.step(), "the batch stands in the register");
  facts.signed_by_partner = row.integer(0) != 0;
  facts.signed_by_authority = row.integer(1) != 0;
  facts.digest_matches = read_digest(row.blob(2)) == batch_digest(content, sha256);
  facts.recomputed_total = Milligrams(
      database
          .statement("SELECT coalesce(sum(a.reduction_mg), 0) FROM sealed_days d JOIN sealed_acts a ON a.scenario_id = "
                     "d.scenario_id AND a.day = d.day AND a.round = d.round WHERE d.batch_id = ?")
          .bind(content.id.value)
          .run_integer());
  return facts;
}

// Fixed by the first call, so that a posting that was interrupted goes on with the same day.
Day crediting_day(Database& database, BatchId batch, Day today) {
  database.statement("UPDATE batches SET state = 'posting', credited_on = ? WHERE batch_id = ? AND state = 'signed'")
      .bind(std::int64_t{today.number})
      .bind(batch.value)
      .run();
  const std::int64_t day =
      database.statement("SELECT credited_on FROM batches WHERE batch_id = ?").bind(batch.value).run_integer();
  return Day{static_cast<std::int32_t>(day)};
}

// The same line has the same id for ever: posting again finds the first answer.
CommandId posting_id(BatchId batch, AccountId account, Instant credited) {
  CborWriter out;
  out.array(3).text("tph/post1").integer(batch.value).integer(account.value);
  return command_id_of(credited, sha256(out.result()));
}

struct PostingTerms {
  BatchContent content;
  Digest digest{};
  GrantRule rule;
  Day credited_on;
  std::string basis;
};

Result<Decided> decide_line(const Office& office, const PostingTerms& terms, const BatchLine& line,
                            const AccountState& account) {
  const GrantRequest request{terms.content.id, line.reduction, terms.credited_on};
  TANPUHUI_TRY(Posting posting, decide_grant(request, account, terms.rule));
  Decided decided{office.entry(EntryKind::post, "operator", terms.basis, std::move(posting)), {}};
  decided.entry.occurred_on = terms.credited_on;
  decided.entry.document_digest = terms.digest;
  return decided;
}

Command posting_command(const Office& office, const PostingTerms& terms, const BatchLine& line) {
  const CommandId id = posting_id(terms.content.id, line.account, start_of(terms.credited_on, office.book.zone));
  return office.command(id, line.account, terms.digest, [&office, &terms, line](const AccountState& account) {
    return decide_line(office, terms, line, account);
  });
}

Result<PostingTerms> posting_terms(const Office& office, BatchContent content) {
  PostingTerms terms;
  terms.credited_on = crediting_day(office.database, content.id, office.today());
  TANPUHUI_TRY(const PointsRule points, office.book.points.on(terms.credited_on));
  TANPUHUI_TRY(const ExpiryRule expiry, office.book.expiry.on(terms.credited_on));
  terms.rule = {points.mg_per_point, expiry.years};
  terms.basis = points.basis;
  terms.digest = batch_digest(content, sha256);
  terms.content = std::move(content);
  return terms;
}

std::optional<PublicKeyBytes> find_key(Database& database, const std::string& holder) {
  auto row = database.statement("SELECT public_key FROM signing_keys WHERE holder = ?");
  row.bind(holder);
  if (!row.step()) return std::nullopt;
  return read_digest(row.blob(0));
}

Result<Done> check_signature(Database& database, const BatchContent& content, const BatchSignature& signature) {
  const std::string holder = key_holder(signature.signer, content.scenario);
  const auto key = find_key(database, holder);
  if (!key)
    return refuse("ISS-01")
        .because("holder", holder)
        .says("未登记该签署人的公钥", "no public key of this signer is recorded")
        .mend("先登记公钥", "record the public key first");
  const Digest digest = batch_digest(content, sha256);
  if (!VerifyKey(*key).verify(digest, signature.signature))
    return refuse("ISS-01")
        .because("holder", holder)
        .because("batch_digest", to_hex(digest))
        .says("签名与登记的公钥不符", "the signature is not that of the recorded key")
        .mend("用登记的密钥对批次摘要签名", "sign the batch digest with the recorded key");
  return Done{};
}

Result<Decided> decide_signature(const Office& office, const BatchContent& content, const SigningFacts& facts,
                                 const BatchSignature& signature) {
  TANPUHUI_TRY([[maybe_unused]] const Done entitled, decide_sign(content, facts, office.today()));
  TANPUHUI_TRY([[maybe_unused]] const Done genuine, check_signature(office.database, content, signature));
  Decided decided;
  decided.entry = office.entry(EntryKind::sign, std::string(role_of(signature.signer)), office.book.basis_of("ISS-01"));
  decided.entry.document_digest = batch_digest(content, sha256);
  decided.entry.notes = {{1, std::to_string(content.id.value)}};
  if (!signature.delegation.empty()) decided.entry.notes.push_back({2, signature.delegation});
  decided.also = [batch = content.id, signature](Database& store, EntryId) { save_signature(store, batch, signature); };
  return decided;
}

bool same_delegation(Database& database, const Delegation& delegation) {
  auto row = database.statement(
      "SELECT 1 FROM delegations WHERE document = ? AND scope = ? AND from_day = ? AND until_day = ? AND limit_mg = ?");
  row.bind(delegation.document).bind(delegation.scope);
  return row.bind(delegation.from.number).bind(delegation.until.number).bind(delegation.limit.count()).step();
}

void save_delegation(Database& store, const Delegation& delegation) {
  auto insert =
      store.statement("INSERT INTO delegations(document, scope, from_day, until_day, limit_mg) VALUES (?, ?, ?, ?, ?)");
  insert.bind(delegation.document).bind(delegation.scope);
  insert.bind(delegation.from.number).bind(delegation.until.number).bind(delegation.limit.count()).run();
}

Refusal other_facts(const std::string& name, const std::string& value) {
  return refuse("ISS-01")
      .because(name, value)
      .says("同名登记已存在且内容不同", "it is recorded already, with other content")
      .mend("核对登记内容，或使用新的名称", "look at what is recorded, or use a new name");
}

}  // namespace

Result<BatchId> compute_batch(const Office& office, const BatchRequest& request) {
  Database& database = office.database;
  Transaction transaction(database);
  const std::optional<Digest> acts = open_acts_digest(database, request);
  if (!acts) {
    if (const auto standing = find_batch(database, request)) return *standing;
    return office.on_its_basis(nothing_to_issue(request));
  }
  const Scenario scenario = load_scenario(database, request.scenario);
  BatchContent content;
  content.id = BatchId{database.statement("SELECT coalesce(max(batch_id), 0) + 1 FROM batches").run_integer()};
  content.scenario = scenario.name;
  content.period_from = request.from;
  content.period_until = request.until;
  content.methodology = scenario.methodology;
  content.methodology_hash = scenario.methodology_hash;
  content.rulebook_hash = office.book.hash;
  content.acts_digest = *acts;
  content.lines = sum_open_acts(database, request);
  if (content.lines.empty()) return office.on_its_basis(nothing_to_issue(request));
  save_batch(database, content, request.scenario, batch_digest(content, sha256));
  database
      .statement(
          "UPDATE sealed_days SET batch_id = ? WHERE scenario_id = ? AND day BETWEEN ? AND ? AND batch_id IS NULL")
      .bind(content.id.value)
      .bind(request.scenario.value)
      .bind(std::int64_t{request.from.number})
      .bind(std::int64_t{request.until.number})
      .run();
  transaction.commit();
  return content.id;
}

BatchContent load_batch(Database& database, BatchId batch) {
  auto row = database.statement(
      "SELECT s.name, b.period_from, b.period_until, b.methodology, b.methodology_hash, b.rulebook_hash, b.acts_digest "
      "FROM batches b JOIN scenarios s ON s.scenario_id = b.scenario_id WHERE b.batch_id = ?");
  row.bind(batch.value);
  if (!row.step()) throw Fault("there is no batch " + std::to_string(batch.value) + "; see `tanpuhui batch list`");
  BatchContent content;
  content.id = batch;
  content.scenario = std::string(row.text(0));
  content.period_from = Day{static_cast<std::int32_t>(row.integer(1))};
  content.period_until = Day{static_cast<std::int32_t>(row.integer(2))};
  content.methodology = std::string(row.text(3));
  content.methodology_hash = read_digest(row.blob(4));
  content.rulebook_hash = read_digest(row.blob(5));
  content.acts_digest = read_digest(row.blob(6));
  auto lines = database.statement(
      "SELECT account_id, reduction_mg, records FROM batch_lines WHERE batch_id = ? ORDER BY account_id");
  lines.bind(batch.value);
  content.lines = read_lines(lines);
  return content;
}

std::string key_holder(Signer signer, const std::string& scenario) {
  if (signer == Signer::partner) return "partner:" + scenario;
  return signer == Signer::authority ? "authority" : "operator";
}

Result<EntryId> record_key(const Office& office, const std::string& holder, const PublicKeyBytes& key, CommandId id) {
  if (const auto known = find_key(office.database, holder); known && *known != key)
    return office.on_its_basis(other_facts("holder", holder));
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("ISS-01"));
  entry.notes = {{1, holder}, {2, to_hex(key)}};
  return office.register_act(id, key, std::move(entry), [holder, key](Database& store, EntryId) {
    store.statement("INSERT OR IGNORE INTO signing_keys(holder, public_key) VALUES (?, ?)")
        .bind(holder)
        .bind(ByteView(key))
        .run();
  });
}

Result<EntryId> record_delegation(const Office& office, const Delegation& delegation, CommandId id) {
  const bool known = same_delegation(office.database, delegation);
  if (!known && office.database.statement("SELECT count(*) FROM delegations WHERE document = ?")
                        .bind(delegation.document)
                        .run_integer() > 0)
    return office.on_its_basis(other_facts("document", delegation.document));
  Entry entry = office.entry(EntryKind::register_act, "authority", office.book.basis_of("ISS-01"));
  entry.notes = {{1, delegation.document}, {2, delegation.scope}};
  CborWriter content;
  content.array(5).text(delegation.document).text(delegation.scope).integer(delegation.from.number);
  content.integer(delegation.until.number).integer(delegation.limit.count());
  return office.register_act(id, sha256(content.result()), std::move(entry),
                             [known, delegation](Database& store, EntryId) {
                               if (!known) save_delegation(store, delegation);
                             });
}

Digest digest_to_sign(Database& database, BatchId batch) { return batch_digest(load_batch(database, batch), sha256); }

Result<Done> sign_batch(const Office& office, BatchId batch, const BatchSignature& signature) {
  const BatchContent content = load_batch(office.database, batch);
  TANPUHUI_TRY(const SigningFacts facts, facts_of(office.database, signature));
  const Digest request = sha256(signature.signature);
  const CommandId id = command_id_of(start_of(content.period_until, office.book.zone), request);
  const Command command = office.command(id, system_account(SystemAccount::issued), request, [&](const AccountState&) {
    return decide_signature(office, content, facts, signature);
  });
  TANPUHUI_TRY([[maybe_unused]] const EntryId entry, office.carry_out(command));
  return Done{};
}

Result<PostedBatch> post_batch(const Office& office, BatchId batch) {
  BatchContent content = load_batch(office.database, batch);
  if (auto granted = decide_post(content, posting_facts(office.database, content)); !granted)
    return office.on_its_basis(granted.error());
  TANPUHUI_TRY(const PostingTerms terms, posting_terms(office, std::move(content)));
  std::vector<Command> commands;
  commands.reserve(terms.content.lines.size());
  for (const BatchLine& line : terms.content.lines) commands.push_back(posting_command(office, terms, line));
  PostedBatch posted;
  posted.credited_on = terms.credited_on;
  posted.reduction = terms.content.total();
  for (const Answer& answer : office.writer.execute(commands, office.now)) {
    if (answer.refusal) return *answer.refusal;
    posted.persons += 1;
  }
  for (const BatchLine& line : terms.content.lines)
    posted.points += grant_of({batch, line.reduction, terms.credited_on}, terms.rule).points;
  office.database.statement("UPDATE batches SET state = 'posted' WHERE batch_id = ?").bind(batch.value).run();
  return posted;
}

}  // namespace tanpuhui
