#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace o2c::test {

inline void flip_bit(const std::filesystem::path& path, std::size_t offset, std::size_t bit) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  char byte = 0;
  file.seekg(static_cast<std::streamoff>(offset)).get(byte);
  file.seekp(static_cast<std::streamoff>(offset)).put(static_cast<char>(byte ^ static_cast<char>(1U << bit)));
  EXPECT_TRUE(file.good()) << path;
}

/// One flipped bit of a file, set right again by the destructor.
class Flip {
 public:
  Flip(std::filesystem::path path, std::size_t offset, std::size_t bit)
      : path_(std::move(path)), offset_(offset), bit_(bit) {
    flip_bit(path_, offset_, bit_);
  }
  ~Flip() { flip_bit(path_, offset_, bit_); }
  Flip(const Flip&) = delete;
  Flip& operator=(const Flip&) = delete;

 private:
  std::filesystem::path path_;
  std::size_t offset_, bit_;
};

}  // namespace o2c::test
