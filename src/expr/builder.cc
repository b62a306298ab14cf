#include "expr/builder.h"

#include <algorithm>
#include <utility>

namespace tanpuhui::expr {
namespace {

/// Narrow lanes are taken from the top, pairs from the bottom, so that pairs find room.
class Lanes {
 public:
  std::optional<Operand> take(bool wide) {
    if (wide) {
      for (std::size_t i = 0; i + 1 < lane_count; ++i)
        if (!taken_[i] && !taken_[i + 1]) return taken_[i] = taken_[i + 1] = true, at(Operand::Kind::wide_lane, i);
    } else {
      for (std::size_t i = lane_count; i-- > 0;)
        if (!taken_[i]) return taken_[i] = true, at(Operand::Kind::lane, i);
    }
    return std::nullopt;
  }
  void release(Operand lane) {
    taken_[lane.index] = false;
    if (lane.kind == Operand::Kind::wide_lane) taken_[lane.index + 1u] = false;
  }

 private:
  static Operand at(Operand::Kind kind, std::size_t index) { return {kind, static_cast<std::uint16_t>(index)}; }
  std::array<bool, lane_count> taken_{};
};

}  // namespace

Register ProgramBuilder::constant(int128 value) {
  const auto [known, added] = known_constants_.try_emplace(value, static_cast<std::uint32_t>(constants_.size()));
  if (added) constants_.push_back(value);
  return {Register::Kind::constant, known->second};
}

Register ProgramBuilder::constants(const std::vector<int128>& values) {
  const auto [known, added] = known_rows_.try_emplace(values, static_cast<std::uint32_t>(constants_.size()));
  if (added) constants_.insert(constants_.end(), values.begin(), values.end());
  return {Register::Kind::constant, known->second};
}

Register ProgramBuilder::operation(Op op, Register a, Register b, Register c, bool wide, bool wide_result) {
  const Draft draft{op, a, b, c, wide, wide_result};
  const auto [known, added] = known_.try_emplace(draft, static_cast<std::uint32_t>(drafts_.size()));
  if (added) drafts_.push_back(draft);
  return {Register::Kind::operation, known->second};
}

std::vector<std::uint32_t> ProgramBuilder::order(Register result) const {
  std::vector<std::uint32_t> ordered;
  std::vector<bool> done(drafts_.size());
  std::vector<std::pair<Register, bool>> open = {{result, false}};
  while (!open.empty()) {
    const auto [next, operands_done] = open.back();
    open.pop_back();
    if (next.kind != Register::Kind::operation || done[next.index]) continue;
    if (operands_done) {
      done[next.index] = true, ordered.push_back(next.index);
      continue;
    }
    const Draft& draft = drafts_[next.index];
    open.push_back({next, true});
    for (Register operand : {draft.c, draft.b, draft.a}) open.push_back({operand, false});
  }
  return ordered;
}

std::optional<Program> ProgramBuilder::finish(Register result) const {
  if (constants_.size() > UINT16_MAX) return std::nullopt;
  const auto ordered = order(result);
  std::vector<std::size_t> last_use(drafts_.size());
  const auto use = [&](Register each, std::size_t when) {
    if (each.kind == Register::Kind::operation) last_use[each.index] = when;
  };
  for (std::size_t i = 0; i < ordered.size(); ++i)
    for (Register operand : {drafts_[ordered[i]].a, drafts_[ordered[i]].b, drafts_[ordered[i]].c}) use(operand, i);
  use(result, ordered.size());

  Lanes lanes;
  std::vector<Operand> places(drafts_.size());
  const auto place = [&](Register each) {
    if (each.kind == Register::Kind::operation) return places[each.index];
    const auto kind = each.kind == Register::Kind::column ? Operand::Kind::column : Operand::Kind::constant;
    return Operand{kind, static_cast<std::uint16_t>(each.index)};
  };
  Program program;
  program.constants = constants_;
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    const Draft& draft = drafts_[ordered[i]];
    // The target is taken before the operands are given back, so that they never overlap.
    const auto to = lanes.take(draft.wide_result);
    if (!to) return std::nullopt;
    places[ordered[i]] = *to;
    program.operations.push_back({draft.op, draft.wide, place(draft.a), place(draft.b), *to, place(draft.c)});
    std::array operands = {draft.a, draft.b, draft.c};
    std::sort(operands.begin(), operands.end());
    const auto end = std::unique(operands.begin(), operands.end());
    for (auto operand = operands.begin(); operand != end; ++operand)
      if (operand->kind == Register::Kind::operation && last_use[operand->index] == i) lanes.release(place(*operand));
  }
  program.result = place(result);
  return program;
}

}  // namespace tanpuhui::expr
