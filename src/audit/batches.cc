#include "audit/batches.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/cbor.h"
#include "base/decimal.h"
#include "cases/stored_case.h"
#include "crypto/ed25519.h"
#include "crypto/hash.h"
#include "rooms/reduction/shell/find_issuance.h"
#include "rooms/reduction/shell/signers.h"
#include "rooms/reduction/shell/stored_batch.h"
#include "rooms/reduction/shell/supplement.h"

namespace tanpuhui {
namespace {

const std::string content_invariant = "L7 batches are what they say";
const std::string signature_invariant = "L7 batches are signed";
const std::string serial_invariant = "L4 serials are fixed once";

enum Column {
  batch_id,
  digest,
  acts_digest,
  persons,
  records,
  issued_mg,
  serial_next_mg,
  state,
  partner_signature,
  authority_signature,
  delegation,
  scenario_name
};

class BatchCheck {
 public:
  BatchCheck(Database& database, const Rulebook& book, const BatchActs& acts, Findings& findings)
      : database_(database), book_(book), acts_(acts), findings_(findings) {}

  void check(const Statement& row) {
    id_ = BatchId{row.integer(batch_id)};
    if (row.is_null(scenario_name)) return report(content_invariant, "its scenario is in no register");
    content_ = load_batch(database_, id_);
    digest_ = batch_digest(content_, sha256);
    check_totals(row);
    if (!std::ranges::equal(row.blob(digest), digest_))
      report(content_invariant, "the stored digest is not that of its content");
    if (!std::ranges::equal(row.blob(acts_digest), sealed_acts_digest()))
      report(content_invariant, "the digest of its acts is not that of its sealed days");
    compare(serial_invariant, "serial_next_mg", row.integer(serial_next_mg), acts_.numbered_of(id_).count());
    check_signatures(row);
  }

 private:
  void report(const std::string& invariant, const std::string& what) {
    findings_.report(invariant, fmt::format("batch {}: {}", id_.value, what));
  }

  void compare(const std::string& invariant, std::string_view name, std::int64_t stored, std::int64_t computed) {
    if (stored != computed) report(invariant, fmt::format("{} is {}, computed {}", name, stored, computed));
  }

  void check_totals(const Statement& row) {
    compare(content_invariant, "persons", row.integer(persons), std::ssize(content_.lines));
    compare(content_invariant, "records", row.integer(records), content_.records());
    compare(content_invariant, "issued_mg", row.integer(issued_mg), content_.total().count());
  }

  // What a correction adds is named by its digest.
  Digest sealed_acts_digest() {
    if (const auto case_number = corrected_by(database_, id_)) {
      const auto correction = find_correction(database_, *case_number);
      return correction ? correction->digest : Digest{};
    }
    CborWriter out;
    auto days =
        database_.statement("SELECT day, round, digest FROM sealed_days WHERE batch_id = ? ORDER BY day, round");
    days.bind(id_.value);
    while (days.step()) out.array(3).integer(days.integer(0)).integer(days.integer(1)).bytes(days.blob(2));
    return sha256(out.result());
  }

  void check_signatures(const Statement& row) {
    const SignActs acts = acts_.signatures_of(id_);
    if (!row.is_null(partner_signature)) check_signature(acts.partner, "partner", row.blob(partner_signature));
    if (!row.is_null(authority_signature)) check_signature(acts.authority, "authority", row.blob(authority_signature));
    const std::string_view named = row.is_null(delegation) ? std::string_view() : row.text(delegation);
    if (acts.authority && acts.authority->delegation != named)
      report(signature_invariant, "its delegation is not the one that was named when it was signed");
    const bool released = !row.is_null(authority_signature) || issued_by_case();
    if ((row.is_null(partner_signature) || !released) && row.text(state) != "computed")
      report(signature_invariant, "a signature is missing");
  }

  /// A step of a case whose effect is to issue gave it that standing, for the period and the amount that were applied
  /// for. That the standing is of a step is checked with the cases.
  bool issued_by_case() {
    const auto issued = find_issuance(database_, id_);
    if (!issued) return false;
    const auto stored = find_case(database_, issued->case_number);
    const auto amount = parse_fixed(stored ? stored->matter.field("amount_kg") : "", 6);
    const bool as_applied = stored && amount && *amount == content_.total().count() &&
                            stored->matter.field("period_from") == format_day(content_.period_from) &&
                            stored->matter.field("period_to") == format_day(content_.period_until);
    if (!as_applied) report(signature_invariant, "its case issued another period or amount");
    if (issued->detail != to_hex(digest_)) report(signature_invariant, "its case issued another content");
    if (stored && !issues(stored->matter, issued->from))
      report(signature_invariant, fmt::format("case {} took no step that issues", stored->number));
    return true;
  }

  bool issues(const Case& matter, Day day) const {
    return std::ranges::any_of(matter.history, [&](const CaseAct& act) {
      const ActionRule* action = book_.find(book_.actions, matter.procedure, act.action, day);
      return action != nullptr && action->effect == "reductions_issued" && day_at(act.at, book_.zone) == day;
    });
  }

  void check_signature(const std::optional<SignAct>& act, const std::string& side, ByteView signature) {
    if (!act) return report(signature_invariant, "no entry says who gave the signature of the " + side);
    const std::string holder = key_holder(act->signer, content_.scenario);
    const auto key = find_key(holder);
    if (!key)
      report(signature_invariant, "there is no key of " + holder);
    else if (!VerifyKey(*key).verify(digest_, signature))
      report(signature_invariant, "the signature is not that of " + holder + " over its digest");
    const auto rule = book_.signing.on(act->signed_on);
    if (!rule) return report(signature_invariant, "no rule on signing was in force when it was signed");
    const auto granted = decide_sign(content_, {act->signer, find_delegation(act->delegation)}, *rule, act->signed_on);
    if (!granted) report(signature_invariant, holder + " could not sign it: " + granted.error().message_en);
  }

  std::optional<PublicKeyBytes> find_key(const std::string& holder) {
    auto row = database_.statement("SELECT public_key FROM signing_keys WHERE holder = ?");
    row.bind(std::string_view(holder));
    PublicKeyBytes key{};
    if (!row.step() || row.blob(0).size() != key.size()) return std::nullopt;
    std::ranges::copy(row.blob(0), key.begin());
    return key;
  }

  std::optional<Delegation> find_delegation(const std::string& document) {
    auto row = database_.statement("SELECT scope, from_day, until_day, limit_mg FROM delegations WHERE document = ?");
    row.bind(std::string_view(document));
    if (!row.step()) return std::nullopt;
    return Delegation{document, std::string(row.text(0)), Day{static_cast<std::int32_t>(row.integer(1))},
                      Day{static_cast<std::int32_t>(row.integer(2))}, Milligrams(row.integer(3))};
  }

  Database& database_;
  const Rulebook& book_;
  const BatchActs& acts_;
  Findings& findings_;
  BatchId id_;
  BatchContent content_;
  Digest digest_{};
};

}  // namespace

std::int64_t check_batches(Database& database, const Rulebook& book, const BatchActs& acts, Findings& findings) {
  std::int64_t count = 0;
  BatchCheck check(database, book, acts, findings);
  auto rows = database.statement(
      "SELECT b.batch_id, b.digest, b.acts_digest, b.persons, b.records, b.issued_mg, b.serial_next_mg, b.state, "
      "b.partner_signature, b.authority_signature, b.delegation, s.name FROM batches b LEFT JOIN scenarios s USING "
      "(scenario_id) ORDER BY b.batch_id");
  for (; rows.step(); ++count) findings.guard(content_invariant, [&] { check.check(rows); });
  return count;
}

}  // namespace tanpuhui
