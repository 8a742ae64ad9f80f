#include "generative/peptide_specificity.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <set>

#include "chem/counter_random.hpp"

namespace theriac::generative {
namespace {

std::set<std::string> words_of(const std::string& residues) {
  std::set<std::string> words;
  for (std::size_t i = 0; i + 3 <= residues.size(); ++i) words.insert(residues.substr(i, 3));
  return words;
}

bool related(const std::string& a, const std::string& b) {
  const auto first = words_of(a), second = words_of(b);
  const auto shared = std::count_if(first.begin(), first.end(),
                                    [&](const std::string& word) { return second.count(word) > 0; });
  return 4 * static_cast<std::size_t>(shared) >= std::min(first.size(), second.size()) && shared > 0;
}

}  // namespace

const std::vector<chem::Sequence>& comparison_proteins() {
  // UniProt P0CG48 (one repeat), P00698, P42212, P02185, P61823, P01116 (4B, G domain); mature chains
  static const std::vector<chem::Sequence> proteins = {
      {"ubiquitin", "MQIFVKTLTGKTITLEVEPSDTIENVKAKIQDKEGIPPDQQRLIFAGKQLEDGRTLSDYNIQKESTLHLVLRLRGG"},
      {"lysozyme",
       "KVFGRCELAAAMKRHGLDNYRGYSLGNWVCAAKFESNFNTQATNRNTDGSTDYGILQINSRWWCNDGRTPGSRNLCNIPCSALLSSDITASVNCAKKIVS"
       "DGNGMNAWVAWRNRCKGTDVQAWIRGCRL"},
      {"gfp",
       "MSKGEELFTGVVPILVELDGDVNGHKFSVSGEGEGDATYGKLTLKFICTTGKLPVPWPTLVTTFSYGVQCFSRYPDHMKQHDFFKSAMPEGYVQERTIFF"
       "KDDGNYKTRAEVKFEGDTLVNRIELKGIDFKEDGNILGHKLEYNYNSHNVYIMADKQKNGIKVNFKIRHNIEDGSVQLADHYQQNTPIGDGPVLLPDNHY"
       "LSTQSALSKDPNEKRDHMVLLEFVTAAGITHGMDELYK"},
      {"myoglobin",
       "VLSEGEWQLVLHVWAKVEADVAGHGQDILIRLFKSHPETLEKFDRFKHLKTEAEMKASEDLKKHGVTVLTALGAILKKKGHHEAELKPLAQSHATKHKIP"
       "IKYLEFISEAIIHVLHSRHPGDFGADAQGAMNKALELFRKDIAAKYKELGYQG"},
      {"ribonuclease",
       "KETAAAKFERQHMDSSTSAASSSNYCNQMMKSRNLTKDRCKPVNTFVHESLADVQAVCSQKNVACKNGQTNCYQSYSTMSITDCRETGSSKYPNCAYKTT"
       "QANKHIIVACEGNPYVPVHFDASV"},
      {"kras",
       "MTEYKLVVVGAGGVGKSALTIQLIQNHFVDEYDPTIEDSYRKQVVIDGETCLLDILDTAGQEEYSAMRDQYMRTGEGFLCVFAINNTKSFEDIHHYREQI"
       "KRVKDSEDVPMVLVGNKCDLPSRTVDTKQAQDLARSYGIPFIETSAKTRQGVDDAFYTLVREIRKHKEK"}};
  return proteins;
}

std::string shuffled_target(const std::string& target, std::uint64_t seed, std::uint64_t number) {
  chem::CounterRandom random(seed, target, "shuffled target", number);
  std::string out = target;
  for (std::size_t i = out.size(); i > 1; --i)
    std::swap(out[i - 1], out[random.below(static_cast<std::uint32_t>(i))]);
  return out;
}

SpecificityPanel::SpecificityPanel(const PeptideModel& model, const std::string& target, int peptide_length,
                                   int shuffles, std::uint64_t seed) {
  std::vector<std::string> shuffled, others;
  for (int k = 0; k < shuffles; ++k)
    shuffled.push_back(shuffled_target(target, seed, static_cast<std::uint64_t>(k)));
  for (const auto& protein : comparison_proteins())
    if (!related(protein.residues, target)) others.push_back(protein.residues);
  shuffled_.resize(shuffled.size());
  others_.resize(others.size());
  tbb::parallel_for(std::size_t{0}, shuffled.size() + others.size() + 1, [&](std::size_t i) {
    if (i == 0)
      target_ = model.read_target(target, peptide_length);
    else if (i <= shuffled.size())
      shuffled_[i - 1] = model.read_target(shuffled[i - 1], peptide_length);
    else
      others_[i - 1 - shuffled.size()] = model.read_target(others[i - 1 - shuffled.size()], peptide_length);
  });
}

std::vector<PeptideSpecificity> SpecificityPanel::judged(const std::vector<std::string>& peptides) const {
  std::vector<const PeptideContext*> contexts = {target_.get()};
  for (const auto* part : {&shuffled_, &others_})
    for (const auto& context : *part) contexts.push_back(context.get());
  std::vector<std::vector<double>> means(contexts.size());
  tbb::parallel_for(std::size_t{0}, contexts.size(),
                    [&](std::size_t c) { means[c] = mean_log_probabilities(*contexts[c], peptides); });
  const auto mean_behind = [&](std::size_t peptide, std::size_t from, std::size_t count) {
    double sum = 0;
    for (std::size_t c = from; c < from + count; ++c) sum += means[c][peptide];
    return sum / static_cast<double>(count);
  };
  std::vector<PeptideSpecificity> out(peptides.size());
  for (std::size_t i = 0; i < peptides.size(); ++i) {
    out[i].target = means[0][i];
    out[i].shuffled = shuffled_.empty() ? out[i].target : mean_behind(i, 1, shuffled_.size());
    out[i].others = others_.empty() ? out[i].shuffled : mean_behind(i, 1 + shuffled_.size(), others_.size());
  }
  return out;
}

}  // namespace theriac::generative
