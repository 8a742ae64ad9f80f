/* The docking kernel: energy, gradient and local minimisation of many independent chains, one per SIMD lane.
 *
 * Plain C structures of arrays, float32. docking_kernel.inc is the one source; it is compiled once per
 * instruction set (docking_kernel_baseline.cpp, _avx2.cpp, _avx512.cpp). A lane never looks at another lane and
 * every operation is one IEEE 754 operation per lane, so a chain gives the same bytes at every width.
 * Lengths angstrom, energies kcal/mol, angles radians.
 */
#pragma once

struct KernelWeights {  /* see pair_potential.hpp; weights in kcal/mol */
  float gauss1_weight, gauss1_inverse_width;
  float gauss2_weight, gauss2_offset, gauss2_inverse_width;
  float repulsion_weight;
  float hydrophobic_weight, hydrophobic_bad, hydrophobic_inverse_range;     /* range = bad - good */
  float hydrogen_bond_weight, hydrogen_bond_bad, hydrogen_bond_inverse_range;
};

struct KernelGrid {
  float low[3];            /* first grid point, angstrom */
  float inverse_spacing;
  int points[3];           /* per axis; z runs fastest, then y */
  float wall;              /* kcal/mol per angstrom outside the box */
};

enum { kernel_pair_hydrophobic = 1, kernel_pair_hydrogen_bond = 2 };

/* One ligand (and flexible side chains) in one receptor: shared by all lanes. */
struct KernelModel {
  int atom_count, node_count, torsion_count, pair_count;
  const int* node_parent;    /* -1: free rigid body; -2: fixed in space; else a node before this one */
  const int* node_begin;     /* first atom of each node; node_count + 1 entries */
  const int* node_torsion;   /* which torsion turns it; -1 for roots */
  const float* const* maps;  /* one affinity map per atom; null: it feels no receptor */
  const int* pair_first;     /* intramolecular (and ligand - side chain) pairs */
  const int* pair_second;
  const float* pair_radius;  /* R1 + R2 */
  const unsigned char* pair_flags;
  struct KernelWeights weights;
  struct KernelGrid grid;
};

/* The state of `width` chains. Every pointer is an array of rows of `width` floats (or ints), 64-byte aligned.
 * A conformation is 3 coordinates of the root, a unit quaternion (w x y z) and the torsions: 7 + T rows.
 * A gradient is force on the root, torque about it, torsions: 6 + T rows. */
struct KernelChains {
  int width;
  float* local;              /* 3 rows per atom: position in its node's frame */
  float* origin;             /* 3 rows per node: origin in the parent's frame (absolute for roots) */
  float* axis;               /* 3 rows per node: unit rotation axis in the parent's frame */
  float* trial;              /* conformation under evaluation */
  float* accepted;           /* conformation of the minimiser */
  float* gradient;           /* at `accepted` */
  float* trial_gradient;
  float* direction;
  float* change;             /* y and H y, 2 x (6 + T) rows */
  float* inverse_hessian;    /* upper triangle by rows, (6+T)(7+T)/2 rows */
  float* coordinates;        /* 3 rows per atom */
  float* force;              /* 3 rows per atom */
  float* frame;              /* per node 12 rows: origin, rotation matrix; then 6: force, torque */
  float* energy;             /* 1 row: at `accepted` */
  float* trial_energy;
  float* step;               /* alpha of the line search */
  float* slope;              /* direction . gradient */
  float* cap;                /* soft cap v on positive energies */
  int* phase;                /* kernel_phase */
  int* halvings;             /* line-search trials so far */
  int* iterations;           /* BFGS iterations left */
  int* fresh;                /* 1 until the first BFGS update */
  int evaluations;           /* energy evaluations left; every pass costs each lane one */
  float enough;              /* a minimisation ends when a step gains less than this, kcal/mol */
};

enum kernel_phase { kernel_start = 0, kernel_search = 1, kernel_done = 2 };

enum { kernel_most_columns = 32 };

/* Energies at z = low_z + k * spacing, k < count, in the field of receptor atoms that are near the column. Types of
 * one radius stand together, because all but hydrophobic contacts and hydrogen bonds are the same for them. */
struct KernelColumns {
  int atom_count;
  const float* xy2;   /* squared distance from the column in the xy plane, angstrom^2 */
  const float* z;
  const float* chord; /* half chord of the 8 angstrom sphere along the column */
  int group_count;            /* radii */
  const int* group_end;       /* [group]: one behind its last type */
  const float* reach;         /* [atom][group]: sum of the radii, angstrom */
  int type_count;             /* at most kernel_most_columns */
  const unsigned char* flags; /* [atom][type]: as for pairs */
  float low_z, spacing;
  int count;
  float* const* energies; /* [type][count] */
};

struct DockingKernel {
  int width;
  const char* name;
  /* Energy of `trial` of all lanes into trial_energy, gradient into trial_gradient. */
  void (*evaluate)(const struct KernelModel*, struct KernelChains*);
  /* Runs until a lane's minimisation is done (phase kernel_done) or the evaluations are spent; call again to
   * go on. A lane that is to begin a new minimisation at `trial` has phase kernel_start and its `iterations`. */
  void (*minimise)(const struct KernelModel*, struct KernelChains*);
  /* One column of the affinity maps of several atom types. */
  void (*map_columns)(const struct KernelWeights*, const struct KernelColumns*);
};
