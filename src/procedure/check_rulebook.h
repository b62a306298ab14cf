#pragma once
/// Does a book hold together? What can be proved without running a programme is proved here; what remains are the
/// cases, and they are played.
///
///   const BookReport report = check_rulebook({book, calendar, questions, cases, performed});
///   report.findings.empty()
///
/// Every article is there with a status. Every executable provision has a case that is granted and one that is refused,
/// and every case comes out. Every state of every procedure can be reached, and a case can always come to rest. Every
/// action can be taken by somebody, and nobody of the scheme brings an effect about alone. No way leads around a
/// notice. Every question has an answer, every guard is needed somewhere.
/// Basis: design.5
#include <map>
#include <set>
#include <string>
#include <vector>

#include "procedure/law_case.h"
#include "rulebook/questions.h"

namespace tanpuhui {

struct BookMatters {
  const Rulebook& book;
  const Calendar& calendar;
  std::vector<BookQuestion> questions;
  std::vector<LawCase> cases;
  std::set<std::string> performed_effects;  ///< those that rooms of this program carry out
};

struct BookReport {
  TextErrors findings;
  std::map<std::string, int> provisions;  ///< by status
  int cases_played = 0;
  std::map<std::string, int> cases_waiting;     ///< by the room they wait for
  std::set<std::string> unperformed_effects;    ///< that no room carries out yet
  std::map<std::string, std::size_t> explored;  ///< cases told apart, by procedure
};

BookReport check_rulebook(const BookMatters& matters);

}  // namespace tanpuhui
