-- Lmod module of Theriac, installed with: cmake --install build/release --prefix /opt/theriac/0.1.0
-- Copy to MODULEPATH/theriac/0.1.0.lua and set the prefix.
help("Theriac: docking, property prediction, molecule design and repurposing")
local prefix = "/opt/theriac/0.1.0"
prepend_path("PATH", pathJoin(prefix, "bin"))
prepend_path("LD_LIBRARY_PATH", pathJoin(prefix, "lib"))
setenv("THERIAC_DATA", pathJoin(prefix, "share/theriac"))
