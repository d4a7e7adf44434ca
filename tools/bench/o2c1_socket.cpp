#include "tools/bench/o2c1_socket.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "tools/bench/o2c1_workload.hpp"
#include "tools/server/client.hpp"
#include "tools/server/server.hpp"

namespace o2c {
namespace {

/// A server in a process of its own, ended by its id.
class ServerProcess {
 public:
  explicit ServerProcess(const std::filesystem::path& directory) {
    pid_ = fork();
    if (pid_ != 0) return;
    static std::atomic<bool> stop{false};
    signal(SIGTERM, [](int) { stop = true; });
    auto instance = Instance::open({.data = directory, .create = true, .write = true, .read_models = false});
    const bool good = instance && serve(**instance, socket_path(directory), stop, [] {});
    _exit(good ? 0 : 1);
  }
  ~ServerProcess() {
    if (pid_ <= 0) return;
    kill(pid_, SIGTERM);
    int status = 0;
    waitpid(pid_, &status, 0);
  }

 private:
  pid_t pid_ = -1;
};

Result<std::unique_ptr<Access>> connect_patiently(const std::filesystem::path& socket) {
  for (int i = 0; i < 200; ++i) {
    auto access = connect_to_server(socket);
    if (access) return access;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  return Error{ErrorCode::unavailable, "the bench's server did not start"};
}

struct Counted {
  std::uint64_t accepted = 0, refused = 0, other = 0;
};

/// Submits in pieces of `window`, each waited for: window 1 is a clerk who waits for every answer.
Result<void> run_client(Access& access, std::span<const Request> commands, std::size_t window, Counted& counted) {
  const auto count = [&](std::size_t, const Reply& reply) {
    if (reply.status != Reply::Status::decided) ++counted.other;
    else if (reply.frame.entry->outcome() == fb::Outcome::refused) ++counted.refused;
    else ++counted.accepted;
  };
  if (window > 1) return access.submit(commands, count);
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (auto sent = access.submit(commands.subspan(i, 1), count); !sent) return sent;
  }
  return {};
}

}  // namespace

Result<std::uint64_t> run_o2c1_socket(const std::filesystem::path& directory, std::uint64_t cycles, unsigned clients,
                                      unsigned window) {
  cycles = cycles / (O2c1Workload::block * clients) * O2c1Workload::block * clients;  // whole blocks for every client
  const O2c1Workload workload(cycles);
  std::vector<Request> setup, commands;
  for (const Bytes bytes : workload.setup()) setup.push_back(*check_command(bytes));
  for (const Bytes bytes : workload.commands()) commands.push_back(*check_command(bytes));

  ServerProcess server(directory);
  std::vector<std::unique_ptr<Access>> accesses;
  for (unsigned c = 0; c < clients; ++c) {
    auto access = connect_patiently(socket_path(directory));
    if (!access) return access.error();
    accesses.push_back(std::move(*access));
  }
  Counted set_up;
  if (auto ready = run_client(*accesses[0], setup, 1024, set_up); !ready) return ready.error();

  // A client takes every n-th block, so that its cycles are its own and their order is kept.
  constexpr std::size_t per_block = O2c1Workload::block * O2c1Workload::steps + O2c1Workload::repeats_per_block;
  std::vector<std::vector<Request>> shares(clients);
  for (std::size_t i = 0; i < commands.size(); ++i) shares[i / per_block % clients].push_back(commands[i]);
  std::vector<Counted> counted(clients);
  std::vector<std::thread> threads;
  threads.reserve(clients);
  std::atomic<bool> failed{false};
  const auto started = std::chrono::steady_clock::now();
  for (unsigned c = 0; c < clients; ++c) {
    threads.emplace_back([&, c] {
      if (!run_client(*accesses[c], shares[c], window, counted[c])) failed = true;
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started).count();
  Counted all;
  for (const Counted& c : counted) all.accepted += c.accepted, all.refused += c.refused, all.other += c.other;
  // Repeats of refused commands are refused again, so only the sum is known beforehand.
  if (failed || all.other > 0 || all.accepted + all.refused != commands.size() ||
      all.refused < workload.expected_refused()) {
    return integrity(fmt::format("socket: {} accepted, {} refused, {} without outcome of {}", all.accepted, all.refused,
                                 all.other, commands.size()));
  }
  return commands.size() * 1'000'000 / static_cast<std::uint64_t>(std::max<std::int64_t>(elapsed, 1));
}

}  // namespace o2c
