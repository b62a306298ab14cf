#include "server/inbox.h"

#include <future>

#include <gtest/gtest.h>

#include "base/fault.h"
#include "crypto/hash.h"
#include "store/database.h"
#include "support/law.h"

namespace tanpuhui {
namespace {

/// Parcels without a door, and their answers.
class InboxTest : public ::testing::Test {
 protected:
  using Act = std::function<Reply(Parcel&, Inbox&)>;

  std::future<Reply> send(bool takes_long, Act act) {
    auto parcel = std::make_shared<Parcel>(
        Parcel{sha256({}), 0, problem(413), Spool(folder_.path().string()), takes_long, std::move(act)});
    auto answer = std::make_shared<std::promise<Reply>>();
    inbox_.take_in(std::move(parcel), [answer](Reply reply) { answer->set_value(std::move(reply)); });
    return answer->get_future();
  }
  Act note(std::string name) {
    return [this, name](Parcel&, Inbox&) {
      done_.push_back(name);
      return json_reply(200, {});
    };
  }

  TemporaryFolder folder_;
  std::vector<std::string> done_;  // on the inbox's thread; read when all are answered
  Inbox inbox_;
};

TEST_F(InboxTest, lets_short_acts_in_between_the_commits_of_a_long_one_and_no_other_long_one) {
  std::promise<void> begun, all_wait;
  auto first = send(true, [&, waiting = all_wait.get_future().share()](Parcel&, Inbox& inbox) {
    done_.emplace_back("first commit");
    begun.set_value();
    waiting.wait();
    inbox.meanwhile();
    done_.emplace_back("second commit");
    return json_reply(201, {});
  });
  begun.get_future().wait();
  auto other = send(true, note("other delivery"));
  auto step = send(false, note("step")), next = send(false, note("next step"));
  all_wait.set_value();
  EXPECT_EQ(201U, first.get().status);
  for (auto* answer : {&other, &step, &next}) EXPECT_EQ(200U, answer->get().status);
  const std::vector<std::string> expected = {"first commit", "step", "next step", "second commit", "other delivery"};
  EXPECT_EQ(expected, done_);
}

TEST_F(InboxTest, tells_all_that_wait_to_come_again_when_it_stops_also_within_a_long_one) {
  std::promise<void> begun, stopped;
  auto first = send(true, [&, waiting = stopped.get_future().share()](Parcel&, Inbox& inbox) {
    begun.set_value();
    waiting.wait();
    inbox.meanwhile();
    return json_reply(201, {});
  });
  begun.get_future().wait();  // else a short act would be first
  auto step = send(false, note("step")), later = send(true, note("later"));
  inbox_.stop();
  stopped.set_value();
  for (auto* answer : {&first, &step, &later}) EXPECT_EQ(503U, answer->get().status);
  EXPECT_TRUE(done_.empty());
}

TEST_F(InboxTest, answers_what_fails_and_goes_on) {
  auto fault = send(false, [](Parcel&, Inbox&) -> Reply { throw Fault("the disk is gone"); });
  auto busy = send(false, [](Parcel&, Inbox&) -> Reply { throw Busy("somebody seals"); });
  auto defect = send(false, [](Parcel&, Inbox&) -> Reply { throw std::logic_error("ours"); });
  EXPECT_EQ(503U, fault.get().status);
  EXPECT_EQ(503U, busy.get().status);
  EXPECT_EQ(500U, defect.get().status);
  EXPECT_EQ(200U, send(false, note("step")).get().status);
}

TEST(Places, are_free_again_when_a_parcel_ends) {
  const TemporaryFolder folder;
  Places places(1);
  auto parcel = std::make_shared<Parcel>(Parcel{{}, 0, problem(413), Spool(folder.path().string()), false, {}});
  EXPECT_FALSE(places.are_taken());
  places.take(parcel);
  EXPECT_TRUE(places.are_taken());
  parcel.reset();
  EXPECT_FALSE(places.are_taken());
}

}  // namespace
}  // namespace tanpuhui
