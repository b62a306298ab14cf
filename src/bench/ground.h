#pragma once
/// Where the benchmarks run: the scratch folder, the place of the programmes they make, and what they are made of.
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bench/report.h"
#include "methodology/methodology.h"
#include "office/office.h"

namespace tanpuhui {

enum class Scale { small, full };

struct BenchOptions {
  std::vector<std::string> cases;  ///< names; empty: all
  std::string store;               ///< the address of an empty schema of a server; empty: files in the scratch folder
  Scale scale = Scale::full;
  std::string scratch;  ///< a folder; what is made in it is removed again
  std::string records;  ///< a partner's files instead of drawn rides (rides.h); empty: drawn
  int writers = 1;      ///< that redeem side by side; more than one on a server only
  const Rulebook* book = nullptr;
  const std::map<std::string, Methodology>* methodologies = nullptr;
  std::function<void(const std::string&)> say;  ///< what goes on, for who waits; may be empty
};

/// Both sides of a ratio are measured so often, in turn.
inline constexpr int rounds = 3;

class Ground {
 public:
  /// A Fault when the server's schema holds tables: nothing of anybody's is removed.
  explicit Ground(const BenchOptions& options);
  ~Ground();
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  const BenchOptions& options() const { return options_; }
  bool on_server() const { return !options_.store.empty(); }
  std::int64_t size(std::int64_t small, std::int64_t full) const {
    return options_.scale == Scale::small ? small : full;
  }
  /// A path in the scratch folder.
  std::string file(const std::string& name) const { return folder_ + "/" + name; }
  void say(const std::string& what) const {
    if (options_.say) options_.say(what);
  }

 private:
  const BenchOptions& options_;
  std::string folder_;
};

/// Two programmes at the same time: the second lies in a file of its own, or in a schema made for it on the server.
enum class Beside { nothing, another };

/// A location for one database at a time; what lies there is removed in the end.
class Place {
 public:
  Place(const Ground& ground, const std::string& name, Beside beside = Beside::nothing);
  ~Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  const std::string& location() const { return location_; }

 private:
  std::string location_;
  std::string made_beside_;  // the schema beside which this one was made
};

/// A new programme with its writer.
class BenchProgramme {
 public:
  BenchProgramme(const Ground& ground, const std::string& name, Instant now, Beside beside = Beside::nothing);

  Database& database() { return database_; }
  Office& office() { return office_; }
  const Office& office() const { return office_; }
  const std::string& location() const { return place_.location(); }

 private:
  Place place_;  // removed after the connection has gone
  Database database_;
  Writer writer_;
  Office office_;
};

/// What the law refused, as a Fault: a benchmark asks for nothing that may be refused.
template <class T>
T must(Result<T> result) {
  if (!result) throw Fault("a benchmark was refused what it should get:\n" + describe(result.error()));
  return std::move(*result);
}

}  // namespace tanpuhui
