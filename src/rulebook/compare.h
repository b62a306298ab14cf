#pragma once
/// The same question, two answers: what two books say, side by side.
#include <string>
#include <vector>

#include "rulebook/questions.h"
#include "rulebook/rulebook.h"

namespace tanpuhui {

/// One side of a row; empty where the book says nothing.
struct BookSays {
  std::string basis;
  std::string zh, en;
  std::string value;
};

struct ComparedRow {
  std::string part;  ///< question, role, right, deadline, notice
  std::string name;
  std::string zh, en;
  BookSays left, right;

  bool is_the_same() const { return left.zh == right.zh && left.en == right.en && left.value == right.value; }
};

/// Questions in the order in which they are asked; the rest by name.
std::vector<ComparedRow> compare_books(const Rulebook& left, const Rulebook& right,
                                       const std::vector<BookQuestion>& questions);

}  // namespace tanpuhui
