#include "methodology/gate.h"

#include <algorithm>

#include <fmt/format.h>

namespace tanpuhui {
namespace {

constexpr std::size_t vectors_min = 3;

class Gate {
 public:
  Gate(const Methodology& methodology, const GateRule& rule) : m_(methodology), rule_(rule) {}

  std::vector<GateFinding> run() {
    check_texts();
    for (const MethodologyParameter& row : m_.parameters) check_value("parameter " + row.name, row);
    for (const MethodologyTable& table : m_.tables)
      for (const MethodologyTable::Row& row : table.rows)
        check_value(fmt::format("table {} of {}", table.name, row.word), row);
    check_vectors();
    return std::move(findings_);
  }

 private:
  void check_texts() {
    want("title", m_.title);
    want("publisher", m_.publisher);
    want("applicability", m_.applicability);
    if (m_.bears_reductions()) want("baseline", m_.baseline), want("calculation", m_.calculation);
    want("monitoring_plan", m_.monitoring_plan);
    if (rule_.additionality && m_.bears_reductions()) want("additionality", m_.additionality);
  }
  void want(const std::string& part, const BilingualText& text) {
    if (text.zh.empty() || text.en.empty())
      block(part, {"缺少必备部分", "this compulsory part is missing"}, fmt::format("add [{}] with zh and en", part));
  }
  void check_value(const std::string& what, const DatedValue& row) {
    const std::string where = fmt::format("{} from {}", what, format_day(row.from));
    if (row.source.empty()) block(where, {"没有来源", "it has no source"}, "name where the value is from");
    if (row.trust == "demonstration")
      remark(where, {"演示数值，未经主管部门确认", "a demonstration value that no authority has confirmed"},
             "replace it by a published value before anything is issued");
    else if (row.trust != "official")
      remark(where, {"数值来源不是官方文本", "the value was not taken from the official text"},
             "compare it with the official text and mark it official");
  }
  void check_vectors() {
    const auto refused =
        std::count_if(m_.vectors.begin(), m_.vectors.end(), [](const auto& vector) { return !vector.refused.empty(); });
    if (m_.vectors.size() < vectors_min || refused == 0)
      block("vector",
            {"测试向量不足三个，或没有被拒绝的一个", "fewer than three test vectors, or none that is refused"},
            "add [[vector]] blocks, one of them refused");
  }
  void block(std::string where, BilingualText message, std::string remedy) {
    findings_.push_back({true, std::move(where), std::move(message), std::move(remedy)});
  }
  void remark(std::string where, BilingualText message, std::string remedy) {
    findings_.push_back({false, std::move(where), std::move(message), std::move(remedy)});
  }

  const Methodology& m_;
  const GateRule& rule_;
  std::vector<GateFinding> findings_;
};

}  // namespace

std::vector<GateFinding> check_gate(const Methodology& methodology, const GateRule& rule) {
  return Gate(methodology, rule).run();
}

}  // namespace tanpuhui
