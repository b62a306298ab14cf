#pragma once
/// Every way through a procedure, walked through decide_step itself.
///
///   const Exploration ways = explore(book, "methodology");
///   EXPECT_TRUE(ways.stuck.empty() && ways.around_notice.empty());
///
/// Guards are taken as facts that all hold, so that nothing but the procedure itself stands in the way; each act is
/// done by a person who has not acted before, once with the documents as they are and once with one replaced; time
/// passes while a notice runs. Cases that the procedure cannot tell apart are one.
#include <set>
#include <string>
#include <vector>

#include "rulebook/rulebook.h"

namespace tanpuhui {

struct Exploration {
  std::set<std::string> states;            ///< that were reached
  std::set<std::string> granted;           ///< actions that somebody could take somewhere
  std::set<std::string> stuck;             ///< states in which a case can be without a way to where it may rest
  std::vector<std::string> around_notice;  ///< "notice: action -> state" that came to `before` without it
  /// Effects that one person of the scheme brought about without a second one having acted for it.
  std::set<std::string> alone;
  std::size_t cases = 0;  ///< told apart
};

enum class Cast {
  many,        ///< each act by somebody else
  one_person,  ///< whoever acts for the scheme is the same person, in any roles that one may hold together
};
Exploration explore(const Rulebook& book, const std::string& procedure, Cast cast = Cast::many);

/// Role x action x state: "granted", or the code of the refusal, with all guards taken to hold and every notice over.
struct MatrixRow {
  std::string role, action, state, answer;
};
std::vector<MatrixRow> matrix_of(const Rulebook& book, const std::string& procedure);

}  // namespace tanpuhui
