#include "tools/host/instance.hpp"

#include <cstring>

#include "engine/storage/rocks_state_store.hpp"
#include "tools/host/state_root.hpp"

namespace o2c {

namespace {

constexpr std::chrono::seconds group_patience{10};  // until it names the lanes of a process that starts

/// Whether this process is to have a lane; empty: it has all.
std::function<bool(LaneId)> named_by(const std::shared_ptr<LaneShare>& share) {
  if (!share) return {};
  return [share](LaneId lane) { return share->is_named(lane); };
}

}  // namespace

Instance::Instance(InstanceOptions options, OpenedJournal opened)
    : options_(std::move(options)),
      lock_(std::move(opened.lock)),
      share_(std::move(opened.share)),
      journal_(std::move(opened.journal)),
      embedded_(opened.embedded),
      kafka_(opened.kafka),
      follower_(journal_->lanes()) {}
Instance::~Instance() { (void)close(); }

Result<Instance::OpenedJournal> Instance::open_embedded(const InstanceOptions& options) {
  if (std::filesystem::exists(options.data / "places"))
    return invalid(fmt::format("{}: its journal lies on Kafka; --config FILE says where, or {} does when it is there",
                               options.data.string(), (options.data / "o2c.toml").string()));
  auto journal =
      open_embedded_journal({.path = options.data, .lanes = options.lanes, .create = options.create, .now = [] {
                               return SystemClock{}.now();
                             }});
  if (!journal) return journal.error();
  OpenedJournal opened;
  opened.embedded = journal->get();
  opened.journal = std::move(*journal);
  return opened;
}

Result<Instance::OpenedJournal> Instance::open_kafka(const InstanceOptions& options) {
  if (options.create) std::filesystem::create_directories(options.data);
  if (!std::filesystem::is_directory(options.data))
    return Error{ErrorCode::not_found, fmt::format("{}: no such directory", options.data.string())};
  if (std::filesystem::exists(options.data / "journal"))
    return invalid(fmt::format("{} holds an embedded journal; an instance on Kafka needs a directory of its own",
                               options.data.string()));
  OpenedJournal opened;
  auto lock = storage::DirectoryLock::acquire(options.data);
  if (!lock) return lock.error();
  opened.lock = std::move(*lock);
  if (options.write && options.share_lanes) opened.share = std::make_shared<LaneShare>(options.kafka->topics.lanes);
  auto journal =
      kafka::open_kafka_journal({.client = options.kafka->client,
                                 .topic = kafka::topic_name(options.kafka->topics, kafka::TopicKind::journal),
                                 .lanes = options.kafka->topics.lanes,
                                 .now = [] { return SystemClock{}.now(); },
                                 .named = named_by(opened.share),
                                 .places = options.data / "places"});
  if (!journal) return journal.error();
  opened.kafka = journal->get();
  opened.journal = std::move(*journal);
  return opened;
}

Result<Instance::OpenedJournal> Instance::open_journal(const InstanceOptions& options) {
  return options.kafka ? open_kafka(options) : open_embedded(options);
}

Result<std::unique_ptr<Instance>> Instance::open(InstanceOptions options) {
  auto opened = open_journal(options);
  if (!opened) return opened.error();
  std::unique_ptr<Instance> instance(new Instance(std::move(options), std::move(*opened)));
  if (auto engine = instance->open_engine(); !engine) return engine.error();
  if (auto started = instance->start(); !started) return started.error();
  return instance;
}

Result<void> Instance::open_engine() {
  std::vector<std::unique_ptr<StateStore>> stores;
  for (LaneId lane = 0; lane < journal_->lanes(); ++lane) {
    auto store = open_rocks_state_store(options_.data / "state" / fmt::format("lane-{}", lane));
    if (!store && store.error().code == ErrorCode::integrity)
      return integrity(fmt::format("{}; remove {}, it is a cache and made anew from the journal", store.error().message,
                                   (options_.data / "state").string()));
    if (!store) return store.error();
    stores.push_back(std::move(*store));
  }
  options_.engine.named = named_by(share_);
  engine_ = std::make_unique<Engine>(*journal_, std::move(stores), clock_, options_.engine);
  auto replayed = engine_->recover();
  if (!replayed) return replayed.error();
  replayed_ = *replayed;
  return options_.read_models ? follower_.catch_up(*journal_) : Result<void>{};
}

/// Takes the lanes, when the instance is to write.
Result<void> Instance::start() {
  if (!options_.write) return {};
  if (options_.read_models) engine_->subscribe([this](const SharedBatch& batch) { follower_.push(batch); });
  if (options_.kafka && options_.publish) {
    publisher_ = std::make_unique<kafka::Publisher>(
        kafka::PublisherOptions{options_.kafka->client, options_.kafka->topics}, *journal_, follower_);
    engine_->subscribe([this](const SharedBatch& batch) { publisher_->push(batch); });
  }
  if (auto started = engine_->start(); !started) return started;
  if (options_.read_models) {
    // The entries that taking the lanes appended are in the journal already, not in a batch.
    if (auto caught_up = follower_.catch_up(*journal_); !caught_up) return caught_up;
    follower_.start(*journal_);
  }
  if (options_.kafka && options_.commands)
    commands_ = std::make_unique<kafka::Commands>(
        kafka::CommandsOptions{options_.kafka->client, options_.kafka->topics}, *engine_, *journal_);
  if (share_) {
    if (auto shared = share_lanes(); !shared) return shared;
  } else {
    for (LaneId lane = 0; lane < journal_->lanes(); ++lane) take_lane(lane);
  }
  start_courier();
  return {};
}

void Instance::start_courier() {
  if (!options_.read_models) return;
  courier_ = std::make_unique<Courier>(
      Courier::Ports{*engine_, follower_, [this](LaneId lane, std::uint64_t seq) { return read_entry(lane, seq); },
                     [this](std::span<Request> requests) { submit_waiting(requests); }});
}

/// Joins the group and waits until the lanes that it names are served, a while at most: a process that is one too many has none.
Result<void> Instance::share_lanes() {
  forwarder_ =
      std::make_unique<kafka::Forwarder>(kafka::CommandsOptions{options_.kafka->client, options_.kafka->topics});
  auto joined = share_->join(*options_.kafka, {.gained = [this](LaneId lane) { take_lane(lane); },
                                               .given_up = [this](LaneId lane) { let_lane_go(lane); }});
  if (!joined) return joined;
  const auto deadline = std::chrono::steady_clock::now() + group_patience;
  if (!share_->wait_for_any(group_patience)) return {};
  const auto waits = [this](LaneId lane) { return share_->is_named(lane) && !engine_->serves(lane); };
  for (LaneId lane = 0; lane < journal_->lanes(); ++lane) {
    while (waits(lane) && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return {};
}

void Instance::take_lane(LaneId lane) {
  if (publisher_) publisher_->take(lane);
  if (commands_) commands_->take(lane);
}

/// The lane's next owner gets it when this returns, with nothing on its way.
void Instance::let_lane_go(LaneId lane) {
  if (commands_) commands_->release(lane);
  engine_->stand_down(lane);
  if (publisher_) publisher_->release(lane);
}

void Instance::submit(std::span<Request> requests) { route(requests, &Engine::submit); }
void Instance::submit_waiting(std::span<Request> requests) { route(requests, &Engine::submit_waiting); }

void Instance::route(std::span<Request> requests, void (Engine::*hand_over)(std::span<Request>)) {
  if (!forwarder_) return (*engine_.*hand_over)(requests);
  while (!requests.empty()) {
    const LaneId lane = lane_of(requests[0], engine_->lanes());
    const std::span<Request> run = requests.first(run_of_lane(requests, engine_->lanes()));
    if (share_->is_named(lane)) (*engine_.*hand_over)(run);
    else forwarder_->submit(lane, run);
    requests = requests.subspan(run.size());
  }
}

Result<std::vector<std::uint64_t>> Instance::read_entry(LaneId lane, std::uint64_t seq) {
  constexpr std::size_t ahead = 2048;
  const std::lock_guard lock(read_mutex_);
  if (!read_ || read_->empty() || read_->lane() != lane || seq < read_->first_seq() || seq > read_->last_seq()) {
    read_.emplace(lane);
    const auto keep = [&](const FrameView& frame) {
      read_->add_sealed(frame.frame);
      return read_->size() < ahead;
    };
    if (auto read = journal_->read(lane, seq, keep); !read) return read.error();
    if (read_->empty()) return std::vector<std::uint64_t>{};
  }
  const Bytes frame = read_->at(seq - read_->first_seq()).frame;
  std::vector<std::uint64_t> words(frame.size() / 8);
  std::memcpy(words.data(), frame.data(), frame.size());
  return words;
}

Instance::Answered Instance::submit(Request request) {
  WaitingSink sink;
  request.sink = &sink;
  submit_waiting({&request, 1});
  Answered answered{sink.wait(), {}};
  Reply& reply = answered.reply;
  if (reply.status != Reply::Status::decided) return answered;
  if (reply.frame.entry) {
    answered.storage.resize(reply.frame.frame.size() / 8);
    std::memcpy(answered.storage.data(), reply.frame.frame.data(), reply.frame.frame.size());
  } else if (auto words = read_entry(reply.lane, reply.seq); words && !words->empty()) {
    answered.storage = std::move(*words);
  } else {
    reply.status = Reply::Status::unknown;
    return answered;
  }
  reply.frame = frame_in(answered.storage);
  return answered;
}

Result<Hash32> Instance::state_root() {
  const auto roots = company_roots(*engine_);
  if (!roots) return roots.error();
  for (LaneId lane = 0; options_.write && lane < engine_->lanes(); ++lane)
    (void)follower_.wait_for(lane, engine_->durable_seq(lane), std::chrono::seconds{60});
  return state_root_of(*roots, follower_);
}

Result<void> Instance::stop() {
  courier_.reset();
  if (share_) share_->leave();
  forwarder_.reset();
  commands_.reset();
  return engine_->close();
}

Result<void> Instance::close() {
  if (!engine_) return {};
  auto closed = stop();
  publisher_.reset();
  follower_.stop();
  engine_.reset();
  journal_.reset();
  return closed;
}

Result<std::vector<std::string>> check_topics(const KafkaSettings& settings) {
  auto admin = kafka::Admin::open(settings.client);
  if (!admin) return admin.error();
  const auto findings = kafka::verify_topics(**admin, settings.topics);
  if (!findings) return findings.error();
  std::vector<std::string> said;
  std::string refused;
  for (const kafka::Finding& finding : *findings) {
    const std::string text = fmt::format("{}: {}\n  mend it with: {}", finding.place, finding.rule, finding.fix);
    if (finding.severity == kafka::Finding::Severity::warn) said.push_back(text);
    else refused += (refused.empty() ? "" : "\n") + text;
  }
  if (!refused.empty()) return invalid(refused);
  return said;
}

}  // namespace o2c
