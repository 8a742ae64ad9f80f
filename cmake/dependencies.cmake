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
pkg_check_modules(OPENBABEL REQUIRED IMPORTED_TARGET openbabel-3)

# Debian's RDKit has no CMake package: find its headers and libraries by name.
find_path(RDKIT_INCLUDE_DIR GraphMol/RDKitBase.h PATH_SUFFIXES rdkit REQUIRED)
add_library(rdkit INTERFACE IMPORTED)
target_include_directories(rdkit SYSTEM INTERFACE ${RDKIT_INCLUDE_DIR})
# Some RDKit classes have members that depend on how RDKit was built, and not all headers include its answer.
target_compile_options(rdkit INTERFACE "SHELL:-include ${RDKIT_INCLUDE_DIR}/RDGeneral/RDConfig.h")
foreach(part FilterCatalog Catalogs MolStandardize MolDraw2D Depictor DistGeomHelpers ForceFieldHelpers ForceField
             Fingerprints Descriptors MolAlign MolTransforms PartialCharges FileParsers SmilesParse SubstructMatch
             ChemReactions ChemTransforms Subgraphs CIPLabeler SimDivPickers GraphMol DataStructs RDGeometryLib RDGeneral)
  find_library(RDKIT_${part}_LIBRARY RDKit${part} REQUIRED)
  target_link_libraries(rdkit INTERFACE ${RDKIT_${part}_LIBRARY})
endforeach()

if(THERIAC_NETWORKS)
  # LibTorch: Debian's 1.13, or a newer build named by CMAKE_PREFIX_PATH. Debian's CMake package asks for protobuf and CUDA
  # files that only a build of LibTorch itself needs: headers and libraries are enough.
  find_path(TORCH_INCLUDE_DIR torch/script.h PATH_SUFFIXES torch REQUIRED)
  find_path(TORCH_API_INCLUDE_DIR torch/torch.h PATH_SUFFIXES torch/csrc/api/include REQUIRED)
  find_library(TORCH_LIBRARY torch REQUIRED)
  find_library(TORCH_CPU_LIBRARY torch_cpu REQUIRED)
  find_library(C10_LIBRARY c10 REQUIRED)
  add_library(theriac_torch INTERFACE)
  target_include_directories(theriac_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIR} ${TORCH_API_INCLUDE_DIR})
  target_link_libraries(theriac_torch INTERFACE ${TORCH_LIBRARY} ${TORCH_CPU_LIBRARY} ${C10_LIBRARY})
endif()
