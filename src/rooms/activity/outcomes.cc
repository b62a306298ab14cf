#include "rooms/activity/outcomes.h"

#include "base/check.h"

namespace tanpuhui {
namespace {

using enum Outcome;
using enum OutcomeStage;

constexpr std::string_view send_again_zh = "更正后放入新文件重新报送";
constexpr std::string_view send_again_en = "correct the record and send it again in a new file";
constexpr std::string_view nothing_zh = "无需处理";
constexpr std::string_view nothing_en = "nothing to do";

constexpr OutcomeRow table[] = {
    {file_unreadable, file, "file_unreadable", "DAT-06", "", "文件无法读取", "the file cannot be read",
     "检查路径、权限和压缩格式后重新报送", "check path, permissions and compression, then send it again"},
    {file_empty, file, "file_empty", "DAT-06", "", "文件没有记录", "the file holds no record",
     "确认导出是否成功，无记录时不必报送", "check the export; a day without records needs no file"},
    {file_already_received, file, "file_already_received", "DAT-02", "", "同一文件已收到，未作任何改变",
     "the same file was received before; nothing changed", nothing_zh, nothing_en},
    {file_truncated, file, "file_truncated", "DAT-06", "", "压缩文件不完整，整个文件未接收",
     "the compressed file is cut off; none of it was taken", "重新传输完整文件", "transfer the whole file again"},
    {file_differs_from_manifest, file, "file_differs_from_manifest", "DAT-06", "", "文件与报送清单不符，整个文件未接收",
     "the file is not what its manifest says; none of it was taken", "核对所列数字，更正文件或清单后一并重新报送",
     "look at the figures named, correct the file or the manifest, then send both again"},

    {malformed_line, intake, "malformed_line", "DAT-06", "", "该行无法解析", "the line cannot be parsed", send_again_zh,
     send_again_en},
    {unknown_field, intake, "unknown_field", "DAT-06", "", "含有未约定的字段", "a field that is not agreed",
     "删去该字段后放入新文件重新报送", "leave the field out and send the record again in a new file"},
    {missing_field, intake, "missing_field", "DAT-06", "", "缺少必需字段", "a required field is missing",
     "补齐字段后放入新文件重新报送", "add the field and send the record again in a new file"},
    {duplicate_field, intake, "duplicate_field", "DAT-06", "", "同一字段出现两次", "a field occurs twice",
     "每个字段只写一次", "write each field once"},
    {wrong_type, intake, "wrong_type", "DAT-06", "", "字段类型不符", "a field has the wrong type",
     "小数写成文本，修订号写成整数，撤回写成 true 或 false",
     "write decimals as text, the revision as an integer, withdrawn as true or false"},
    {too_many_decimals, intake, "too_many_decimals", "DAT-06", "", "小数位数过多", "too many decimals",
     "按方法学规定的小数位数报送", "send the number of decimals that the methodology names"},
    {time_without_zone, intake, "time_without_zone", "DAT-06", "", "时间没有时区", "a time without a zone",
     "写明时区，如 2025-01-31T08:03:06+08:00", "name the zone, as in 2025-01-31T08:03:06+08:00"},
    {bad_time, intake, "bad_time", "DAT-06", "", "时间无法识别", "not a time",
     "按 2025-01-31T08:03:06+08:00 的形式书写", "write it as 2025-01-31T08:03:06+08:00"},
    {other_scenario, intake, "other_scenario", "DAT-04", "", "记录属于其他场景", "a record of another scenario",
     "报送到该记录所属的场景", "send it to the scenario it belongs to"},
    {out_of_range, intake, "out_of_range", "DAT-08", "", "数值或长度超出允许范围",
     "a value or length outside the allowed range", send_again_zh, send_again_en},
    {end_before_start, intake, "end_before_start", "DAT-08", "", "结束早于开始", "the end lies before the start",
     send_again_zh, send_again_en},
    {id_other_day, intake, "id_other_day", "DAT-06", "decisions.D21", "记录编号的日期不是行为发生日",
     "the record id does not begin with the day of the act", "编号以行为发生日开头，如 20250131-42",
     "begin the id with the day on which the act started, as in 20250131-42"},
    {act_in_future, intake, "act_in_future", "DAT-03", "", "行为尚未结束", "the act has not ended yet",
     "校准时钟，行为结束后再报送", "set the clock right and send acts after they have ended"},
    {too_late, intake, "too_late", "DAT-09", "", "超过允许的报送期限", "later than the scenario allows",
     "经运营机构同意后另行报送", "ask the operator for approval"},
    {no_methodology, intake, "no_methodology", "MET-04", "", "行为发生日没有生效的方法学",
     "no methodology was in force on the day of the act", "方法学生效后的行为才能核算",
     "only acts while the methodology is in force can be quantified"},
    {unknown_person, intake, "unknown_person", "DAT-04", "", "没有该人员的授权记录",
     "nobody with this id has agreed to this scenario", "本人授权后在期限内放入新文件重新报送",
     "send it again in a new file once the person has agreed, within the allowed lateness"},
    {no_consent, intake, "no_consent", "CON-01", "", "行为发生时没有有效授权", "no consent at the time of the act",
     "取得覆盖该时间的授权后在期限内放入新文件重新报送",
     "send it again in a new file once a consent covers that time, within the allowed lateness"},
    {check_failed, intake, "check_failed", "DAT-08", "", "未通过方法学规定的检查",
     "a check of the methodology does not hold", "核对数据，确有错误时更正后重新报送",
     "look at the data; where they were wrong, send a correction"},
    {scenario_not_live, intake, "scenario_not_live", "DAT-05", "", "行为发生日场景未上线或已暂停、终止",
     "the scenario was not live on the day of the act", "核对行为日期；暂停和终止期间的行为不能计入",
     "look at the day: acts before it went live, or while it was suspended or had ended, do not count"},
    {received, intake, "received", "", "", "已接收，等待结算", "received, waits for the seal", nothing_zh, nothing_en},

    {duplicate, seal, "duplicate", "DAT-07", "decisions.D13", "与已有记录完全相同", "an exact copy of another record",
     nothing_zh, nothing_en},
    {superseded, seal, "superseded", "DAT-07", "decisions.D13", "已被更高修订号的记录取代",
     "replaced by a higher revision", nothing_zh, nothing_en},
    {withdrawn, seal, "withdrawn", "DAT-07", "decisions.D13", "合作方已撤回", "withdrawn by the partner", nothing_zh,
     nothing_en},
    {conflict_same_person, seal, "conflict_same_person", "DAT-07", "decisions.D13",
     "同一编号内容不同，属同一人，全部不计", "the same id with other content, same person: none counts",
     "以更高的修订号报送正确内容", "send the right content with a higher revision"},
    {conflict_other_person, seal, "conflict_other_person", "DAT-07", "decisions.D13",
     "同一编号内容不同，属不同的人，全部不计", "the same id for different persons: none counts",
     "以更高的修订号报送正确内容", "send the right content with a higher revision"},
    {conflict_with_posted, seal, "conflict_with_posted", "DAT-07", "decisions.D13", "该编号的记录已结算入批，内容不同",
     "a record with this id has been posted with other content", "申请更正", "ask for a correction"},
    {consent_withdrawn, seal, "consent_withdrawn", "CON-02", "", "结算前本人已撤回授权",
     "the person withdrew the consent before the seal", nothing_zh, nothing_en},
    {credited_elsewhere, seal, "credited_elsewhere", "CMB-01", "", "该行为已在另一碳普惠机制计入",
     "another programme has credited this act", nothing_zh, nothing_en},
    {overlap, seal, "overlap", "DAT-08", "", "与同一人上一次被采纳的行为时间重叠",
     "starts before the person's last accepted act ended", nothing_zh, nothing_en},
    {cap_day, seal, "cap_day", "DAT-08", "", "超过每人每日次数上限", "more acts than count for a person a day",
     nothing_zh, nothing_en},
    {cap_month, seal, "cap_month", "DAT-08", "", "超过每人每月次数上限", "more acts than count for a person a month",
     nothing_zh, nothing_en},
    {reference_missing, seal, "reference_missing", "DAT-08", "decisions.D16", "缺少方法学所需的前期数据",
     "the days before, which the methodology compares with, are not complete", "补齐前期记录后重新封存",
     "send the records of the days before, then seal again"},
    {accepted, seal, "accepted", "", "", "采纳", "accepted", nothing_zh, nothing_en},
};

}  // namespace

std::span<const OutcomeRow> outcome_table() { return table; }

const OutcomeRow& describe_outcome(Outcome outcome) {
  for (const OutcomeRow& row : table)
    if (row.outcome == outcome) return row;
  raise_defect("an outcome stands in the table", __FILE__, __LINE__);
}

std::optional<Outcome> find_outcome(std::string_view id) {
  for (const OutcomeRow& row : table)
    if (row.id == id) return row.outcome;
  return std::nullopt;
}

std::string_view stage_name(OutcomeStage stage) {
  constexpr std::array<std::string_view, 3> names = {"file", "intake", "seal"};
  return names[static_cast<std::size_t>(stage)];
}

}  // namespace tanpuhui
