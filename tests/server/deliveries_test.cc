#include "server/deliveries.h"

#include <future>

#include "partner.h"

namespace tanpuhui {
namespace {

const std::string body = "{\"scenario\":\"ride\"}\n{broken\n";

class DeliveriesTest : public ::testing::Test {
 protected:
  Result<std::shared_ptr<Parcel>, Reply> admit(const std::string& content = body) {
    return inbox_.admit(deliveries_, guard_head(partner_.head(content), {}).value());
  }
  std::shared_ptr<Parcel> whole(const std::string& content = body) {
    auto delivery = admit(content).value();
    EXPECT_FALSE(Inbox::keep(*delivery, content));
    EXPECT_FALSE(Inbox::refuse_other_bytes(*delivery));
    return delivery;
  }
  std::future<Reply> take_in(std::shared_ptr<Parcel> delivery) {
    auto answer = std::make_shared<std::promise<Reply>>();
    inbox_.take_in(std::move(delivery), [answer](Reply reply) { answer->set_value(std::move(reply)); });
    return answer->get_future();
  }
  std::int64_t arrivals() {
    return programme_.database().statement("SELECT count(*) FROM arrivals WHERE state = 'complete'").run_integer();
  }
  static bool says(const Reply& reply, std::string_view words) { return reply.body.find(words) != std::string::npos; }

  SmallProgramme programme_;
  Partner partner_{programme_};
  DeliveryOptions options_ = patient();
  Deliveries deliveries_{programme_.path(), options_};
  Inbox inbox_;

 private:
  DeliveryOptions patient() {
    DeliveryOptions options = partner_.options();
    options.patience = std::chrono::milliseconds(1);
    options.at_a_time = 2;
    return options;
  }
};

TEST_F(DeliveriesTest, are_answered_when_they_are_committed) {
  const Reply reply = take_in(whole()).get();
  EXPECT_EQ(201U, reply.status);
  EXPECT_TRUE(says(reply, "\"counts\":{\"malformed_line\":1,\"missing_field\":1}")) << reply.body;
  EXPECT_EQ(1, arrivals());
  EXPECT_EQ(200U, take_in(whole()).get().status);
  EXPECT_EQ(1, arrivals());
}

TEST_F(DeliveriesTest, have_so_many_places_and_give_them_back) {
  auto first = admit(), second = admit();
  ASSERT_TRUE(first && second);
  const auto third = admit();
  ASSERT_FALSE(third);
  EXPECT_EQ(503U, third.error().status);
  first.value().reset();
  EXPECT_TRUE(admit());
}

TEST_F(DeliveriesTest, refuse_a_body_that_is_not_what_was_signed) {
  auto delivery = admit().value();
  EXPECT_FALSE(Inbox::keep(*delivery, body + " "));
  const auto refused = Inbox::refuse_other_bytes(*delivery);
  ASSERT_TRUE(refused);
  EXPECT_EQ(400U, refused->status);
}

/// One process owns a file.
class on_server_deliveries : public DeliveriesTest {};

TEST_F(on_server_deliveries, wait_for_another_process_no_longer_than_their_patience) {
  Database other = Database::open_writer(programme_.path());
  {
    const Job sealing(other);
    const Reply reply = take_in(whole()).get();
    EXPECT_EQ(503U, reply.status);
    EXPECT_TRUE(says(reply, "another process"));
    EXPECT_EQ(0, arrivals());
  }
  EXPECT_EQ(201U, take_in(whole()).get().status);
}

TEST_F(DeliveriesTest, that_come_when_the_server_stops_are_told_to_come_again) {
  auto delivery = whole();
  inbox_.stop();
  ASSERT_FALSE(admit());
  EXPECT_EQ(503U, take_in(delivery).get().status);
  EXPECT_EQ(0, arrivals());
}

TEST_F(DeliveriesTest, are_refused_while_the_store_fails_and_taken_when_it_is_back) {
  programme_.database().execute("ALTER TABLE arrivals RENAME TO elsewhere");
  EXPECT_EQ(503U, take_in(whole()).get().status);
  programme_.database().execute("ALTER TABLE elsewhere RENAME TO arrivals");
  EXPECT_EQ(201U, take_in(whole()).get().status);
}

TEST_F(DeliveriesTest, know_their_address) {
  EXPECT_TRUE(Deliveries::takes("/api/v1/scenarios/ride/deliveries"));
  EXPECT_TRUE(Deliveries::takes("http://city.example/api/v1/scenarios/ride/deliveries?a=b"));
  for (std::string_view target : {"/", "*", "/api/v1/scenarios/deliveries", "/api/v1/scenarios//deliveries",
                                  "/api/v1/scenarios/a/b/deliveries", "/api/v1/scenarios/ride/deliveries/"})
    EXPECT_FALSE(Deliveries::takes(target)) << target;
}

TEST(Spool, holds_what_was_appended_and_leaves_no_file_behind) {
  const TemporaryFolder folder;
  Spool spool(folder.path().string());
  spool.append("abc");
  spool.append("def");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_EQ("abcdef", file_text(spool.path()));
  EXPECT_EQ(sha256(as_bytes("abcdef")), spool.digest());
  EXPECT_THROW(Spool("/proc"), Fault);
}

}  // namespace
}  // namespace tanpuhui
