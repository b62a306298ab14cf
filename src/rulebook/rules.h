#pragma once
/// The rules that a law file's blocks state, typed. Each stands under a provision, is dated, and names the settings by
/// which an ambiguity of the text was decided.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"
#include "base/time.h"

namespace tanpuhui {

/// What every rule carries.
struct Rule {
  std::string basis;                  ///< permanent id of the provision above the block
  std::optional<Day> from;            ///< first day in force; none: begins with the book, which has no day yet
  std::optional<Day> until;           ///< last day in force; none: until further notice
  std::vector<std::string> settings;  ///< AMB- and D- numbers of the readings chosen here
  std::string mark;  ///< what a reader must know about the value, e.g. that it is a demonstration value
  std::string file;
  int line = 0;

  bool in_force_on(Day day) const { return from && *from <= day && (!until || day <= *until); }
  /// Whether both can be in force on one day; without `from` a rule reaches back to wherever the book begins.
  bool shares_a_day_with(const Rule& other) const {
    return (!until || !other.from || *other.from <= *until) && (!other.until || !from || *from <= *other.until);
  }
};

/// Grams to points, on a person's sum in a batch (decisions D4); acts that bear no reductions to points, each by
/// itself.
struct PointsRule : Rule {
  Milligrams
      mg_per_point;       ///< one point for each full amount of this size: rounding is down; 0: an issuance grants none
  Points points_per_act;  ///< 0: no rule for acts that bear no reductions
};

/// How long points are good.
struct ExpiryRule : Rule {
  int years = 0;                          ///< good through the same date so many years after they became available
  bool roll_over = false;                 ///< a term that ends on a day of rest moves to the next working day
  int grace_days_after_order = 0;         ///< for points that come back from an order after their term
  int provider_refund_grace_days = 0;     ///< the same where the provider caused the refund
  std::vector<std::int64_t> notice_days;  ///< the person is told so many days ahead
};

enum class SpendFirst { bearing, oldest };

/// Which points an order takes. Inside a class always the oldest credited, then by lot.
struct SpendRule : Rule {
  SpendFirst first = SpendFirst::bearing;
  bool user_choice = false;
};

/// Who may bring a use about: the owner by asking, or only the platform by its rules.
enum class UseBy { owner, platform };

/// A purpose for which reductions leave circulation.
struct PermittedUse : Rule {
  std::string id;
  std::string zh, en;
  UseBy by = UseBy::owner;
  bool needs_beneficiary = false;
  bool needs_document = false;  ///< a case document of a court or an authority
  bool region_only = false;     ///< only inside the book's region
};

struct OrderRule : Rule {
  int after_sales_days = 0;  ///< after delivery, until the order is complete and the provider's escrow released
};

/// A figure that stays with the account for ever and cannot be spent.
struct Honour : Rule {
  std::string id;
  std::string zh, en;
};

/// Who signs a batch for the authority.
struct SigningRule : Rule {
  bool authority_may_sign = false;
  bool operator_needs_delegation = true;  ///< a recorded, unexpired one, with scope and limit
  bool by_case = false;                   ///< nobody signs: a case in which it was applied for issues the batch
  bool held_for_notice = false;           ///< what is issued is not used until the case releases it
};

/// Whether a holder may do something with an asset at all; who holds, what and which act are words of the form.
struct RightRule : Rule {
  std::string holder, asset, act;
  bool allowed = false;
  std::string code;  ///< under which it is refused
};

/// The answer that the book gives to a question that every book must answer.
struct SettingAnswer : Rule {
  std::string question;  ///< AMB-12
  std::string zh, en;
  std::string value;  ///< where one word says it; else empty
};

/// What the public is shown, and how often.
struct PublicationRule : Rule {
  std::string id;
  std::string zh, en;
  std::vector<std::string> fields;
  std::string every;  ///< at_once, month, quarter, year
  int group_min = 0;  ///< smaller groups of persons are not shown; 0: it shows no persons
};

/// What a history of values is called in refusals, and under which code it refuses.
struct ValueName {
  std::string code;
  std::string zh, en;
  std::string basis;  ///< used while there is no value at all
};

Refusal no_value_in_force(const ValueName& name, const std::vector<const Rule*>& values, Day day);

/// The values of one rule over time. At most one is in force on a day: the loader refuses overlaps.
///
///   TANPUHUI_TRY(const ExpiryRule expiry, book.expiry.on(credited_on));
template <class T>
class Dated {
 public:
  Dated() = default;
  explicit Dated(ValueName name) : name_(std::move(name)) {}

  /// The value in force, or a refusal that says which article has none on that day.
  Result<T> on(Day day) const {
    for (const T& value : values_)
      if (value.in_force_on(day)) return value;
    std::vector<const Rule*> rules;
    for (const T& value : values_) rules.push_back(&value);
    return no_value_in_force(name_, rules, day);
  }

  /// The value that shares a day with `rule`; null when `rule` may be added.
  const T* overlapping(const T& rule) const {
    for (const T& value : values_)
      if (value.shares_a_day_with(rule)) return &value;
    return nullptr;
  }
  void add(T rule) { values_.push_back(std::move(rule)); }
  const std::vector<T>& all() const { return values_; }
  std::vector<T>& all() { return values_; }

 private:
  ValueName name_;
  std::vector<T> values_;
};

}  // namespace tanpuhui
