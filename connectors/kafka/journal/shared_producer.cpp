#include "connectors/kafka/journal/shared_producer.hpp"

namespace o2c::kafka {

Result<SharedProducer::Use> SharedProducer::get() {
  std::optional<Use> dead;  // ends outside the lock: that serves its reports
  const std::lock_guard lock(mutex_);
  if (use_ && !use_->producer->fatal_error()) return *use_;
  dead.swap(use_);
  auto made = Producer::open(config_, on_reports_);
  if (!made) return made.error();
  std::shared_ptr<Producer> producer = std::move(*made);
  auto topic = producer->topic(topic_);
  if (!topic) return topic.error();
  use_ = Use{std::move(producer), *topic};
  return *use_;
}

void SharedProducer::close() {
  std::optional<Use> last;
  const std::lock_guard lock(mutex_);
  last.swap(use_);
}

}  // namespace o2c::kafka
