#pragma once
#include <gtest/gtest.h>

#include <mutex>
#include <vector>

#include "connectors/kafka/client/producer.hpp"
#include "tests/connectors/kafka/broker.hpp"

namespace o2c::test {

/// A producer and all its reports.
class Collector {
 public:
  explicit Collector(const kafka::ClientConfig& config = TestBroker::config()) {
    auto producer = kafka::Producer::open(config, [this](std::span<const kafka::DeliveryReport> reports) {
      const std::lock_guard lock{guard_};
      reports_.insert(reports_.end(), reports.begin(), reports.end());
    });
    EXPECT_TRUE(producer) << producer.error().message;
    producer_ = std::move(*producer);
  }
  kafka::Producer& producer() { return *producer_; }
  void end() { producer_.reset(); }

  void produce(const std::string& topic, const kafka::Producer::Outgoing& record,
               kafka::ValueBytes bytes = kafka::ValueBytes::copied) {
    if (topic != topic_name_) topic_ = *producer_->topic(topic_name_ = topic);
    const auto taken = producer_->produce(*topic_, record, bytes);
    EXPECT_TRUE(taken) << taken.error().message;
  }
  std::vector<kafka::DeliveryReport> reports() const {
    const std::lock_guard lock{guard_};
    return reports_;
  }

 private:
  mutable std::mutex guard_;
  std::vector<kafka::DeliveryReport> reports_;
  std::string topic_name_;
  std::optional<kafka::Producer::Topic> topic_;
  std::unique_ptr<kafka::Producer> producer_;
};

/// "0", "1", … in partition 0; opaque is the number + 1. returns the texts.
inline std::vector<std::string> produce_all(Collector& collector, const std::string& topic, std::size_t count) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    texts.push_back(std::to_string(i));
    collector.produce(topic, {.value = bytes_of(texts.back()), .opaque = reinterpret_cast<void*>(i + 1)});
  }
  const auto flushed = collector.producer().flush(std::chrono::seconds{20});
  EXPECT_TRUE(flushed) << flushed.error().message;
  return texts;
}

}  // namespace o2c::test
