#include "engine/storage/embedded_journal.hpp"
#include "tests/support/journal_conformance.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

class EmbeddedRig final : public JournalRig {
 public:
  explicit EmbeddedRig(std::uint32_t lanes) : lanes_(lanes) { open(); }
  Journal& journal() override { return *journal_; }
  void reopen() override {
    journal_.reset();
    open();
  }
  void set_clock(Instant now) override { now_ = now; }

 private:
  void open() {
    EmbeddedJournalOptions options;
    options.path = directory_.path();
    options.lanes = lanes_;
    options.now = [this] { return now_; };
    auto opened = open_embedded_journal(std::move(options));
    if (!opened) throw std::runtime_error(opened.error().message);
    journal_ = std::move(*opened);
  }
  TemporaryDirectory directory_;
  std::uint32_t lanes_;
  Instant now_{1'000};
  std::unique_ptr<EmbeddedJournal> journal_;
};

INSTANTIATE_TEST_SUITE_P(Embedded, GivenJournal,
                         testing::Values(JournalKind{
                             "embedded", [](std::uint32_t lanes) { return std::make_unique<EmbeddedRig>(lanes); }}),
                         kind_name);

}  // namespace
}  // namespace o2c::test
