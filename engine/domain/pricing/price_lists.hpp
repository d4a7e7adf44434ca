#pragma once
#include <boost/container/small_vector.hpp>

#include "engine/domain/decision.hpp"

namespace o2c {

/// The price lists that can apply to one customer on one day, looked up once for all lines of a document.
///
/// Row 5: of the rows of a product and unit in force, whose break is not above the quantity, the list of the most specific party (customer,
/// grade, all) decides; then the latest start; then the highest break. Within a list a row starts on its own first day, a row without one
/// before all others; between lists a price starts when both list and row are in force. What is equal after that is a tie.
/// Lives no longer than the state it looks at.
class PriceLists {
 public:
  PriceLists(const CompanyState& state, const Customer& customer, Currency currency, Date on)
      : state_(state), customer_(customer), currency_(currency), on_(on) {}

  /// quantity  millionths of `unit`.
  /// returns   price and the name of the version used ("price_list/retail@2"). errors  no_price, ambiguous_price naming lists and rows.
  Verdict find(const Product& product, std::string_view unit, std::int64_t quantity, std::int64_t& price_micros,
               std::string& policy);

 private:
  using History = PolicyHistory<PriceList>;
  struct Candidate {
    const History* history = nullptr;
    const PolicyVersion<PriceList>* version = nullptr;
    int specificity = 0;  // 2 this customer, 1 its grade, 0 everybody
  };
  struct Choice {
    const Candidate* list = nullptr;
    const PriceRow* row = nullptr;
    const PriceRow* tied = nullptr;  // another row of the list that applies equally
  };
  void gather();
  Choice best_in(const Candidate& list, const Product& product, std::string_view unit, std::int64_t quantity) const;
  Date start_of(const Choice& choice) const;

  const CompanyState& state_;
  const Customer& customer_;
  Currency currency_;
  Date on_;
  bool gathered_ = false;
  boost::container::small_vector<Candidate, 8> lists_;
};

}  // namespace o2c
