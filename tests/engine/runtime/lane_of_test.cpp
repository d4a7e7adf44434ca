#include <gtest/gtest.h>

#include "engine/runtime/request.hpp"

namespace o2c {
namespace {

struct Vector {
  std::string company;
  std::uint32_t of_2, of_7, of_64, of_1000003;
};

std::string repeated(std::string_view text, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += text[i % text.size()];
  return out;
}

// Printed by a Java program on Apache Kafka 4.2.0's kafka-clients: for each id and count
//   (org.apache.kafka.common.utils.Utils.murmur2(id.getBytes(UTF_8)) & 0x7fffffff) % count
// which is what its default partitioner does with a key.
const Vector vectors[] = {
    {"", 1, 2, 25, 645856},
    {"a", 0, 5, 60, 100772},
    {"ab", 0, 0, 42, 154486},
    {"abc", 1, 4, 27, 468670},
    {"abcd", 0, 5, 52, 831631},
    {"NWT", 1, 5, 61, 858700},
    {"northwind", 1, 6, 19, 632286},
    {"ACME-0001", 1, 6, 9, 437169},
    {"company-17", 1, 1, 15, 847661},
    {"SHANGHAI", 1, 0, 17, 963080},
    {"上海", 0, 4, 48, 783971},
    {"上海分公司", 0, 4, 52, 682052},
    {"杭州贸易有限公司", 1, 6, 51, 906900},
    {"北京-01", 0, 0, 50, 78095},
    {"Zürich AG", 0, 4, 4, 709785},
    {"€uro", 0, 5, 48, 780694},
    {"😀", 1, 0, 17, 881224},
    {repeated("o2c-", 64), 1, 2, 43, 623830},
    {repeated("abcdefghijklmnopqrstuvwxyz", 1000), 1, 2, 11, 394435},
};

TEST(GivenCompanyIds, WhenLanesAreSoughtThenTheyAreThoseOfKafkasOwnPartitioner) {
  for (const Vector& vector : vectors) {
    EXPECT_EQ(lane_of(vector.company, 1), 0U) << vector.company;
    EXPECT_EQ(lane_of(vector.company, 2), vector.of_2) << vector.company;
    EXPECT_EQ(lane_of(vector.company, 7), vector.of_7) << vector.company;
    EXPECT_EQ(lane_of(vector.company, 64), vector.of_64) << vector.company;
    EXPECT_EQ(lane_of(vector.company, 1'000'003), vector.of_1000003) << vector.company;
  }
}

}  // namespace
}  // namespace o2c
