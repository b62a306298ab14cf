#include "publications/data_set.h"

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

DataSet small_set() {
  DataSet set;
  set.programme = "城市";
  set.publication = "figures";
  set.title_zh = "数据";
  set.title_en = "figures";
  set.basis = "book.a1";
  set.rulebook = "book";
  set.period = "2026-10";
  set.as_of = EntryId{7};
  set.as_of_at = Instant{1'793'462'400'000};
  set.zone = Zone{480};
  set.group_min = 5;
  set.fields = {{"name", "名称", "name"}, {"amount_t", "量", "amount"}, {"by", "按", "by"}};
  Row row;
  row["name"] = std::string("a,\"b\"\n=c");
  row["amount_t"] = Value(Milligrams(1'163'590'000'001));
  row["by"] = Cell({{"event", Value(Suppressed{})}, {"offset", Value(std::int64_t{3})}});
  Row bare;
  bare["name"] = Cell();
  bare["amount_t"] = Value(Suppressed{});
  bare["by"] = Cell();
  set.rows = {row, bare};
  return set;
}

TEST(data_set, is_written_as_json_with_its_keys_in_one_order) {
  EXPECT_EQ(
      format_json(small_set()),
      R"({"publication":"figures","title_zh":"数据","title_en":"figures","basis":"book.a1","programme":"城市",)"
      R"("rehearsal":false,"rulebook":"book","rulebook_hash":")" +
          std::string(64, '0') +
          R"(","period":"2026-10","as_of_entry":7,"as_of":"2026-11-01T00:00:00+08:00","group_min":5,"suppressed":2,)"
          R"("fields":[{"id":"name","zh":"名称","en":"name"},{"id":"amount_t","zh":"量","en":"amount"},)"
          R"({"id":"by","zh":"按","en":"by"}],"rows":[{"name":"a,\"b\"\n=c","amount_t":"1163.590000001",)"
          R"("by":{"event":"suppressed","offset":3}},{"name":null,"amount_t":"suppressed","by":null}]})"
          "\n");
}

TEST(data_set, is_written_as_csv_with_a_column_a_part) {
  EXPECT_EQ(format_csv(small_set()),
            "name,amount_t,by.event,by.offset\r\n\"a,\"\"b\"\"\n=c\",1163.590000001,suppressed,3\r\n,suppressed,,\r\n");
}

TEST(data_set, disarms_text_that_a_spreadsheet_would_run) {
  DataSet set = small_set();
  set.fields = {{"name", "名称", "name"}};
  for (const char* text : {"=1+1", "+1", "-1", "@x", "\tx"}) {
    set.rows.front()["name"] = std::string(text);
    set.rows.resize(1);
    EXPECT_EQ(format_csv(set), "name\r\n'" + std::string(text) + "\r\n") << text;
  }
}

TEST(data_set, leaves_figures_below_zero_as_they_are) {
  DataSet set = small_set();
  set.fields = {{"amount_t", "量", "amount"}};
  set.rows.resize(1);
  set.rows.front()["amount_t"] = Value(Milligrams(-5));
  EXPECT_EQ(format_csv(set), "amount_t\r\n-0.000000005\r\n");
}

}  // namespace
}  // namespace tanpuhui
