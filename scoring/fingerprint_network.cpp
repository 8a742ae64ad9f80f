#include "scoring/fingerprint_network.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/fingerprint.hpp"
#include "chem/molecule.hpp"

namespace theriac::scoring {
namespace {

constexpr std::size_t places = 1024, first_units = 256, second_units = 64, residues = 20;
constexpr const char* letters = "ACDEFGHIKLMNPQRSTVWY";

/// Weights with the running moments of their gradient.
struct Weights {
  FloatMatrix value, gradient, first, second;

  Weights(std::size_t inputs, std::size_t units, double scale, chem::CounterRandom& random)
      : value(inputs, units), gradient(inputs, units), first(inputs, units), second(inputs, units) {
    for (float& w : value.values) w = static_cast<float>(scale * random.normal());
  }
  void adapt(double rate, int step) {
    constexpr float keep1 = 0.9f, keep2 = 0.999f;
    const double unbiased = std::sqrt(1 - std::pow(0.999, step)) / (1 - std::pow(0.9, step));
    const auto by = static_cast<float>(rate * unbiased);
    for (std::size_t i = 0; i < value.values.size(); ++i) {
      const float g = gradient.values[i];
      first.values[i] = keep1 * first.values[i] + (1 - keep1) * g;
      second.values[i] = keep2 * second.values[i] + (1 - keep2) * g * g;
      value.values[i] -= by * first.values[i] / (std::sqrt(second.values[i]) + 1e-7f);
    }
  }
};

/// The nonzero inputs of every row.
class SparseRows {
 public:
  explicit SparseRows(const FloatMatrix& rows) : entries_(rows.rows) {
    for (std::size_t r = 0; r < rows.rows; ++r)
      for (std::size_t c = 0; c < rows.columns; ++c)
        if (rows(r, c) != 0) entries_[r].push_back({c, rows(r, c)});
  }
  void add_product(std::size_t row, const FloatMatrix& weights, float* out) const {
    for (const auto& [c, v] : entries_[row])
      for (std::size_t u = 0; u < weights.columns; ++u) out[u] += v * weights(c, u);
  }
  void add_gradient(std::size_t row, const float* unit_gradient, FloatMatrix& gradient) const {
    for (const auto& [c, v] : entries_[row])
      for (std::size_t u = 0; u < gradient.columns; ++u) gradient(c, u) += v * unit_gradient[u];
  }
  std::size_t size() const { return entries_.size(); }

 private:
  std::vector<std::vector<std::pair<std::size_t, float>>> entries_;
};

/// Members of one side that occur in a batch, each once.
struct Side {
  std::vector<std::size_t> members, place;  ///< place: of a batch's pair among the members

  template <class Of>
  Side(std::size_t count, const std::vector<PairValue>& pairs, const Of& of) {
    std::vector<std::size_t> at(count, count);
    for (const auto& pair : pairs) {
      const std::size_t member = of(pair);
      if (at[member] == count) {
        at[member] = members.size();
        members.push_back(member);
      }
      place.push_back(at[member]);
    }
  }
};

class Network {
 public:
  Network(const FloatMatrix& drugs, const FloatMatrix& targets, chem::CounterRandom random)
      : drugs_(drugs),
        targets_(targets),
        drug_weights_(drugs.columns, first_units, std::sqrt(1.0 / 60), random),
        target_weights_(targets.columns, first_units, std::sqrt(1.0 / static_cast<double>(targets.columns)),
                        random),
        second_(first_units, second_units, std::sqrt(2.0 / first_units), random),
        out_(second_units, 1, std::sqrt(1.0 / second_units), random),
        first_bias_(1, first_units, 0, random),
        second_bias_(1, second_units, 0, random),
        bias_(1, 1, 0, random) {}

  /// One step down the squared error of a batch whose values have mean 0 and spread 1.
  void learn(const std::vector<PairValue>& batch, double rate, double dropped, chem::CounterRandom random) {
    ++step_;
    const Pass pass = forward(batch, dropped, &random);
    const auto n = static_cast<float>(batch.size());
    FloatMatrix error(batch.size(), 1);
    for (std::size_t i = 0; i < batch.size(); ++i) error(i, 0) = 2 * (pass.out(i, 0) - batch[i].value) / n;
    out_.gradient = product(transposed(pass.second), error);
    bias_.gradient = column_sums(error);
    FloatMatrix at_second = product(error, transposed(out_.value));
    stop_where_zero(at_second, pass.second);
    second_.gradient = product(transposed(pass.first), at_second);
    second_bias_.gradient = column_sums(at_second);
    FloatMatrix at_first = product(at_second, transposed(second_.value));
    for (std::size_t i = 0; i < at_first.values.size(); ++i)
      at_first.values[i] *= pass.first.values[i] > 0 ? pass.kept_scale : 0;
    first_bias_.gradient = column_sums(at_first);
    input_gradients(pass, at_first);
    for (Weights* weights :
         {&drug_weights_, &target_weights_, &second_, &out_, &first_bias_, &second_bias_, &bias_})
      weights->adapt(rate, step_);
  }

  FloatMatrix predict(const std::vector<PairValue>& pairs) const { return forward(pairs, 0, nullptr).out; }

 private:
  struct Pass {
    Side drugs, targets;
    FloatMatrix first, second, out;
    float kept_scale = 1;
  };

  static FloatMatrix column_sums(const FloatMatrix& a) {
    FloatMatrix out(1, a.columns);
    for (std::size_t r = 0; r < a.rows; ++r)
      for (std::size_t c = 0; c < a.columns; ++c) out(0, c) += a(r, c);
    return out;
  }
  static void stop_where_zero(FloatMatrix& gradient, const FloatMatrix& units) {
    for (std::size_t i = 0; i < units.values.size(); ++i)
      if (units.values[i] <= 0) gradient.values[i] = 0;
  }
  static FloatMatrix rows_of(const FloatMatrix& inputs, const Side& side) {
    FloatMatrix out(side.members.size(), inputs.columns);
    for (std::size_t m = 0; m < side.members.size(); ++m)
      std::copy_n(inputs.row(side.members[m]), inputs.columns, out.row(m));
    return out;
  }
  FloatMatrix drug_sums(const Side& side) const {
    FloatMatrix out(side.members.size(), first_units);
    for (std::size_t m = 0; m < side.members.size(); ++m)
      drugs_.add_product(side.members[m], drug_weights_.value, out.row(m));
    return out;
  }
  static FloatMatrix member_gradient(const Side& side, const FloatMatrix& at_first) {
    FloatMatrix sums(side.members.size(), first_units);
    for (std::size_t i = 0; i < side.place.size(); ++i)
      for (std::size_t u = 0; u < first_units; ++u) sums(side.place[i], u) += at_first(i, u);
    return sums;
  }
  void input_gradients(const Pass& pass, const FloatMatrix& at_first) {
    const FloatMatrix of_drugs = member_gradient(pass.drugs, at_first);
    std::fill(drug_weights_.gradient.values.begin(), drug_weights_.gradient.values.end(), 0.0f);
    for (std::size_t m = 0; m < pass.drugs.members.size(); ++m)
      drugs_.add_gradient(pass.drugs.members[m], of_drugs.row(m), drug_weights_.gradient);
    target_weights_.gradient =
        product(transposed(rows_of(targets_, pass.targets)), member_gradient(pass.targets, at_first));
  }

  Pass forward(const std::vector<PairValue>& pairs, double dropped, chem::CounterRandom* random) const {
    Pass pass{{drugs_.size(), pairs, [](const PairValue& p) { return p.drug; }},
              {targets_.rows, pairs, [](const PairValue& p) { return p.target; }},
              {},
              {},
              {},
              static_cast<float>(1 / (1 - dropped))};
    const FloatMatrix of_drugs = drug_sums(pass.drugs);
    const FloatMatrix of_targets = product(rows_of(targets_, pass.targets), target_weights_.value);
    pass.first = FloatMatrix(pairs.size(), first_units);
    const auto drop_below = static_cast<std::uint32_t>(dropped * 256);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const float* drug = of_drugs.row(pass.drugs.place[i]);
      const float* target = of_targets.row(pass.targets.place[i]);
      std::uint32_t bits = 0;
      for (std::size_t u = 0; u < first_units; ++u) {
        if (random && u % 4 == 0) bits = (*random)();
        const bool dropped_now = random && ((bits >> (8 * (u % 4))) & 255u) < drop_below;
        const float sum = drug[u] + target[u] + first_bias_.value(0, u);
        pass.first(i, u) = sum > 0 && !dropped_now ? sum * pass.kept_scale : 0;
      }
    }
    pass.second = product(pass.first, second_.value);
    for (std::size_t i = 0; i < pairs.size(); ++i)
      for (std::size_t u = 0; u < second_units; ++u)
        pass.second(i, u) = std::max(0.0f, pass.second(i, u) + second_bias_.value(0, u));
    pass.out = product(pass.second, out_.value);
    for (float& value : pass.out.values) value += bias_.value(0, 0);
    return pass;
  }

  SparseRows drugs_;
  FloatMatrix targets_;
  Weights drug_weights_, target_weights_, second_, out_, first_bias_, second_bias_, bias_;
  int step_ = 0;
};

void shuffle(std::vector<std::uint32_t>& order, chem::CounterRandom random) {
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
}

}  // namespace

FloatMatrix environment_inputs(const std::vector<std::string>& smiles) {
  FloatMatrix out(smiles.size(), places);
  tbb::parallel_for(std::size_t{0}, smiles.size(), [&](std::size_t i) {
    for (const auto& [key, count] : chem::morgan_counts(chem::Molecule::from_smiles(smiles[i])))
      out(i, key % places) += static_cast<float>(count);
    for (std::size_t c = 0; c < places; ++c) out(i, c) = std::log1p(out(i, c));
  });
  return out;
}

FloatMatrix composition_inputs(const std::vector<std::string>& sequences) {
  const std::string alphabet = letters;
  FloatMatrix shares(residues + residues * residues, sequences.size());
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    const auto weight = 1 / static_cast<float>(std::max<std::size_t>(1, sequences[s].size()));
    auto before = std::string::npos;
    for (const char letter : sequences[s]) {
      const auto now = alphabet.find(letter);
      if (now != std::string::npos) shares(now, s) += weight;
      if (now != std::string::npos && before != std::string::npos)
        shares(residues + residues * before + now, s) += weight;
      before = now;
    }
  }
  FloatMatrix out = transposed(standardised_rows(shares));
  const auto scale = static_cast<float>(std::sqrt(static_cast<double>(sequences.size())));
  for (float& value : out.values) value *= scale;
  return out;
}

std::vector<double> fingerprint_network(const FloatMatrix& drugs, const FloatMatrix& targets,
                                        const std::vector<PairValue>& known,
                                        const std::vector<PairValue>& asked,
                                        const FingerprintNetworkOptions& options) {
  if (known.empty()) throw UsageError("there is no affinity to learn from");
  const auto n = static_cast<double>(known.size());
  double sum = 0, squares = 0;
  for (const auto& pair : known) sum += pair.value;
  const double middle = sum / n;
  for (const auto& pair : known) squares += (pair.value - middle) * (pair.value - middle);
  const double spread = std::max(1e-6, std::sqrt(squares / n));
  Network network(drugs, targets, chem::CounterRandom(options.seed, "", "fingerprint network"));
  const int epochs =
      std::clamp(static_cast<int>(options.looks / known.size()), 8, std::max(8, options.most_epochs));
  const auto batch = static_cast<std::size_t>(options.batch);
  const std::size_t steps = (known.size() + batch - 1) / batch * static_cast<std::size_t>(epochs);
  std::vector<std::uint32_t> order(known.size());
  std::iota(order.begin(), order.end(), 0u);
  std::size_t step = 0;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    shuffle(order, chem::CounterRandom(options.seed, "", "order", static_cast<std::uint64_t>(epoch)));
    for (std::size_t first = 0; first < order.size(); first += batch, ++step) {
      std::vector<PairValue> pairs;
      for (std::size_t i = first; i < std::min(order.size(), first + batch); ++i) {
        pairs.push_back(known[order[i]]);
        pairs.back().value = static_cast<float>((pairs.back().value - middle) / spread);
      }
      const double share = static_cast<double>(step) / static_cast<double>(steps);
      network.learn(pairs, options.rate * 0.5 * (1 + std::cos(3.14159265358979 * share)), options.dropped,
                    chem::CounterRandom(options.seed, "", "dropped", step));
    }
  }
  std::vector<double> out;
  for (std::size_t first = 0; first < asked.size(); first += batch) {
    const auto from = asked.begin() + static_cast<std::ptrdiff_t>(first);
    const auto last = asked.begin() + static_cast<std::ptrdiff_t>(std::min(asked.size(), first + batch));
    const FloatMatrix said = network.predict({from, last});
    for (const float value : said.values) out.push_back(middle + spread * value);
  }
  return out;
}

}  // namespace theriac::scoring
