#include "cli/site_docking.hpp"

namespace theriac::cli {

SiteDocking::SiteDocking(const DockOptions& options, const DockingSite& site,
                         const scoring::DockingOptions& docking, scoring::LigandDockingOptions ligand)
    : engine_(site.receptor, site.box, docking) {
  ligand.waters = site.waters;
  ligand.waters_kept = true;
  docking_ = std::make_unique<scoring::LigandDocking>(engine_, ligand);
  if (!site.without_waters) return;
  ligand.waters_kept = false;
  ligand.cnn = cnn_judge(options.judges, *site.without_waters);
  ligand.learned = learned_judge(options.judges, *site.without_waters);
  dry_engine_ = std::make_unique<scoring::DockingEngine>(*site.without_waters, site.box, docking);
  dry_ = std::make_unique<scoring::LigandDocking>(*dry_engine_, ligand);
  docking_->toggle_with(*dry_);
}

}  // namespace theriac::cli
