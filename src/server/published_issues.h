#pragma once
/// Issues of publications as the public sees them: those that were published, also when they have been replaced since.
/// The data sets are given byte for byte as they were checked. Basis: js24.a43p1, sip25.a25
#include <optional>
#include <string_view>

#include "server/registers.h"
#include "server/reply.h"

namespace tanpuhui {

inline constexpr std::string_view publications_prefix = "/api/v1/publications/";

/// `publication`: of that one alone; empty: all.
Reply list_published(Registers& registers, std::string_view publication);
/// `12` or `12/csv`: what stands behind the prefix.
Reply show_published(Registers& registers, std::string_view rest);

}  // namespace tanpuhui
