#pragma once
/// The law or the ledger says no. A refusal is an answer, not an error: it is stored under the command's id and the
/// same command gets it again.
///
///   return refuse("MAL-02")
///       .because("points_needed", "150").because("points_available", "120")
///       .says("碳积分不足：需要 150，可用 120", "not enough points: 150 needed, 120 available")
///       .mend("换一件积分较少的权益", "choose a benefit that costs fewer points");
#include <string>
#include <utility>
#include <vector>

namespace tanpuhui {

struct Refusal {
  std::string code;   ///< stable, from the closed lists: requirements section 8 or the outcome table
  std::string basis;  ///< permanent article id, e.g. `<book>.a37p2`; empty until the rulebook was asked
  std::vector<std::pair<std::string, std::string>> facts;
  std::string message_zh, message_en;
  std::string remedy_zh, remedy_en;

  Refusal& because(std::string name, std::string value) {
    facts.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  Refusal& says(std::string zh, std::string en) {
    message_zh = std::move(zh);
    message_en = std::move(en);
    return *this;
  }
  Refusal& mend(std::string zh, std::string en) {
    remedy_zh = std::move(zh);
    remedy_en = std::move(en);
    return *this;
  }
  bool operator==(const Refusal&) const = default;
};

/// Engines and rooms give the code only: on which provision it rests is the rulebook's to say, and the shell asks it
/// before the refusal is stored or shown.
inline Refusal refuse(std::string code, std::string basis = "") {
  Refusal refusal;
  refusal.code = std::move(code);
  refusal.basis = std::move(basis);
  return refusal;
}

/// One block of text for the terminal: message, article, facts, remedy.
std::string describe(const Refusal& refusal);

}  // namespace tanpuhui
