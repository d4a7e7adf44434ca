#include "connectors/kafka/client/handles.hpp"

#include <librdkafka/rdkafka.h>

namespace o2c::kafka {

void GiveBack::operator()(rd_kafka_s* client) const {
  rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}
void GiveBack::operator()(rd_kafka_conf_s* config) const { rd_kafka_conf_destroy(config); }
void GiveBack::operator()(rd_kafka_message_s* message) const { rd_kafka_message_destroy(message); }
void GiveBack::operator()(rd_kafka_queue_s* queue) const { rd_kafka_queue_destroy(queue); }
void GiveBack::operator()(rd_kafka_topic_s* topic) const { rd_kafka_topic_destroy(topic); }

}  // namespace o2c::kafka
