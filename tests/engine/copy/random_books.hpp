#pragma once
#include <gtest/gtest.h>

#include <cstring>
#include <map>

#include "engine/runtime/engine.hpp"
#include "engine/storage/embedded_journal.hpp"
#include "engine/storage/rocks_state_store.hpp"
#include "events/json/json.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tools/sim/history.hpp"
#include "tools/sim/sim_clock.hpp"

namespace o2c::test {

/// The tests' time: it moves when they say so.
inline sim::SimClock& test_clock() {
  static sim::SimClock clock(parse_instant("2026-01-05T08:00:00Z").value());
  return clock;
}

inline std::unique_ptr<EmbeddedJournal> open_journal(const std::filesystem::path& path, std::uint32_t lanes = 0) {
  auto journal = open_embedded_journal({.path = path, .lanes = lanes, .now = [] { return test_clock().now(); }});
  if (!journal) throw std::runtime_error(journal.error().message);
  return std::move(*journal);
}

/// An engine on a journal; its checkpoints go away with it.
class RunningEngine {
 public:
  explicit RunningEngine(Journal& journal) {
    std::vector<std::unique_ptr<StateStore>> stores;
    for (LaneId lane = 0; lane < journal.lanes(); ++lane)
      stores.push_back(std::move(*open_rocks_state_store(directory_.path() / std::to_string(lane))));
    engine_ = std::make_unique<Engine>(journal, std::move(stores), test_clock(), EngineOptions{});
    EXPECT_TRUE(engine_->recover());
    EXPECT_TRUE(engine_->start());
  }
  ~RunningEngine() { EXPECT_TRUE(engine_->close()); }
  Engine& operator*() { return *engine_; }
  Engine* operator->() { return engine_.get(); }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<Engine> engine_;
};

/// Everything about an entry but its place: from the recorded time to the command, event ids included.
inline std::string content_of(const FrameView& frame) {
  const std::string text = to_json(frame);
  return text.substr(text.find("\"recorded_at\""));
}

/// The commands' entries of a lane, as company and content.
inline std::vector<std::pair<std::string, std::string>> commands_of(Journal& journal, LaneId lane) {
  std::vector<std::pair<std::string, std::string>> commands;
  const auto read = journal.read(lane, 1, [&](const FrameView& frame) {
    if (frame.command) commands.emplace_back(frame.command->company()->str(), content_of(frame));
    return true;
  });
  EXPECT_TRUE(read) << read.error().message;
  return commands;
}

/// The commands' entries of each company, in order.
inline std::map<std::string, std::vector<std::string>> history_of(Journal& journal) {
  std::map<std::string, std::vector<std::string>> history;
  for (LaneId lane = 0; lane < journal.lanes(); ++lane) {
    for (auto& [company, content] : commands_of(journal, lane)) history[company].push_back(std::move(content));
  }
  return history;
}

/// Companies at work, as random as a seed; every command that was sent is kept, with the first answer to it.
class RandomBooks {
 public:
  static constexpr std::size_t companies = 6;
  struct Sent {
    Request request;
    Reply::Status status = Reply::Status::unavailable;
    std::string content;  // of its entry
  };

  explicit RandomBooks(std::uint64_t seed) : random_(seed) {
    swarm_.weights.fill(10);
    swarm_.weights[0] = 0;
    for (const auto kind : {fb::CommandBody::CreateOrder, fb::CommandBody::ConfirmOrder, fb::CommandBody::PostShipment,
                            fb::CommandBody::IssueInvoice, fb::CommandBody::RecordReceipt})
      swarm_.weights[static_cast<std::size_t>(kind)] = 100;
    swarm_.customers = 4, swarm_.products = 3, swarm_.places = 2, swarm_.clients = 1;
    swarm_.generous = true;
    swarm_.wrong_ppm = 60'000;
    swarm_.back_dated_ppm = 100'000;
  }

  static std::string name(std::size_t company) { return "company-" + std::to_string(company + 1); }
  const std::vector<Sent>& sent() const { return sent_; }

  /// Books, policies and master data of all companies.
  void set_up(Engine& engine) {
    for (std::size_t i = 0; i < sim::History::setup_steps; ++i) {
      send(engine, [&](sim::Builder& b, const CompanyState* state) { return history_.setup(i, b, state, today()); });
    }
  }
  /// Each round is an hour; each company gets some commands, chosen by its books at the beginning of the round.
  void play(Engine& engine, std::size_t rounds) {
    for (std::size_t i = 0; i < rounds * 10; ++i) {
      if (i % 10 == 0) test_clock().move(std::int64_t{3600} * 1'000'000);
      send(engine, [&](sim::Builder& b, const CompanyState* state) { return history_.draw(b, *state, today()); });
    }
  }

 private:
  static Date today() { return test_clock().business_date(test_clock().now(), sim::SimClock::shanghai); }

  /// One command to each company, all at once.
  void send(Engine& engine, const std::function<std::optional<sim::Body>(sim::Builder&, const CompanyState*)>& draw) {
    const std::size_t first = sent_.size();
    for (std::size_t c = 0; c < companies; ++c) {
      EXPECT_TRUE(engine.inspect(name(c), [&](const CompanyState* state) {
        sim::Builder b;
        if (const auto body = draw(b, state)) keep(name(c), b, *body);
      }));
    }
    std::vector<WaitingSink> sinks(sent_.size() - first);
    for (std::size_t i = 0; i < sinks.size(); ++i) {
      Request request = sent_[first + i].request;
      request.sink = &sinks[i];
      engine.submit_waiting({&request, 1});
    }
    for (std::size_t i = 0; i < sinks.size(); ++i) {
      const Reply& reply = sinks[i].wait();
      EXPECT_EQ(reply.status, Reply::Status::decided);
      if (reply.frame.entry) sent_[first + i].content = content_of(reply.frame);
      sent_[first + i].status = reply.status;
    }
  }

  void keep(const std::string& company_name, sim::Builder& b, const sim::Body& body) {
    const auto company = b.CreateString(company_name), actor = b.CreateString(body.actor);
    Id16 id;
    for (std::uint8_t& byte : id.bytes) byte = static_cast<std::uint8_t>(random_.next());
    const fb::Id16 command_id = id.to_fb();
    const fb::Instant issued(test_clock().now().micros);
    fb::CommandBuilder command(b);
    command.add_company(company), command.add_command_id(&command_id), command.add_actor(actor);
    command.add_issued_at(&issued);
    command.add_body_type(body.type), command.add_body(body.offset);
    b.Finish(command.Finish());
    auto request = own_command({b.GetBufferPointer(), b.GetSize()});
    if (!request) throw std::runtime_error(request.error().message);
    sent_.push_back({std::move(*request), {}, {}});
  }

  sim::Random random_;
  sim::Swarm swarm_;
  sim::History history_{random_, swarm_};
  std::vector<Sent> sent_;
};

}  // namespace o2c::test
