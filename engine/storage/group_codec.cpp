#include "engine/storage/group_codec.hpp"

#include <zstd.h>

#include <fmt/format.h>

namespace o2c::storage {
namespace {

constexpr int level = -3;                                     // fast: about 1 ns a byte
constexpr std::uint64_t size_limit = std::uint64_t{1} << 30;  // no group is as large: a claim beyond it is damage

}  // namespace

GroupPacker::GroupPacker() : context_(ZSTD_createCCtx()) {
  O2C_ASSERT(context_ != nullptr);
  ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, level);
}
GroupPacker::~GroupPacker() { ZSTD_freeCCtx(context_); }

std::string_view GroupPacker::pack(std::span<const SharedBatch> batches) {
  std::size_t size = 0;
  for (const SharedBatch& batch : batches) size += batch->bytes().size();
  O2C_ASSERT(size <= size_limit);
  if (packed_.size() < ZSTD_compressBound(size)) packed_.resize(ZSTD_compressBound(size));
  ZSTD_CCtx_reset(context_, ZSTD_reset_session_only);
  ZSTD_CCtx_setPledgedSrcSize(context_, size);
  ZSTD_outBuffer out{packed_.data(), packed_.size(), 0};
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const Bytes bytes = batches[i]->bytes();
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    const std::size_t left =
        ZSTD_compressStream2(context_, &out, &in, i + 1 == batches.size() ? ZSTD_e_end : ZSTD_e_continue);
    // There is room for the worst case, so each call takes all of its input and the last one ends the frame.
    O2C_ASSERT(!ZSTD_isError(left) && in.pos == in.size && (i + 1 < batches.size() || left == 0));
  }
  return {packed_.data(), out.pos};
}

Result<GroupBytes> unpack_group(Bytes packed) {
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > size_limit)
    return integrity("its packed bytes do not begin as a group does");
  GroupBytes frames(size);
  const std::size_t done = ZSTD_decompress(frames.data(), size, packed.data(), packed.size());
  if (ZSTD_isError(done) || done != size)
    return integrity(
        fmt::format("its packed bytes are damaged ({})", ZSTD_isError(done) ? ZSTD_getErrorName(done) : "too short"));
  return frames;
}

}  // namespace o2c::storage
