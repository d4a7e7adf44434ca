#pragma once

namespace o2c {

/// From now on another thread touches memory before it is used. The kernel clears a page when it is first written, and a lane whose books grow by
/// 200 MB a second would wait a seventh of its time for that. What is touched too early is at most a fifth of what is in use, because the allocator asks
/// the kernel for more in steps of that size.
/// Does nothing in a build without jemalloc, nor a second time. threads  call it before others start, and not before a fork.
void touch_memory_ahead();

}  // namespace o2c
