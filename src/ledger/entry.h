#pragma once
/// Entries: what one command did, in the very bytes that the journal hashes. Append-only; a correction is a new entry.
///
///   Entry entry;                          // header: who, when, on what basis
///   entry.posting = order_points(...);    // acts.h: the legs and what a replay needs beside them
///   Bytes bytes = encode_entry(entry);    // stored and hashed
///
/// Basis: requirements L1, L2, L13
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/quantity.h"
#include "base/result.h"
#include "base/time.h"
#include "ledger/account.h"
#include "ledger/lot.h"

namespace tanpuhui {

/// One movement on one lot. For each batch of an entry the d_points sum to zero and so do d_backing_mg + d_free_mg
/// together. On accounts without a row the tranche is 0 and grams stand in d_free_mg.
struct Leg {
  AccountId account;
  BatchId batch;
  std::int64_t tranche = 0;
  Points d_points;
  Milligrams d_backing_mg;
  Milligrams d_free_mg;
  bool operator==(const Leg&) const = default;
};

/// A lot that begins with this entry; its legs fill it.
struct LotOpening {
  AccountId account;
  BatchId batch;
  std::int64_t tranche = 0;
  Day credited_on;
  Day expires_on = never;
  LotOrigin origin = LotOrigin::granted;
  Points base_points;
  Milligrams base_mg;
  bool grace_used = false;
  bool operator==(const LotOpening&) const = default;
};

/// The dates of a lot that an order took points from: a refund needs them when the lot itself has left.
struct DrawnLot {
  BatchId batch;
  std::int64_t tranche = 0;
  Day credited_on;
  Day expires_on = never;
  bool grace_used = false;
  bool operator==(const DrawnLot&) const = default;
};

/// Honours that an account gains. Basis: js24.a38
struct HonourLine {
  AccountId account;
  Points d_points;
  Milligrams d_mg;
  bool operator==(const HonourLine&) const = default;
};

/// Points locked (above zero) or unlocked (below).
struct LockLine {
  AccountId account;
  BatchId batch;
  std::int64_t tranche = 0;
  Points d_points;
  bool operator==(const LockLine&) const = default;
};

/// Units [from_mg, to_mg) of a batch left circulation with this entry.
struct SerialRange {
  BatchId batch;
  Milligrams from_mg;
  Milligrams to_mg;
  bool operator==(const SerialRange&) const = default;
};

/// The part of an entry that moves something. Built by acts.h, applied by apply.h, complete enough for a replay.
struct Posting {
  AccountId account;  ///< whose act it is; only this account's points may move
  std::vector<Leg> legs;
  std::vector<LotOpening> openings;
  std::vector<DrawnLot> drawn;
  std::vector<HonourLine> honours;
  std::vector<LockLine> locks;
  std::vector<SerialRange> serials;

  bool touches(AccountId other) const;
  /// Nothing moves, e.g. a clearing run that found nothing.
  bool empty() const { return legs.empty() && openings.empty() && honours.empty() && locks.empty(); }
  bool operator==(const Posting&) const = default;
};

/// Empty when the posting balances, else the sentence that says what does not: sums for each batch; points move
/// between one account and the system only. Basis: js24.a33p1.
std::string imbalance_of(const Posting& posting);
/// Stops the process when the posting does not balance. Every act ends with it.
void check_balanced(const Posting& posting);

/// What a command was. The numbers are written in canonical bytes and never change.
enum class EntryKind : std::uint8_t {
  post = 1,             ///< 登记 a person's sum of a batch
  order = 2,            ///< 兑换 points used, reductions to escrow
  complete = 3,         ///< 完成 order completed
  refund = 4,           ///< 退还 order reversed
  donate = 5,           ///< 捐赠 to an event or a campaign
  retire = 6,           ///< 核销 used for an offset claim
  cancel = 7,           ///< 自愿注销
  expire = 8,           ///< 清零
  register_act = 9,     ///< 备案 a register changed; nothing moves
  sign = 10,            ///< 签发 a batch was signed
  settle = 11,          ///< 结算 escrow netted to the provider
  pledge = 12,          ///< 认捐 points locked
  unlock = 13,          ///< 解锁
  transfer = 14,        ///< 划转
  correct = 15,         ///< 修正
  import_balance = 16,  ///< 期初导入
  set_off = 17          ///< 抵扣 points taken for a debt
};
inline constexpr int last_entry_kind = 17;
std::string_view name_en(EntryKind kind);
std::string_view name_zh(EntryKind kind);

/// A further fact of an act; no personal data. Keys are the room's own, ascending, each once.
struct Note {
  std::int64_t key = 0;
  std::string text;
  bool operator==(const Note&) const = default;
};

struct Entry {
  EntryId entry_id;
  Part part;
  std::int64_t act_no = 0;  ///< gap-free a part, from 1
  CommandId command_id;
  EntryKind kind = EntryKind::register_act;
  std::string actor;                      ///< role id, e.g. `person`, `operator`; never a name
  std::string basis;                      ///< article id, e.g. `<book>.a37p2`
  Digest rulebook_hash{};                 ///< the rulebook that decided
  Instant recorded_at;                    ///< when the ledger took it
  Day occurred_on;                        ///< the day it counts for, in the rulebook's zone
  std::optional<EntryId> reverses;        ///< undoes that order
  std::optional<EntryId> completes;       ///< completes that order; an order ends once
  std::optional<Digest> document_digest;  ///< the approved source document: batch, order, decision
  Posting posting;
  std::vector<Note> notes;

  bool operator==(const Entry&) const = default;
};

/// Canonical CBOR, format 1. One entry has one encoding.
Bytes encode_entry(const Entry& entry);
/// Accepts exactly what encode_entry writes. Does not judge the sums: the audit does.
Result<Entry, Malformed> decode_entry(ByteView bytes);

}  // namespace tanpuhui
