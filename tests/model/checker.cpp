#include "tests/model/checker.hpp"

#include <algorithm>
#include <bit>
#include <functional>

#include "tests/model/model.hpp"

namespace o2c::model {
namespace {

/// Packed states, numbered in the order in which they were found; equal ones once.
class States {
 public:
  std::size_t size() const { return steps_.size(); }
  std::string bytes(std::size_t number) const {
    return arena_.substr(begin_[number], begin_[number + 1] - begin_[number]);
  }
  std::size_t parent(std::size_t number) const { return steps_[number].parent; }
  const Action& action(std::size_t number) const { return steps_[number].action; }

  /// returns  whether it is new.
  bool insert(const std::string& bytes, std::size_t parent, const Action& action) {
    if (2 * (size() + 1) > slots_.size()) grow();
    std::uint32_t& slot = find(bytes);
    if (slot != 0) return false;
    arena_ += bytes;
    begin_.push_back(arena_.size());
    steps_.push_back({static_cast<std::uint32_t>(parent), action});
    slot = static_cast<std::uint32_t>(size());
    return true;
  }

 private:
  struct Step {
    std::uint32_t parent;
    Action action;
  };
  std::string_view view(std::size_t number) const {
    return std::string_view(arena_).substr(begin_[number], begin_[number + 1] - begin_[number]);
  }
  std::uint32_t& find(std::string_view bytes) {
    std::size_t at = std::hash<std::string_view>{}(bytes);
    while (slots_[at & (slots_.size() - 1)] != 0 && view(slots_[at & (slots_.size() - 1)] - 1) != bytes) ++at;
    return slots_[at & (slots_.size() - 1)];
  }
  void grow() {
    slots_.assign(std::max<std::size_t>(1024, 2 * slots_.size()), 0);
    for (std::size_t number = 0; number < size(); ++number) find(view(number)) = static_cast<std::uint32_t>(number + 1);
  }

  std::string arena_;
  std::vector<std::size_t> begin_{0};
  std::vector<Step> steps_;
  std::vector<std::uint32_t> slots_;  // number + 1; 0 is empty
};

class Search {
 public:
  Search(const Bounds& bounds, std::string_view promise, std::uint64_t states_max, std::uint64_t progress_every)
      : model_(bounds, promise), states_max_(states_max), progress_every_(progress_every) {}

  Outcome run() {
    states_.insert(pack(first_world(model_.bounds())), 0, {});
    std::size_t level_end = 1;
    for (std::size_t number = 0; number < states_.size() && outcome_.broken.empty(); ++number) {
      if (number == level_end) {
        level_end = states_.size();
        ++outcome_.depth;
      }
      if (states_.size() >= states_max_) {
        outcome_.whole = false;
        break;
      }
      visit(number);
    }
    outcome_.states = states_.size();
    return std::move(outcome_);
  }

 private:
  void visit(std::size_t number) {
    const World world = unpack(states_.bytes(number), model_.entries(), model_.bounds());
    if (complete(world)) ++outcome_.complete;
    if (progress_every_ > 0 && number % progress_every_ == 0 && !check_progress(world, number)) return;
    model_.actions(world, actions_);
    for (const Action& action : actions_) {
      World next = world;
      const std::string broken = model_.step(next, action);
      ++outcome_.steps;
      const bool fresh = states_.insert(pack(next), number, action);
      if (!broken.empty()) return report(broken, fresh ? states_.size() - 1 : number, next);
    }
  }

  bool check_progress(const World& world, std::size_t number) {
    if (world.cuts > 0) return true;  // a harmed log needs an operator
    for (std::uint8_t named = 0; named < count_of(world.engines); ++named) {
      ++outcome_.progress_checks;
      const std::string broken = model_.check_progress(world, named);
      if (broken.empty()) continue;
      report(broken, number, world);
      outcome_.trace.push_back(std::string("from here on the group names only ") + static_cast<char>('A' + named));
      return false;
    }
    return true;
  }

  bool complete(const World& world) const {
    for (CommandId command = 0; command < model_.bounds().commands; ++command) {
      if (world.acknowledged[command] == 0 && (world.denied >> command & 1) == 0) return false;
    }
    return true;
  }

  void report(const std::string& broken, std::size_t number, const World& end) {
    outcome_.broken = broken;
    std::vector<std::string> lines{model_.describe(end)};
    for (; number != 0; number = states_.parent(number)) {
      const World before = unpack(states_.bytes(states_.parent(number)), model_.entries(), model_.bounds());
      lines.push_back(model_.describe(before, states_.action(number)));
    }
    outcome_.trace.assign(lines.rbegin(), lines.rend());
  }

  Model model_;
  States states_;
  std::vector<Action> actions_;
  Outcome outcome_;
  std::uint64_t states_max_, progress_every_;
};

}  // namespace

Outcome search(const Bounds& bounds, std::string_view promise, std::uint64_t states_max, std::uint64_t progress_every) {
  return Search(bounds, promise, states_max, progress_every).run();
}

}  // namespace o2c::model
