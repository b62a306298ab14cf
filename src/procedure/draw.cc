#include "procedure/draw.h"

#include <algorithm>
#include <charconv>

#include "base/cbor.h"

namespace tanpuhui {
namespace {

std::string rank_of(const std::string& seed, const std::string& name, HashFunction hash) {
  const std::string text = seed + " " + name;
  return to_hex(hash(as_bytes(text)));
}

/// Reads the lines of a draw one after another; `sound` is false from the first that is something else.
class DrawLines {
 public:
  explicit DrawLines(std::string_view text) : rest_(text) {}

  std::string_view next(std::string_view label) {
    const auto end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    sound = sound && end != std::string_view::npos && line.starts_with(label);
    if (!sound) return {};
    rest_.remove_prefix(end + 1);
    return line.substr(label.size());
  }
  std::int64_t next_number(std::string_view label) { return number(next(label)); }
  std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    sound = sound && read.ec == std::errc() && read.ptr == text.data() + text.size() && value >= 0;
    return value;
  }
  bool at_end() const { return rest_.empty(); }

  bool sound = true;

 private:
  std::string_view rest_;
};

}  // namespace

std::size_t least_of(const DrawRule& rule, std::size_t pool) {
  const std::size_t share = (pool * static_cast<std::size_t>(rule.share_percent) + 99) / 100;
  return std::max(share, static_cast<std::size_t>(rule.least));
}

Digest seed_of(const Draw& draw, HashFunction hash) {
  return hash(CborWriter().array(3).text("tph/draw1").bytes(draw.block_hash).integer(draw.case_number).result());
}

void rank(Draw& draw, HashFunction hash) {
  const std::string seed = to_hex(seed_of(draw, hash));
  std::ranges::sort(draw.ranked, {}, [&](const std::string& name) { return rank_of(seed, name, hash); });
}

std::string format_draw(const Draw& draw, HashFunction hash) {
  const std::string seed = to_hex(seed_of(draw, hash));
  std::string text = "tanpuhui draw 1\ncase " + std::to_string(draw.case_number) + "\nblock " +
                     std::to_string(draw.block) + " " + to_hex(draw.block_hash) + "\nseed " + seed + "\npool " +
                     std::to_string(draw.ranked.size()) + "\ndrawn " + std::to_string(draw.count) + "\n";
  for (const std::string& name : draw.ranked) text += rank_of(seed, name, hash) + " " + name + "\n";
  return text;
}

std::optional<Draw> read_draw_text(std::string_view text, HashFunction hash) {
  DrawLines lines(text);
  Draw draw;
  lines.next("tanpuhui draw 1");
  draw.case_number = lines.next_number("case ");
  const std::string_view block = lines.next("block ");
  const auto space = std::min(block.find(' '), block.size());
  draw.block = lines.number(block.substr(0, space));
  const auto digest = digest_from_hex(block.substr(std::min(space + 1, block.size())));
  if (!lines.sound || !digest) return std::nullopt;
  draw.block_hash = *digest;
  lines.next("seed ");
  const std::int64_t pool = lines.next_number("pool ");
  draw.count = static_cast<std::size_t>(lines.next_number("drawn "));
  while (lines.sound && !lines.at_end()) {
    const std::string_view line = lines.next("");
    draw.ranked.emplace_back(line.substr(std::min(line.size(), line.find(' ') + 1)));
  }
  if (!lines.sound || pool != std::ssize(draw.ranked) || draw.count > draw.ranked.size()) return std::nullopt;
  rank(draw, hash);
  if (format_draw(draw, hash) != text) return std::nullopt;
  return draw;
}

}  // namespace tanpuhui
