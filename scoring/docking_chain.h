/* A Monte Carlo chain on top of the docking kernel: what it is told and what it remembers. Plain C like the kernel, and
 * like it compiled for the processor and for the OpenCL device; docking_chain.inc holds the steps.
 *
 * The decisions of a chain are made in double precision, as is the comparison of stored poses: there are few of them.
 * Its random numbers are those of chem/counter_random.hpp: Philox4x32-10 with the key of (seed, molecule), the stream of
 * (stage "dock", chain) and a count of the numbers drawn. Lengths angstrom, energies kcal/mol, angles radians.
 */
#pragma once
#include "scoring/docking_kernel.h"

/* What all chains of a ligand share. */
typedef struct ChainTask {
  double box_low[3], box_high[3];
  double largest_turn;   /* radians */
  unsigned long stage;   /* hash of "dock" */
  unsigned int key[2];
  int poses_kept;        /* per chain, at most */
  int iterations;        /* BFGS iterations of a minimisation */
  int ligand_atoms;      /* heavy atoms of the ligand itself; they come first */
  int ligand_nodes;
  int conformer_count;
  /* Per ring conformer: positions of atoms in their nodes, origins of nodes, axes of nodes; 3 numbers each. */
  KERNEL_GLOBAL const double* geometry;
} ChainTask;

/* The memory of `lanes` chains; row r of lane l is at [r * lanes + l]. A pose is kept in one of poses_kept + 1 slots;
 * `order` names the slots, first the pose_count kept ones by energy, then the free ones. */
typedef struct ChainStates {
  int lanes;
  KERNEL_GLOBAL unsigned int* stream;  /* 2 rows */
  KERNEL_GLOBAL unsigned int* drawn;   /* random numbers so far */
  KERNEL_GLOBAL int* stage;            /* chain_stage */
  KERNEL_GLOBAL int* started;          /* has a current pose */
  KERNEL_GLOBAL int* conformer;
  KERNEL_GLOBAL float* energy;         /* of the current pose */
  KERNEL_GLOBAL float* current;        /* 7 + T rows */
  KERNEL_GLOBAL int* pose_count;
  KERNEL_GLOBAL int* order;            /* P + 1 rows */
  KERNEL_GLOBAL float* pose_energy;    /* per slot */
  KERNEL_GLOBAL int* pose_conformer;   /* per slot */
  KERNEL_GLOBAL float* pose;           /* per slot 7 + T rows */
  KERNEL_GLOBAL double* coordinates;   /* per slot 3 rows per heavy atom of the ligand */
  KERNEL_GLOBAL double* frames;        /* scratch: 12 rows per node of the ligand */
} ChainStates;

enum chain_stage { chain_hunts = 0, chain_polishes = 1 };

/* 4-byte words of KernelChains and ChainStates and 8-byte numbers of ChainStates, for one lane. */
KERNEL_FUNCTION long kernel_words(const KernelModel* m) {
  const long n = 6 + m->torsion_count;
  return 9L * m->atom_count + 24L * m->node_count + 2 * (n + 1) + 5 * n + n * (n + 1) / 2 + 9;
}
KERNEL_FUNCTION long state_words(const KernelModel* m, const ChainTask* task) {
  const long conformation = 7 + m->torsion_count, slots = task->poses_kept + 1;
  return 8 + conformation + slots * (3 + conformation);
}
KERNEL_FUNCTION long state_doubles(const ChainTask* task) {
  return (task->poses_kept + 1) * 3L * task->ligand_atoms + 12L * task->ligand_nodes;
}

typedef KERNEL_GLOBAL float* KernelMemory;

KERNEL_FUNCTION KernelMemory next_rows(KernelMemory* at, long rows, int lanes) {
  const KernelMemory here = *at;
  *at = here + rows * lanes;
  return here;
}

/* Lays the arrays out in kernel_words * lanes words. */
KERNEL_FUNCTION void lay_out_kernel(const KernelModel* m, int lanes, KernelMemory at, KernelChains* k) {
  const long n = 6 + m->torsion_count;
  k->width = lanes;
  k->in_node = next_rows(&at, 3 * m->atom_count, lanes);
  k->origin = next_rows(&at, 3 * m->node_count, lanes);
  k->axis = next_rows(&at, 3 * m->node_count, lanes);
  k->trial = next_rows(&at, n + 1, lanes);
  k->accepted = next_rows(&at, n + 1, lanes);
  k->gradient = next_rows(&at, n, lanes);
  k->trial_gradient = next_rows(&at, n, lanes);
  k->direction = next_rows(&at, n, lanes);
  k->change = next_rows(&at, 2 * n, lanes);
  k->inverse_hessian = next_rows(&at, n * (n + 1) / 2, lanes);
  k->coordinates = next_rows(&at, 3 * m->atom_count, lanes);
  k->force = next_rows(&at, 3 * m->atom_count, lanes);
  k->frame = next_rows(&at, 18 * m->node_count, lanes);
  k->energy = next_rows(&at, 1, lanes);
  k->trial_energy = next_rows(&at, 1, lanes);
  k->step = next_rows(&at, 1, lanes);
  k->slope = next_rows(&at, 1, lanes);
  k->cap = next_rows(&at, 1, lanes);
  k->phase = (KERNEL_GLOBAL int*)next_rows(&at, 1, lanes);
  k->halvings = (KERNEL_GLOBAL int*)next_rows(&at, 1, lanes);
  k->iterations = (KERNEL_GLOBAL int*)next_rows(&at, 1, lanes);
  k->fresh = (KERNEL_GLOBAL int*)next_rows(&at, 1, lanes);
  k->evaluations = 0;
  k->enough = 3e-4f; /* a minimisation that gains less in a step is done */
}

/* Lays the arrays out in state_words * lanes words and state_doubles * lanes numbers. */
KERNEL_FUNCTION void lay_out_states(const KernelModel* m, const ChainTask* task, int lanes, KernelMemory at,
                                    KERNEL_GLOBAL double* numbers, ChainStates* s) {
  const long conformation = 7 + m->torsion_count, slots = task->poses_kept + 1;
  s->lanes = lanes;
  s->stream = (KERNEL_GLOBAL unsigned int*)next_rows(&at, 2, lanes);
  s->drawn = (KERNEL_GLOBAL unsigned int*)next_rows(&at, 1, lanes);
  s->stage = (KERNEL_GLOBAL int*)next_rows(&at, 1, lanes);
  s->started = (KERNEL_GLOBAL int*)next_rows(&at, 1, lanes);
  s->conformer = (KERNEL_GLOBAL int*)next_rows(&at, 1, lanes);
  s->energy = next_rows(&at, 1, lanes);
  s->current = next_rows(&at, conformation, lanes);
  s->pose_count = (KERNEL_GLOBAL int*)next_rows(&at, 1, lanes);
  s->order = (KERNEL_GLOBAL int*)next_rows(&at, slots, lanes);
  s->pose_energy = next_rows(&at, slots, lanes);
  s->pose_conformer = (KERNEL_GLOBAL int*)next_rows(&at, slots, lanes);
  s->pose = next_rows(&at, slots * conformation, lanes);
  s->coordinates = numbers;
  s->frames = numbers + slots * 3 * task->ligand_atoms * lanes;
}
