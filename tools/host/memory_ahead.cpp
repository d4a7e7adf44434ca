#include "tools/host/memory_ahead.hpp"

#ifdef O2C_JEMALLOC
#include <fcntl.h>
#include <fmt/format.h>
#include <jemalloc/jemalloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <thread>
#include <utility>

namespace o2c {
namespace {

/// Fresh from the kernel.
struct Chunk {
  std::byte* at = nullptr;
  std::size_t size = 0;
};

int chunks_in = -1, chunks_out = -1;  // a pipe: whoever allocates may not allocate to say so
extent_hooks_t kernel_hooks;          // as jemalloc has them

void* allocate(extent_hooks_t*, void* wish, std::size_t size, std::size_t alignment, bool* zero, bool* commit,
               unsigned arena) {
  void* at = kernel_hooks.alloc(&kernel_hooks, wish, size, alignment, zero, commit, arena);
  const int before = errno;
  const Chunk chunk{static_cast<std::byte*>(at), size};
  // A full pipe takes it not: then its user touches it, as without all this.
  if (at && write(chunks_in, &chunk, sizeof chunk) < 0) errno = before;
  return at;
}

/// Whatever hinders it is no fault of the memory's user, who touches what is left.
void touch(Chunk chunk) {
  constexpr std::size_t step = std::size_t{256} << 10;  // short: others need the map of the process meanwhile
  for (std::size_t at = 0; at < chunk.size; at += step) {
    if (madvise(chunk.at + at, std::min(step, chunk.size - at), MADV_POPULATE_WRITE) != 0) return;
  }
}

/// Puts the hook into every arena.  returns  false: this allocator has none.
bool hook_arenas() {
  static extent_hooks_t hooks;
  unsigned arenas = 0;
  std::size_t size = sizeof arenas;
  if (mallctl("opt.narenas", &arenas, &size, nullptr, 0) != 0) return false;
  for (unsigned arena = 0; arena < arenas; ++arena) {
    const std::string name = fmt::format("arena.{}.extent_hooks", arena);
    extent_hooks_t* before = nullptr;
    size = sizeof before;
    if (mallctl(name.c_str(), &before, &size, nullptr, 0) != 0) return false;
    if (arena == 0) {
      hooks = kernel_hooks = *before;
      hooks.alloc = allocate;
    }
    extent_hooks_t* ours = &hooks;
    if (mallctl(name.c_str(), nullptr, nullptr, &ours, sizeof ours) != 0) return false;
  }
  return true;
}

}  // namespace

void touch_memory_ahead() {
  static bool begun = false;
  if (std::exchange(begun, true)) return;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return;
  chunks_out = ends[0], chunks_in = ends[1];
  if (fcntl(chunks_in, F_SETFL, O_NONBLOCK) != 0 || !hook_arenas()) return;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the threads that expect them
  std::thread([] {
    Chunk chunk;
    while (read(chunks_out, &chunk, sizeof chunk) == sizeof chunk) touch(chunk);
  }).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace o2c

#else

namespace o2c {
void touch_memory_ahead() {}
}  // namespace o2c

#endif
