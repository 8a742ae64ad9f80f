// theriac screen: libraries of any size, sharded, resumable, on one machine or a cluster.
#include "cli/screen_command.hpp"

namespace theriac::cli {

Command screen_command() {
  Command command;
  command.name = "screen";
  command.group = "On a cluster";
  command.summary =
      "plan | run | status | submit | merge | surrogate | rounds: libraries of any size, sharded, resumable";
  command.examples = {
      "theriac screen plan library.smi.gz --shards 64 -r 1iep.pdb --autobox_ligand STI -o abl1",
      "theriac screen submit abl1 --cpus 16 --time 4:00:00 > abl1.sbatch && sbatch abl1.sbatch",
      "theriac screen status abl1", "theriac screen merge abl1 --best 1000"};
  command.parts = {screen_plan_command(),   screen_run_command(),   screen_status_command(),
                   screen_submit_command(), screen_merge_command(), screen_surrogate_command(),
                   screen_rounds_command()};
  return command;
}

}  // namespace theriac::cli
