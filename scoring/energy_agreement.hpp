// How far the energies of an OpenCL device are from the processor's, for one ligand in random poses.
#pragma once
#include "chem/box.hpp"
#include "chem/flexible_ligand.hpp"
#include "chem/receptor.hpp"
#include "scoring/opencl_device.hpp"

namespace theriac::scoring {

/// What docs/gpu.md states for devices that round otherwise than the processor: of an energy, beside 1
/// kcal/mol or the energy itself, and of a gradient, beside its length or 1 kcal/mol and angstrom or radian.
constexpr double stated_energy_deviation = 1e-4, stated_gradient_deviation = 1e-4;

struct EnergyAgreement {
  int poses = 0;
  double energy = 0, gradient = 0;  ///< the greatest deviations, measured like those above
  bool same_bytes = true;

  bool within_tolerance() const {
    return energy <= stated_energy_deviation && gradient <= stated_gradient_deviation;
  }
};

/// 32 random poses in the box, each with the low and with the final cap of energies (docking_chain.h).
/// `width` as for OpenClSearch. Throws DeviceError when the device fails, and MoleculeError as PoseModel.
EnergyAgreement energy_agreement(const OpenClDevice& device, const chem::Receptor& receptor,
                                 const chem::Box& box, const chem::FlexibleLigand& ligand, int width = 0);

}  // namespace theriac::scoring
