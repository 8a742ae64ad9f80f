-- Lmod module of Theriac. Install with: cmake --install build/release --prefix /opt/theriac/0.1.0
-- and copy this file to a folder of MODULEPATH as theriac/0.1.0.lua: its name is the version.
help([[Theriac: docking, property prediction, molecule design and repurposing.
theriac --help lists the commands, theriac doctor says what this machine offers.]])
whatis("Name: Theriac")
whatis("Version: " .. myModuleVersion())
whatis("Category: chemistry, docking, drug design")
conflict("theriac")
local prefix = pathJoin("/opt/theriac", myModuleVersion())
prepend_path("PATH", pathJoin(prefix, "bin"))
-- read by scripts/slurm/array.sbatch, which copies it to the node's own disk
setenv("THERIAC_DATA", pathJoin(prefix, "share/theriac"))
