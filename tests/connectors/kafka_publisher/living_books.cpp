#include "tests/connectors/kafka_publisher/living_books.hpp"

#include "engine/storage/rocks_state_store.hpp"

namespace o2c::test {
namespace {

constexpr std::int64_t hour = std::int64_t{3600} * 1'000'000;

/// Everything may happen, most of it makes sense.
sim::Swarm lively(sim::Random& random) {
  sim::Swarm swarm = sim::draw_swarm(random, sim::JournalForm::embedded);
  swarm.customers = 6, swarm.products = 5, swarm.places = 2;
  swarm.generous = true, swarm.wrong_ppm = 20'000;
  using Kind = fb::CommandBody;
  for (const Kind kind : {Kind::PostShipment, Kind::IssueInvoice, Kind::RecordReceipt})
    swarm.weights[static_cast<std::size_t>(kind)] = 120;
  for (const Kind kind : {Kind::ApplyCash, Kind::UnapplyCash, Kind::ReverseInvoice, Kind::ReturnReceipt})
    swarm.weights[static_cast<std::size_t>(kind)] = 30;
  return swarm;
}

template <class T> T opened(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}
void done(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().message);
}

std::string company_name(std::uint64_t i) { return "company/" + std::to_string(i + 1); }

}  // namespace

LivingBooks::LivingBooks(const std::filesystem::path& path, std::uint64_t seed)
    : random_(seed), swarm_(lively(random_)), history_(random_, swarm_) {
  journal_ = opened(open_embedded_journal({.path = path, .lanes = lanes, .now = [this] { return clock_.now(); }}));
  std::vector<std::unique_ptr<StateStore>> stores;
  for (LaneId lane = 0; lane < lanes; ++lane)
    stores.push_back(opened(open_rocks_state_store(path / "state" / std::to_string(lane))));
  engine_ = std::make_unique<Engine>(*journal_, std::move(stores), clock_, EngineOptions{});
  opened(engine_->recover());
  engine_->subscribe([this](const SharedBatch& batch) {
    models_.push(batch);
    const std::lock_guard lock(mutex_);
    if (publisher_) publisher_->push(batch);
  });
  done(engine_->start());
  done(models_.catch_up(*journal_));  // now, as the entries that open the lanes come in no batch
  models_.start(*journal_);
}

LivingBooks::~LivingBooks() { std::ignore = engine_->close(); }

void LivingBooks::open_companies() {
  for (std::uint64_t c = 0; c < companies; ++c) {
    for (std::size_t i = 0; i < sim::History::setup_steps; ++i) {
      sim::Builder b;
      std::optional<sim::Body> body;
      engine_->inspect_lane(lane_of(company_name(c), lanes), [&](Lane& lane) {
        body = history_.setup(i, b, lane.company(company_name(c)),
                              sim::SimClock::date_at(clock_.now(), sim::SimClock::shanghai));
      });
      if (body) send(company_name(c), b, *body);
    }
  }
}

void LivingBooks::live(std::size_t commands) {
  if (!std::exchange(opened_, true) && journal_->tip(0)->seq < 10) open_companies();
  for (std::size_t sent = 0; sent < commands;) {
    const std::string company = company_name(random_.below(companies));
    sim::Builder b;
    std::optional<sim::Body> body;
    engine_->inspect_lane(lane_of(company, lanes), [&](Lane& lane) {
      const CompanyState* state = lane.company(company);
      if (state && state->opened()) body = history_.draw(b, *state, lane.today(company));
    });
    if (!body) continue;
    send(company, b, *body);
    clock_.move(random_.between<std::int64_t>(1, hour));
    ++sent;
  }
}

void LivingBooks::send(const std::string& company, sim::Builder& b, const sim::Body& body) {
  const auto name = b.CreateString(company), actor = b.CreateString(body.actor);
  Id16 id;
  for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(random_.next());
  const fb::Id16 command_id = id.to_fb();
  fb::CommandBuilder command(b);
  command.add_company(name), command.add_command_id(&command_id), command.add_actor(actor);
  command.add_body_type(body.type), command.add_body(body.offset);
  b.Finish(command.Finish());
  Request request = opened(own_command({b.GetBufferPointer(), b.GetSize()}));
  WaitingSink sink;
  request.sink = &sink;
  engine_->submit_waiting({&request, 1});
  if (sink.wait().status != Reply::Status::decided) throw std::runtime_error("a command was not decided");
}

void LivingBooks::with_models(const std::function<void(const ReadModels&)>& f) {
  for (LaneId lane = 0; lane < lanes; ++lane) {
    if (!models_.wait_for(lane, journal_->tip(lane)->seq, std::chrono::seconds{20}))
      throw std::runtime_error("the read models stand still");
  }
  models_.with(f);
}

}  // namespace o2c::test
