#pragma once
/// An issuance: what the persons of one scenario saved in one period, summed, signed and posted.
///
///   draft -> compute (sums a person, from sealed acts) -> sign (partner, authority) -> post -> closed
///
/// Where a rulebook issues on application, the step of a case stands for the authority's signature, and what is posted
/// is held until the case releases it.
///
/// A posted batch is never edited; what comes later is a batch of its own.
///
/// Acts can save less than nothing where the methodology keeps that (`negative = "carry"`). A line is then the sum of
/// all acts and of what the account carried from its earlier batches of the scenario: above zero it is issued, else
/// nothing is and the rest is carried to the account's next batch. So cutting a period in two sheds no loss:
///
///   January -5 kg, February +3 kg, March +4 kg      issued 0, 0, 2; carried -5, -2, 0; in one batch: issued 2
///
/// What was issued before a loss stays issued. A batch in which everything is carried is signed and posted like any
/// other, with 0 mg and no entries: its days close, and its digest holds the losses.
///
/// Acts of methodologies that bear no reductions (kind `points`) are counted, not summed: their lines hold 0 mg and
/// earn points an act.
/// Basis: js24.a25, js24.a5p1 (signing is the authority's act), js24.a33p2, sip25.a16p2, decisions D4, D10, AMB-01
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/quantity.h"
#include "base/result.h"
#include "base/time.h"
#include "ledger/grant.h"
#include "rulebook/rulebook.h"

namespace tanpuhui {

/// What the acts of one account in the period come to.
struct ActSum {
  AccountId account;
  Milligrams reduction;            ///< may be below zero
  std::int64_t records = 0;        ///< acts that count
  std::int64_t plain_records = 0;  ///< of them, acts that bear no reductions and earn points each
};

/// What one person saved in the period, and what is carried: losses, never above zero.
struct BatchLine {
  AccountId account;
  Milligrams reduction;  ///< issued
  std::int64_t records = 0;
  std::int64_t plain_records = 0;
  Milligrams carried_in{}, carried_out{};  ///< from the account's last batch of the scenario, to its next one

  /// What the acts of this batch came to.
  Milligrams saved() const { return reduction + carried_out - carried_in; }
  /// Something is posted to the person.
  bool credits() const { return reduction > Milligrams() || plain_records > 0; }
  /// Nothing beyond what every line has: the amount issued and the number of records.
  bool is_plain_sum() const { return plain_records == 0 && carried_in == Milligrams() && carried_out == Milligrams(); }
  bool operator==(const BatchLine&) const = default;
};

/// What is issued of the sum, and what is carried on.
BatchLine line_of(const ActSum& sum, Milligrams carried_in);

/// What the signatures cover. `digest` is the SHA-256 of its canonical bytes with all lines.
struct BatchContent {
  BatchId id;
  std::string scenario;
  Day period_from, period_until;  ///< both inclusive
  std::string methodology;        ///< id and version
  Digest methodology_hash{};
  Digest rulebook_hash{};
  Digest acts_digest{};          ///< over the digests of the sealed days, in order of day and round
  std::vector<BatchLine> lines;  ///< by account, no account twice, each of at least one record

  Milligrams total() const;  ///< issued
  Milligrams saved() const;  ///< by the acts of this batch; may be below zero
  std::int64_t records() const;
  std::int64_t plain_records() const;
};

/// Lines that carry nothing and bear reductions are written as they always were.
Digest batch_digest(const BatchContent& content, HashFunction hash);

/// The rule of a day for all lines of a batch. PTS-02 when there is none, or none for acts without reductions where
/// the batch has such. RUL-01 when points have no term.
Result<GrantRule> grant_rule_on(const Rulebook& book, Day day, const BatchContent& content);
/// What a line that credits is posted as.
GrantRequest grant_request_of(const BatchLine& line, BatchId batch, Day credited_on);

/// Who may sign for the authority: the authority itself, or the operator under a written delegation.
struct Delegation {
  std::string document;  ///< number of the delegation document
  std::string scope;     ///< scenario name, or `*`
  Day from, until;       ///< both inclusive
  Milligrams limit;      ///< for one batch
};

enum class Signer { partner, authority, operator_by_delegation };

struct SigningFacts {
  Signer signer = Signer::partner;
  std::optional<Delegation> delegation;  ///< the one named by the operator
};

/// May this signer sign a batch of this scenario and total today? ISS-01 when not. Basis: js24.a5p1, js24.a6
Result<Done> decide_sign(const BatchContent& content, const SigningFacts& facts, const SigningRule& rule, Day today);

struct PostingFacts {
  bool signed_by_partner = false;
  bool signed_by_authority = false;     ///< or issued by a case, where the rulebook has it so
  Milligrams recomputed_saved;          ///< by the sealed acts, now
  std::int64_t recomputed_records = 0;  ///< sealed acts that count, now
  bool digest_matches = false;          ///< the content that was signed is the content that would be posted
};

/// May the batch be posted? ISS-01 without both signatures, ISS-03 when the amount is not the engine's.
Result<Done> decide_post(const BatchContent& content, const PostingFacts& facts);

}  // namespace tanpuhui
