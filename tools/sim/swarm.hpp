#pragma once
#include <array>
#include <optional>

#include "engine/runtime/lane.hpp"
#include "tools/sim/kafka_faults.hpp"
#include "tools/sim/random.hpp"

namespace o2c::sim {

inline constexpr std::size_t command_kinds = static_cast<std::size_t>(fb::CommandBody::MAX) + 1;

enum class JournalForm : std::uint8_t { embedded, kafka };

/// What one seed is about. Each run leaves some commands and some faults out, because what is everywhere hides what is rare (swarm testing,
/// Groce et al. 2012).
struct Swarm {
  // The world.
  JournalForm form = JournalForm::embedded;
  std::size_t processes = 1;          // that run the engine on one journal
  std::int64_t client_ahead_max = 0;  // µs that a client's clock may run ahead
  std::size_t companies = 1, clients = 1, customers = 1, products = 1, places = 1;
  LaneOptions lane;
  std::uint64_t lifecycles_max = 0, steps_max = 0;
  std::uint64_t full_check_every = 0;  // entries

  // Commands: weight of each kind, 0 = left out; how many of them are wrong on purpose, repeated, or an old id with other content, ppm.
  std::array<std::uint32_t, command_kinds> weights{};
  std::uint32_t wrong_ppm = 0, repeat_ppm = 0, other_content_ppm = 0, source_key_ppm = 0, expected_version_ppm = 0,
                back_dated_ppm = 0;
  bool generous = false;  // big limits and full stores: long lifecycles instead of many refusals

  // Scheduler: weights of what may happen in a step.
  std::uint32_t send = 0, flush = 0, sync = 0, answer = 0, tick = 0, timers = 0, checkpoint = 0, late = 0, deliver = 0;

  // Faults, ppm of the steps.
  std::uint32_t crash_ppm = 0, power_cut_ppm = 0, unknown_ppm = 0, clock_back_ppm = 0, clock_ahead_ppm = 0;
  std::uint32_t crash_in_commit_ppm = 0, lose_state_ppm = 0;  // of the commits, of the crashes

  // Of the Kafka form.
  KafkaFaults kafka;
  std::uint32_t group_ppm = 0, start_ppm = 0;  // the group changes; one that is named and down starts
  bool cut = false;                            // in the end the log loses its tail

  bool can(fb::CommandBody kind) const { return weights[static_cast<std::size_t>(kind)] > 0; }
  std::string describe() const;
};

/// form  of the journal; drawn when it is not given. All else is drawn the same way for both.
Swarm draw_swarm(Random& random, std::optional<JournalForm> form);

}  // namespace o2c::sim
