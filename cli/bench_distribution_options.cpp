#include "cli/bench_distribution_options.hpp"

#include "cli/argument_list.hpp"

namespace theriac::cli {

void declare_distribution(CLI::App& app, DistributionChoice& choice) {
  const char* group = "Distribution";
  auto& o = choice.options;
  const auto file = [&](const std::string& flag, std::string& value, const std::string& what,
                        const char* type) {
    app.add_option(flag, value, what)->type_name(type)->group(group);
  };
  const auto number = [&](const std::string& flag, std::int64_t& value, const std::string& what) {
    app.add_option(flag, value, what)
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{100000000}))
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
  };
  file("--molecules", o.molecules, "the generated molecules, any format, one record each", "FILE");
  file("--train", o.train, "the training set: novelty, and the ceiling", "FILE");
  file("--reference", choice.references,
       "held-out sets to compare with; properties are compared with the first", "FILE,FILE");
  file("--floor", o.floor, "molecules of a random policy, to stand beside", "FILE");
  number("--samples", o.samples, "records drawn by seed from --molecules and --floor; 0: all");
  file("--chemnet", o.chemnet, "weights of ChemNet (safetensors): also the Frechet ChemNet distance", "FILE");
  file("--reference-activations", choice.activations,
       "mean and covariance of ChemNet's outputs for each reference (.npz); computed otherwise", "FILE,FILE");
  file("--reference-cache", o.references.cache,
       "folder that keeps what was computed of the references [OUT/reference]", "DIR");
  number(
      "--guacamol", o.guacamol,
      "also GuacaMol's own validity, uniqueness, novelty and KL score of N molecules, in file order; 0: no");
}

DistributionOptions distribution_options(const DistributionChoice& choice, const std::string& out) {
  DistributionOptions options = choice.options;
  options.references.molecules = split_list(choice.references);
  options.references.activations = split_list(choice.activations);
  if (!out.empty()) options.out = out;
  return options;
}

}  // namespace theriac::cli
