#pragma once
/// pgbench's TPC-B on the server that is measured: what PostgreSQL itself offers as its yardstick. Eight clients, two
/// threads, prepared statements, tables of its own in the same schema.
#include <string>
#include <vector>

namespace tanpuhui {

class Pgbench {
 public:
  /// Fills its tables. A Fault when pgbench is not installed.
  Pgbench(std::string server, std::int64_t scale);
  /// Removes them.
  ~Pgbench();
  Pgbench(const Pgbench&) = delete;
  Pgbench& operator=(const Pgbench&) = delete;

  double transactions_per_second(int seconds);

 private:
  std::string run(std::vector<std::string> arguments) const;
  std::string server_, program_;
};

}  // namespace tanpuhui
