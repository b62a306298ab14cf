#include "bench/pgbench.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "store/database.h"

namespace tanpuhui {
namespace {

namespace fs = std::filesystem;

// Debian keeps it beside the server's programs.
std::string find_program() {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", ignored))
    if (fs::exists(version.path() / "bin/pgbench")) found.push_back(version.path() / "bin/pgbench");
  if (!found.empty()) return std::ranges::max(found).string();
  if (fs::exists("/usr/bin/pgbench")) return "/usr/bin/pgbench";
  throw Fault(
      "pgbench is not installed, and redemptions on a server are measured against it: apt-get install "
      "postgresql-contrib");
}

}  // namespace

Pgbench::Pgbench(std::string server, std::int64_t scale) : server_(std::move(server)), program_(find_program()) {
  run({"-i", "-q", "-s", std::to_string(scale)});
}

Pgbench::~Pgbench() {
  try {
    run({"-i", "-I", "d"});
  } catch (const Fault&) {  // the server went away
  }
}

double Pgbench::transactions_per_second(int seconds) {
  const std::string out = run({"-n", "-c", "8", "-j", "2", "-M", "prepared", "-T", std::to_string(seconds)});
  const auto at = out.find("tps = ");
  if (at == std::string::npos) throw Fault("pgbench gave no rate:\n" + out);
  return std::strtod(out.c_str() + at + 6, nullptr);
}

std::string Pgbench::run(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), program_);
  arguments.push_back(server_);
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Fault("pgbench: no pipe");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  pid_t child = 0;
  const int problem = ::posix_spawn(&child, program_.c_str(), &actions, nullptr, words.data(), ::environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string out;
  char piece[4096];
  for (ssize_t count = 0; (count = ::read(ends[0], piece, sizeof piece)) > 0;)
    out.append(piece, static_cast<std::size_t>(count));
  ::close(ends[0]);
  int status = 0;
  if (problem != 0 || ::waitpid(child, &status, 0) < 0 || status != 0)
    throw Fault("pgbench against " + shown_location(server_) + " failed:\n" + out);
  return out;
}

}  // namespace tanpuhui
