#pragma once
/// From the blocks of a chapter to the typed rules of the book.
#include "rulebook/rulebook.h"

namespace tanpuhui {

/// A book without rules whose histories know how to refuse.
Rulebook empty_rulebook(const std::string& name);

/// Adds the rules of one chapter to the book; what is wrong with them goes to the errors.
void read_rule_blocks(const LawChapter& chapter, Rulebook& book, TextErrors& errors);

/// After the last chapter: rules without `from` begin with the book, and none may begin before it.
void begin_rules_with_the_book(Rulebook& book, TextErrors& errors);

/// After the last chapter: every role, state, action, guard, deadline, procedure and publication that a rule names
/// is there.
void check_references(const Rulebook& book, TextErrors& errors);

}  // namespace tanpuhui
