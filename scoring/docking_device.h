/* A ligand as the program of a device gets it; written by opencl_search.cpp, read by docking_device.inc. Members of 8
 * bytes first: the same layout for every compiler. */
#pragma once

typedef struct DeviceLigand {
  double box_low[3], box_high[3], largest_turn;
  /* Where its parts begin in the buffers of the batch: 4-byte words or 8-byte numbers. */
  long tables, geometry, chains, states, coordinates;
  unsigned long stage;
  unsigned int key[2];
  int atom_count, node_count, torsion_count, pair_count;
  int poses_kept, iterations, ligand_atoms, ligand_nodes, conformer_count;
  int evaluations; /* of every chain, in this round */
} DeviceLigand;
