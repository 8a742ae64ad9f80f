// theriac protein: everything done with a protein language model. Each part is a command of its own, in a
// file of its own.
#include "cli/command.hpp"
#include "cli/protein_embed.hpp"
#include "cli/protein_info.hpp"
#include "cli/protein_peptides.hpp"
#include "cli/protein_variants.hpp"

namespace theriac::cli {

Command protein_command() {
  Command command;
  command.name = "protein";
  command.group = "Proteins and peptides";
  command.summary = "protein language models: what a file is, embeddings, variants, peptides";
  command.parts = {protein_info_command(), protein_embed_command(), protein_variants_command(),
                   protein_peptides_command()};
  command.examples = {"theriac protein info esm2_t12_35M_UR50D",
                      "theriac protein embed proteins.fasta -o vectors.h5",
                      "theriac protein variants --sequence tem1.fasta --homologs tem1.a3m -o tem1.csv"};
  return command;
}

}  // namespace theriac::cli
