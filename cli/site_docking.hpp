// Docking made ready for a site: engine, judges and, with --waters toggle, the site without its waters too.
#pragma once
#include <memory>

#include "cli/dock_options.hpp"
#include "scoring/docking.hpp"
#include "scoring/ligand_docking.hpp"

namespace theriac::cli {

class SiteDocking {
 public:
  /// `ligand`: as ligand_options() gives it. The site outlives this object. Throws as DockingEngine and the
  /// judges do.
  SiteDocking(const DockOptions& options, const DockingSite& site, const scoring::DockingOptions& docking,
              scoring::LigandDockingOptions ligand);

  const scoring::DockingEngine& engine() const { return engine_; }
  const scoring::LigandDocking& docking() const { return *docking_; }

 private:
  scoring::DockingEngine engine_;
  std::unique_ptr<scoring::LigandDocking> docking_;
  std::unique_ptr<scoring::DockingEngine> dry_engine_;  ///< null unless waters are toggled
  std::unique_ptr<scoring::LigandDocking> dry_;
};

}  // namespace theriac::cli
