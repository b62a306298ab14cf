/// Prints a digest of what the engine computes, one line a methodology and batch size, for records in and at the edges
/// of their ranges: `results_digest METHODOLOGIES_FOLDER`. Built by several compilers; test_identity.py compares.
///
///   metro-shenzhen/v1 1024 at a time: 9c0f5a1b22d3e4f5
///   metro-shenzhen/v1 hash: 41d0...
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "../expr/world.h"
#include "base/ids.h"
#include "methodology/explain.h"

namespace tanpuhui {
namespace {

namespace fs = std::filesystem;

// The first sizes end inside a block, at its end and one behind it; the last two take whole blocks and a rest.
constexpr std::size_t batch_sizes[] = {1, 7, 1023, 1024, 1025, 2500, 4096};
constexpr std::size_t rows = 4096 + 29;

struct DigestOfResults {
  std::uint64_t value = 0;
  void add(std::uint64_t next) { value = mix_bits(value + 0x9e3779b97f4a7c15U) ^ mix_bits(next ^ 0x5851f42d4c957f2dU); }
  void add(std::int64_t next) { add(static_cast<std::uint64_t>(next)); }
  void add(int128 next) {
    add(static_cast<std::uint64_t>(next >> 64));
    add(static_cast<std::uint64_t>(next));
  }
  void add(std::string_view text) {
    add(std::uint64_t{text.size()});
    for (const char c : text) add(std::uint64_t{static_cast<std::uint8_t>(c)});
  }
};

/// Integers only, so that every library gives the same.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() { return mix_bits(state_ += 0x9e3779b97f4a7c15U); }
  std::int64_t within(std::int64_t min, std::int64_t max) {
    const std::uint64_t width = static_cast<std::uint64_t>(max) - static_cast<std::uint64_t>(min) + 1;
    const std::uint64_t offset = width == 0 ? next() : next() % width;
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(min) + offset);
  }
  /// Half anywhere; the rest at the ends, next to them, near zero, or small as real records are.
  std::int64_t value(std::int64_t min, std::int64_t max) {
    const auto near = [&](std::int64_t to) { return std::clamp(to + within(-3, 3), min, max); };
    switch (next() % 12) {
      case 0:
        return min;
      case 1:
        return max;
      case 2:
        return within(min, min + std::min<std::int64_t>(3, distance(min, max)));
      case 3:
        return within(max - std::min<std::int64_t>(3, distance(min, max)), max);
      case 4:
        return near(0);
      case 5:
        return std::clamp(within(0, 100'000), min, max);
      default:
        return within(min, max);
    }
  }

 private:
  // At most what a signed number holds.
  static std::int64_t distance(std::int64_t min, std::int64_t max) {
    const std::uint64_t width = static_cast<std::uint64_t>(max) - static_cast<std::uint64_t>(min);
    return static_cast<std::int64_t>(std::min<std::uint64_t>(width, INT64_MAX));
  }
  std::uint64_t state_;
};

using Columns = std::vector<std::vector<std::int64_t>>;

Columns make_records(const std::vector<std::pair<std::int64_t, std::int64_t>>& ranges, std::uint64_t seed) {
  Generator generator(seed);
  Columns columns;
  for (const auto& [min, max] : ranges) {
    auto& column = columns.emplace_back();
    for (std::size_t row = 0; row < rows; ++row) column.push_back(generator.value(min, max));
  }
  return columns;
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Digest digest_of(ByteView bytes) {
  DigestOfResults digest;
  digest.add(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  Digest out{};
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(digest.value >> (8 * i));
  return out;
}

/// All checks of all stages and the reductions, `size` records at a time.
void add_batches(const CompiledMethodology& rule, const Columns& columns, std::size_t size, DigestOfResults& digest) {
  std::vector<std::int32_t> failed(size);
  std::vector<std::int64_t> reductions(size);
  DigestOfResults of_checks[3], of_reductions;
  for (std::size_t first = 0; first < rows; first += size) {
    const std::size_t count = std::min(size, rows - first);
    std::vector<std::span<const std::int64_t>> views;
    for (const auto& column : columns) views.push_back(std::span(column).subspan(first, count));
    for (const CheckStage stage : {CheckStage::intake, CheckStage::seal, CheckStage::both}) {
      rule.first_failed_checks(views, std::span(failed).first(count), stage);
      for (std::size_t i = 0; i < count; ++i) of_checks[static_cast<int>(stage)].add(std::int64_t{failed[i]});
    }
    rule.reductions(views, std::span(reductions).first(count));
    for (std::size_t i = 0; i < count; ++i) of_reductions.add(reductions[i]);
  }
  for (const DigestOfResults& each : of_checks) digest.add(each.value);
  digest.add(of_reductions.value);
}

/// The same record by record, through the operations in 128 bits.
void add_scalars(const CompiledMethodology& rule, const Columns& columns, DigestOfResults& digest) {
  DigestOfResults of_checks[3], of_reductions;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto inputs = expr::world::row_of(columns, row);
    for (const CheckStage stage : {CheckStage::intake, CheckStage::seal, CheckStage::both}) {
      const auto failed = rule.first_failed_check(inputs, stage);
      of_checks[static_cast<int>(stage)].add(failed ? static_cast<std::int64_t>(*failed)
                                                    : std::int64_t{no_failed_check});
    }
    of_reductions.add(rule.reduction_mg(inputs));
  }
  for (const DigestOfResults& each : of_checks) digest.add(each.value);
  digest.add(of_reductions.value);
}

void print(std::string_view name, std::string_view what, const DigestOfResults& digest) {
  fmt::print("{} {}: {:016x}\n", name, what, digest.value);
}

void print_methodology(const Methodology& methodology) {
  const std::string name = methodology.id + "/" + methodology.version;
  std::vector<DigestOfResults> batches(std::size(batch_sizes));
  DigestOfResults scalars, worked, text;
  for (const CompiledMethodology& rule : methodology.periods) {
    const Columns columns = make_records(rule.ranges, static_cast<std::uint64_t>(rule.from.number));
    for (std::size_t i = 0; i < batches.size(); ++i) add_batches(rule, columns, batch_sizes[i], batches[i]);
    add_scalars(rule, columns, scalars);
    for (std::size_t row = 0; row < 40; ++row)
      worked.add(explain_json(methodology, expr::world::row_of(columns, row), rule.from));
  }
  for (std::size_t i = 0; i < batches.size(); ++i)
    print(name, fmt::format("results, {} at a time", batch_sizes[i]), batches[i]);
  print(name, "results, by themselves", scalars);
  print(name, fmt::format("worked calculations, {} periods", methodology.periods.size()), worked);
  text.add(std::string_view(reinterpret_cast<const char*>(methodology.canonical.data()), methodology.canonical.size()));
  print(name, "canonical form", text);
}

/// Formulas of every construct, up to the limits of 64 and 128 bits: program in blocks and by itself, exact trace.
void print_formula(std::string_view text, std::string_view unit) {
  const expr::Symbols symbols = expr::world::symbols();
  const auto syntax = *expr::parse_formula(text, {});
  const bool quantity = !unit.empty();
  const auto program = *(quantity ? expr::compile_quantity(syntax, symbols, expr::world::unit(unit))
                                  : expr::compile_condition(syntax, symbols));
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
  for (const expr::Input& input : symbols.inputs) {
    const auto words = [&](std::size_t list) { return static_cast<std::int64_t>(symbols.lists[list].words.size()); };
    for (std::int64_t i = input.per ? words(*input.per) : 1; i > 0; --i)
      ranges.emplace_back(input.list ? 0 : input.min, input.list ? words(*input.list) - 1 : input.max);
  }
  const Columns columns = make_records(ranges, 20'240'930);
  std::vector<const std::int64_t*> pointers;
  for (const auto& column : columns) pointers.push_back(column.data());
  static const auto workspace = std::make_unique<expr::Workspace>();
  std::vector<std::int64_t> out(expr::block_size);
  DigestOfResults in_blocks, in_sevens, by_itself, exact;
  const auto add_block = [&](std::size_t first, std::size_t count, DigestOfResults& digest) {
    if (quantity)
      program.signed_quantity_block(pointers, first, count, *workspace, out.data());
    else
      program.condition_block(pointers, first, count, *workspace, out.data());
    for (std::size_t i = 0; i < count; ++i) digest.add(out[i]);
  };
  for (std::size_t first = 0; first < rows; first += expr::block_size)
    add_block(first, std::min(expr::block_size, rows - first), in_blocks);
  for (std::size_t first = 0; first < rows; first += 7)
    add_block(first, std::min<std::size_t>(7, rows - first), in_sevens);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto inputs = expr::world::row_of(columns, row);
    by_itself.add(quantity ? program.scalar_signed_quantity(inputs)
                           : static_cast<std::int64_t>(program.scalar(inputs)));
    if (row % 97 != 0) continue;
    const auto value = expr::trace(syntax, symbols, inputs).back().exact;
    exact.add(value ? value->num : int128{-1});
    exact.add(value ? value->den : int128{-1});
  }
  print(text, "results, in blocks", in_blocks);
  print(text, "results, 7 at a time", in_sevens);
  print(text, "results, by themselves", by_itself);
  print(text, "exact values", exact);
}

FactorTables read_factors(const fs::path& folder) {
  std::vector<SourceFile> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".toml")
      files.push_back({entry.path().filename().string(), read_text(entry.path())});
  std::ranges::sort(files, {}, &SourceFile::name);
  return *load_factors(files);
}

int run(const fs::path& folder) {
  const FactorTables factors = read_factors(folder / "factors");
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().filename() == "methodology.toml") files.push_back(entry.path());
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    const auto methodology = load_methodology(read_text(file), file.string(), digest_of, factors);
    if (!methodology) {
      fmt::print(stderr, "{}\n", describe(methodology.error()));
      return 1;
    }
    print_methodology(*methodology);
  }
  for (const auto& [text, unit] : expr::world::formulas) print_formula(text, unit);
  return 0;
}

}  // namespace
}  // namespace tanpuhui

int main(int count, char** arguments) {
  if (count == 2) return tanpuhui::run(arguments[1]);
  std::fputs("usage: results_digest METHODOLOGIES_FOLDER\n", stderr);
  return 2;
}
