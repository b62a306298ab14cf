#pragma once
/// Where a test keeps its programme: in the file it names, or, when TANPUHUI_TEST_ENGINE is `postgres`, in a schema of
/// the test server that goes by the file's name. The same tests run on both (tests/CMakeLists.txt).
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "base/fault.h"
#include "store/database.h"

namespace tanpuhui {

inline bool on_server() {
  const char* engine = std::getenv("TANPUHUI_TEST_ENGINE");
  return engine && std::string_view(engine) == "postgres";
}

/// The address of the test server; a Fault when none was started.
inline std::string test_server() {
  if (const char* address = std::getenv("TANPUHUI_TEST_POSTGRES")) return address;
  std::ifstream in(TANPUHUI_TEST_POSTGRES_FILE);
  std::string address{std::istreambuf_iterator<char>(in), {}};
  if (address.empty())
    throw Fault("no test server: run the tests by ctest, which starts one, or set TANPUHUI_TEST_POSTGRES");
  return address;
}

/// A schema of that name, made where there is none. It knows `zeroblob`, as SQLite does.
inline std::string test_schema(const std::string& name) {
  Database database = Database::open_writer(test_server());
  database.execute("CREATE SCHEMA IF NOT EXISTS " + name + "; CREATE OR REPLACE FUNCTION " + name +
                   ".zeroblob(int) RETURNS bytea LANGUAGE sql AS 'SELECT decode(repeat(''00'', $1), ''hex'')'");
  return test_server() + "&options=-csearch_path%3D" + name;
}

/// `path` lies in a folder of the test's own, so that its name is nobody else's.
inline std::string test_location(const std::string& path) {
  return on_server() ? test_schema("t" + std::to_string(std::hash<std::string>{}(path))) : path;
}

/// What a Fault says; empty when there is none.
std::string fault_of(const auto& act) {
  try {
    act();
  } catch (const Fault& fault) {
    return fault.what();
  }
  return "";
}

}  // namespace tanpuhui
