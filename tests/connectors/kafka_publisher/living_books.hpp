#pragma once
#include <atomic>
#include <filesystem>
#include <memory>

#include "connectors/kafka/publisher/publisher.hpp"
#include "engine/runtime/engine.hpp"
#include "engine/storage/embedded_journal.hpp"
#include "tools/sim/history.hpp"
#include "tools/sim/sim_clock.hpp"

namespace o2c::test {

/// Three companies in two lanes of an engine on an embedded journal, with read models. Its days pass as commands come.
class LivingBooks {
 public:
  static constexpr std::uint32_t lanes = 2;
  static constexpr std::uint64_t companies = 3;

  /// path  a new folder, or one where such books were kept; seed: of the commands.
  LivingBooks(const std::filesystem::path& path, std::uint64_t seed);
  ~LivingBooks();

  /// Sends random commands one after the other, each when the one before it is durable; the first ones open the companies.
  void live(std::size_t commands);
  /// Hands durable batches to a publisher, or to nobody.
  void push_to(kafka::Publisher* publisher) {
    const std::lock_guard lock(mutex_);
    publisher_ = publisher;
  }

  Journal& journal() { return *journal_; }
  Follower& models() { return models_; }
  /// Once the models have folded everything.
  void with_models(const std::function<void(const ReadModels&)>& f);

 private:
  class Days final : public Clock {
   public:
    Instant now() override { return {now_.fetch_add(1)}; }
    Date business_date(Instant instant, std::string_view zone) override {
      return sim::SimClock::date_at(instant, zone);
    }
    bool knows_zone(std::string_view) override { return true; }
    void move(std::int64_t micros) { now_ += micros; }

   private:
    std::atomic<std::int64_t> now_{parse_instant("2026-01-05T01:00:00Z")->micros};
  };

  void open_companies();
  void send(const std::string& company, sim::Builder& b, const sim::Body& body);

  Days clock_;
  sim::Random random_;
  sim::Swarm swarm_;
  sim::History history_;
  std::unique_ptr<EmbeddedJournal> journal_;
  Follower models_{lanes};
  std::mutex mutex_;
  kafka::Publisher* publisher_ = nullptr;  // under mutex_
  std::unique_ptr<Engine> engine_;
  bool opened_ = false;
};

}  // namespace o2c::test
