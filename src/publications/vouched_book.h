#pragma once
/// Says the fact `figures_agree` where a step is decided that asks for it.
#include "procedure/case.h"
#include "publications/issues.h"

namespace tanpuhui {

/// Whether the step asks whether figures agree and they do. Documents that the step itself would bring are no issue.
bool vouches_for_figures(const PublicationSources& sources, const StoredCase& stored, bool brings_documents);

/// The book in which the guards that ask for the fact hold; its hash is the same.
Rulebook book_that_knows(Rulebook book, const std::string& fact);

}  // namespace tanpuhui
