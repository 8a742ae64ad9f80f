/* The docking kernel: energy, gradient and local minimisation of many independent chains, one per lane.
 *
 * Plain C structures of arrays, float32. docking_kernel.inc is the one source; it is compiled once per instruction set
 * of the processor (docking_kernel_baseline.cpp, _avx2.cpp, _avx512.cpp; docking_kernel_scalar.cpp without vectors) and,
 * at run time, by the OpenCL device. A lane never looks at another lane and every operation is one IEEE 754 operation
 * per lane, so a chain gives the same bytes at every width.
 * Lengths angstrom, energies kcal/mol, angles radians.
 */
#pragma once

/* KERNEL_DEVICE: this is the program of an accelerator. KERNEL_GLOBAL: its large memory. */
#if defined(__OPENCL_VERSION__)
#define KERNEL_DEVICE 1
#define KERNEL_GLOBAL __global
#define KERNEL_FUNCTION static
#elif defined(__CUDACC__)
#define KERNEL_DEVICE 1
#define KERNEL_GLOBAL
#define KERNEL_FUNCTION static __device__
#else
#define KERNEL_GLOBAL
#define KERNEL_FUNCTION static inline
#endif

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
  KERNEL_GLOBAL const int* node_parent;    /* -1: free rigid body; -2: fixed in space; else a node before this one */
  KERNEL_GLOBAL const int* node_begin;     /* first atom of each node; node_count + 1 entries */
  KERNEL_GLOBAL const int* node_torsion;   /* which torsion turns it; -1 for roots */
#if defined(KERNEL_DEVICE)
  KERNEL_GLOBAL const float* maps;   /* all affinity maps, one after the other */
  KERNEL_GLOBAL const int* atom_map; /* which of them an atom feels; -1: none */
  long map_size;
#else
  const float* const* maps;  /* one affinity map per atom; null: it feels no receptor */
#endif
  KERNEL_GLOBAL const int* pair_first;     /* intramolecular (and ligand - side chain) pairs */
  KERNEL_GLOBAL const int* pair_second;
  KERNEL_GLOBAL const float* pair_radius;  /* R1 + R2 */
  KERNEL_GLOBAL const unsigned char* pair_flags;
  struct KernelWeights weights;
  struct KernelGrid grid;
};

/* The state of `width` chains. Every pointer is an array of rows of `width` floats (or ints), 64-byte aligned.
 * A conformation is 3 coordinates of the root, a unit quaternion (w x y z) and the torsions: 7 + T rows.
 * A gradient is force on the root, torque about it, torsions: 6 + T rows. */
struct KernelChains {
  int width;
  KERNEL_GLOBAL float* in_node;            /* 3 rows per atom: position in its node's frame */
  KERNEL_GLOBAL float* origin;             /* 3 rows per node: origin in the parent's frame (absolute for roots) */
  KERNEL_GLOBAL float* axis;               /* 3 rows per node: unit rotation axis in the parent's frame */
  KERNEL_GLOBAL float* trial;              /* conformation under evaluation */
  KERNEL_GLOBAL float* accepted;           /* conformation of the minimiser */
  KERNEL_GLOBAL float* gradient;           /* at `accepted` */
  KERNEL_GLOBAL float* trial_gradient;
  KERNEL_GLOBAL float* direction;
  KERNEL_GLOBAL float* change;             /* y and H y, 2 x (6 + T) rows */
  KERNEL_GLOBAL float* inverse_hessian;    /* upper triangle by rows, (6+T)(7+T)/2 rows */
  KERNEL_GLOBAL float* coordinates;        /* 3 rows per atom */
  KERNEL_GLOBAL float* force;              /* 3 rows per atom */
  KERNEL_GLOBAL float* frame;              /* per node 12 rows: origin, rotation matrix; then 6: force, torque */
  KERNEL_GLOBAL float* energy;             /* 1 row: at `accepted` */
  KERNEL_GLOBAL float* trial_energy;
  KERNEL_GLOBAL float* step;               /* alpha of the line search */
  KERNEL_GLOBAL float* slope;              /* direction . gradient */
  KERNEL_GLOBAL float* cap;                /* soft cap v on positive energies */
  KERNEL_GLOBAL int* phase;                /* kernel_phase */
  KERNEL_GLOBAL int* halvings;             /* line-search trials so far */
  KERNEL_GLOBAL int* iterations;           /* BFGS iterations left */
  KERNEL_GLOBAL int* fresh;                /* 1 until the first BFGS update */
  int evaluations;           /* energy evaluations left; every pass costs each lane one */
  float enough;              /* a minimisation ends when a step gains less than this, kcal/mol */
};

typedef struct KernelWeights KernelWeights;
typedef struct KernelGrid KernelGrid;
typedef struct KernelModel KernelModel;
typedef struct KernelChains KernelChains;

enum kernel_phase { kernel_start = 0, kernel_search = 1, kernel_done = 2 };

#if !defined(KERNEL_DEVICE)
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
#endif
