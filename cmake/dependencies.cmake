# Every library comes from Debian 12; scripts/debian_packages names the packages.
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(TBB REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(HDF5 REQUIRED COMPONENTS C)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(PkgConfig REQUIRED)
# Optional: docking on OpenCL devices. The C++ binding is one header.
option(THERIAC_OPENCL "docking on OpenCL devices, when OpenCL is installed" ON)
if(THERIAC_OPENCL)
  find_package(OpenCL)
  find_path(OPENCL_CPP_INCLUDE_DIR CL/opencl.hpp)
  if(NOT OPENCL_CPP_INCLUDE_DIR)
    set(OpenCL_FOUND FALSE)
  endif()
endif()
if(NOT OpenCL_FOUND)
  message(STATUS "OpenCL: not used; theriac dock has only --device cpu (packages: ocl-icd-opencl-dev opencl-clhpp-headers)")
endif()
pkg_check_modules(OPENBABEL REQUIRED IMPORTED_TARGET openbabel-3)

# Debian's RDKit has no CMake package: find its headers and libraries by name.
find_path(RDKIT_INCLUDE_DIR GraphMol/RDKitBase.h PATH_SUFFIXES rdkit REQUIRED)
add_library(rdkit INTERFACE IMPORTED)
target_include_directories(rdkit SYSTEM INTERFACE ${RDKIT_INCLUDE_DIR})
# Some RDKit classes have members that depend on how RDKit was built, and not all headers include its answer.
target_compile_options(rdkit INTERFACE "SHELL:-include ${RDKIT_INCLUDE_DIR}/RDGeneral/RDConfig.h")
foreach(part MolHash FilterCatalog Catalogs MolStandardize MolDraw2D Depictor DistGeomHelpers ForceFieldHelpers ForceField
             Fingerprints Descriptors MolAlign MolTransforms PartialCharges FileParsers SmilesParse SubstructMatch
             ChemReactions ChemTransforms Subgraphs CIPLabeler SimDivPickers GraphMol DataStructs RDGeometryLib RDGeneral)
  find_library(RDKIT_${part}_LIBRARY RDKit${part} REQUIRED)
  target_link_libraries(rdkit INTERFACE ${RDKIT_${part}_LIBRARY})
endforeach()
