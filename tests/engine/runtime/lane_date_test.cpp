#include <gtest/gtest.h>

#include "tools/sim/history.hpp"
#include "tools/sim/sim_clock.hpp"
#include "tools/sim/sim_journal.hpp"
#include "tools/sim/sim_store.hpp"

namespace o2c::sim {
namespace {

/// A lane that stands at 20:00 UTC, which is 04:00 of the next day in Shanghai.
struct GivenCompanyOpenedInTheEvening : testing::Test {
  Random random{1};
  SimClock clock{*parse_instant("2026-03-12T20:00:00Z")};
  Trace trace{false};
  SimJournal journal{random, clock, trace, [](const FrameView&) {}};
  SimStore store;
  Lane lane{0, journal, store, clock, {}, {}};
};

TEST_F(GivenCompanyOpenedInTheEvening, WhenAskedForTheDayThenItIsThatOfItsZoneAtOnce) {
  ASSERT_TRUE(lane.recover());
  ASSERT_TRUE(lane.open());
  EXPECT_EQ(lane.today("ACME"), *parse_date("2026-03-12")) << "no company yet: UTC";
  Builder b;
  const fb::Date opened_on = to_fb(*parse_date("2026-01-01"));
  const auto body =
      fb::CreateOpenCompany(b, b.CreateString("Acme"), Currency::CNY, b.CreateString(SimClock::shanghai), &opened_on)
          .Union();
  const auto company = b.CreateString("ACME"), actor = b.CreateString("clerk");
  const fb::Id16 id;
  fb::CommandBuilder command(b);
  command.add_company(company), command.add_actor(actor), command.add_command_id(&id);
  command.add_body_type(fb::CommandBody::OpenCompany), command.add_body(body);
  b.Finish(command.Finish());
  auto request = check_command({b.GetBufferPointer(), b.GetSize()});
  ASSERT_TRUE(request.has_value());
  lane.handle(std::move(*request));
  ASSERT_TRUE(lane.company("ACME")->opened());
  EXPECT_EQ(lane.today("ACME"), *parse_date("2026-03-13"));
}

}  // namespace
}  // namespace o2c::sim
