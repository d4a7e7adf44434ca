#pragma once
#include <memory>
#include <mutex>

#include "connectors/kafka/client/producer.hpp"

namespace o2c::kafka {

/// The journal's producer, the same for all lanes, replaced when it can do nothing any more.
/// threads  any.
class SharedProducer {
 public:
  SharedProducer(const ClientConfig& config, std::string topic, Producer::OnReports on_reports)
      : config_(config), topic_(std::move(topic)), on_reports_(std::move(on_reports)) {}

  struct Use {
    std::shared_ptr<Producer> producer;
    Producer::Topic topic;
  };
  /// The one that works, made anew if need be.
  /// errors  invalid_input: the configuration.
  Result<Use> get();
  /// Reports of everything outstanding are served before it returns. Nobody calls get() any more.
  void close();

 private:
  const ClientConfig& config_;
  const std::string topic_;
  const Producer::OnReports on_reports_;
  std::mutex mutex_;
  std::optional<Use> use_;
};

}  // namespace o2c::kafka
