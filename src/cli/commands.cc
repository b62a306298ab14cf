#include "cli/commands.h"

namespace tanpuhui {

CLI::App& add_group(CLI::App& parent, const std::string& name, const std::string& help) {
  CLI::App* group = parent.add_subcommand(name, help);
  group->require_subcommand(1);
  group->fallthrough();
  return *group;
}

}  // namespace tanpuhui
