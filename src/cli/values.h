#pragma once
/// What every command shares: the options before and after its name, how values are written, and exit codes.
#include <stdexcept>
#include <string>

#include "base/ids.h"
#include "base/quantity.h"
#include "base/time.h"

namespace tanpuhui {

enum ExitCode : int {
  exit_done = 0,
  exit_refused = 1,       ///< refused, or an audit or a verification found something
  exit_usage = 2,         ///< the command line itself is wrong
  exit_fault = 3,         ///< the world failed: nothing was half written, run it again
  exit_some_refused = 4,  ///< done, but some lines of a file were refused: see the report
};

struct SharedOptions {
  std::string programme = "tanpuhui.db";  ///< a path, or the address of a PostgreSQL database
  std::string keys = ".";                 ///< folder of the log's keys when the programme is on a server
  std::string home;                       ///< folder with rulebooks/ and methodologies/; empty: found
  std::string as_of;                      ///< rehearsals only
};

/// A value on the command line that is not what it should be: exit_usage.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Day day_option(const std::string& name, const std::string& text);
Instant instant_option(const std::string& name, const std::string& text);
/// `1.25` kg.
Milligrams kilograms_option(const std::string& name, const std::string& text);
/// An id given with --id, or a new one.
CommandId id_option(const std::string& text, Instant now);

}  // namespace tanpuhui
