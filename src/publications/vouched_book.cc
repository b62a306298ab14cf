#include "publications/vouched_book.h"

#include <variant>

namespace tanpuhui {

bool vouches_for_figures(const PublicationSources& sources, const StoredCase& stored, bool brings_documents) {
  return stored.matter.procedure == issue_procedure && !brings_documents && figures_agree(sources, stored);
}

// A list of documents of which none is wanted is always there.
Rulebook book_that_knows(Rulebook book, const std::string& fact) {
  for (GuardRule& guard : book.guards)
    if (const auto* said = std::get_if<FactSaid>(&guard.test); said && said->fact == fact)
      guard.test = DocumentsThere{};
  return book;
}

}  // namespace tanpuhui
