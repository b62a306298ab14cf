#pragma once
/// Separation of duties: what no book can switch off. Maker is not checker (SEP-01), nobody decides about a case of
/// their own or of their own unit (SEP-02), roles that exclude each other are not held by one person (SEP-03), and
/// experts and verifiers with a conflict of interest stay out (VER-01).
/// Basis: requirements section 2
#include <optional>

#include "procedure/guards.h"

namespace tanpuhui {

std::optional<Refusal> refuse_by_separation(const ActionRule& action, const RoleRule& role, const StepRequest& request,
                                            const Circumstances& at);

}  // namespace tanpuhui
