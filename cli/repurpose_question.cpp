#include "cli/repurpose_question.hpp"

#include <fmt/format.h>

#include "chem/data_file.hpp"
#include "chem/error.hpp"

namespace theriac::cli {
namespace {

using datasets::LicenceClass;

void add_questions(CLI::App& app, RepurposeOptions& o) {
  const char* group = "Question";
  app.add_option("disease,--disease", o.disease, "disease, by name, synonym or id (DOID, MONDO, UMLS, MeSH)")
      ->type_name("NAME|ID")
      ->group(group);
  app.add_option("--drug", o.drug, "a drug: all diseases for it; with a disease, that pair in full")
      ->type_name("NAME|ID")
      ->group(group);
  app.add_option("--target", o.target,
                 "a target, by gene or UniProt accession; EGFR:T790M asks for a variant")
      ->type_name("GENE[:VARIANT]")
      ->group(group);
  app.add_option("--genes", o.genes,
                 "a disease of your own: genes, one a line, with up or down for an expression signature")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--sequence", o.sequence,
                 "a protein: a FASTA file, or the sequence itself; asks for its target")
      ->type_name("FASTA|SEQ")
      ->group(group);
  app.add_flag("--all", o.all, "all diseases and all drugs in one table (with -o)")->group(group);
  app.add_option("--library", o.library,
                 "your own molecules in place of the store's drugs, compared with known ligands by structure")
      ->type_name("FILE")
      ->group(group);
}

void add_grounds(CLI::App& app, RepurposeOptions& o) {
  const char* group = "Evidence";
  app.add_option("--store", o.store, "knowledge store (theriac store); default: the starter store that ships")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--model", o.model,
                 "ranking model of theriac train repurposing; default: the one that ships")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--licence", o.licence,
                 "use links of these licences only: permissive, share_alike (and permissive), non_commercial "
                 "(and both), any")
      ->check(CLI::IsMember({"permissive", "share_alike", "non_commercial", "any"}))
      ->type_name("CLASS")
      ->capture_default_str()
      ->group(group);
  app.add_option("--without", o.without,
                 "drop what is known of these drugs in the disease first, or of 'all': what would be found?")
      ->type_name("DRUG")
      ->delimiter(',')
      ->group(group);
  app.add_flag("--no_popularity", o.no_popularity, "leave out how many other diseases a drug is used in")
      ->group(group);
}

void add_filters(CLI::App& app, RepurposeOptions& o) {
  const char* group = "Which drugs";
  const auto list = [&](const char* name, std::vector<std::string>& to, const char* text, const char* type) {
    app.add_option(name, to, text)->type_name(type)->delimiter(',')->group(group);
  };
  list("--status", o.filter.status, "approved, clinical, withdrawn ...", "WORD");
  list("--region", o.filter.region, "approved there: US, EU, JP", "REGION");
  list("--route", o.filter.route, "oral, intravenous ...", "ROUTE");
  list("--class", o.filter.drug_class, "part of a class name, or an ATC code from its beginning: L04",
       "CLASS");
  list("--exclude_mechanism", o.filter.exclude_mechanism,
       "without drugs that bind this gene or are of this class", "GENE|CLASS");
  list("--exclude_drug", o.exclude_drugs, "without these", "DRUG");
  app.add_option("--within", o.within,
                 "of --drug alone: only this disease and what the hierarchy has below it")
      ->type_name("DISEASE")
      ->group(group);
  app.add_flag("--small_molecules", o.filter.small_molecules_only, "only drugs with a structure")
      ->group(group);
  app.add_flag("--novel", o.novel,
               "leave out drugs that are used or were tried in this disease; of --drug: such diseases")
      ->group(group);
  app.add_flag("--diverse", o.diverse, "one drug per mechanism, the best of each")->group(group);
}

}  // namespace

void add_repurpose_options(CLI::App& app, RepurposeOptions& o) {
  add_questions(app, o);
  add_grounds(app, o);
  add_filters(app, o);
  const char* group = "Output";
  app.add_option("--top", o.top, "drugs to show; 0 = all")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--explain", o.explain,
                 "lay open the evidence of the first N drugs, path by path, with sources")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("-o,--out", o.out,
                 "write it too, by its extension: .csv, .h5, .json or .html; may be repeated")
      ->type_name("FILE")
      ->delimiter(',')
      ->group(group);
}

RepurposeQuestion question_of(const RepurposeOptions& o) {
  const char* hint =
      "theriac repurpose \"rheumatoid arthritis\", or one of --target, --drug, --genes, --sequence, --all";
  const int asked = !o.disease.empty() + !o.target.empty() + !o.genes.empty() + !o.sequence.empty() + o.all;
  if (asked > 1)
    throw UsageError("one question at a time: a disease, a target, genes, a sequence or all", hint);
  if (!o.drug.empty() && asked == 1 && o.disease.empty())
    throw UsageError("--drug stands alone or with a disease", hint);
  if (!o.drug.empty()) return o.disease.empty() ? RepurposeQuestion::drug : RepurposeQuestion::pair;
  if (!o.disease.empty()) return RepurposeQuestion::disease;
  if (!o.target.empty()) return RepurposeQuestion::target;
  if (!o.genes.empty()) return RepurposeQuestion::genes;
  if (!o.sequence.empty()) return RepurposeQuestion::sequence;
  if (o.all) return RepurposeQuestion::all;
  throw UsageError("repurpose for what?", hint);
}

std::vector<LicenceClass> allowed_licences(const std::string& text) {
  if (text == "any") return {};
  std::vector<LicenceClass> allowed = {LicenceClass::permissive};
  const LicenceClass last = datasets::licence_class_from_name(text);
  if (last == LicenceClass::share_alike || last == LicenceClass::non_commercial)
    allowed.push_back(LicenceClass::share_alike);
  if (last == LicenceClass::non_commercial) allowed.push_back(LicenceClass::non_commercial);
  return allowed;
}

std::string store_path(const RepurposeOptions& options) {
  return options.store.empty() ? chem::data_file("store/starter.h5") : options.store;
}

}  // namespace theriac::cli
