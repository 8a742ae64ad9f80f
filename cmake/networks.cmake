# The library of networks: everything that needs LibTorch, in one file that the program opens when the first network is
# needed (datasets/network_library.hpp). Linked in, LibTorch's 300 shared libraries would add 0.65 s to every start.
# A room adds its part with target_sources(theriac_networks PRIVATE ...); generative/network_exports.cpp hands it out.

# LibTorch: Debian's 1.13, or a newer build named by CMAKE_PREFIX_PATH. Debian's CMake package asks for protobuf and CUDA
# files that only a build of LibTorch itself needs: headers and libraries are enough.
find_path(TORCH_INCLUDE_DIR torch/script.h PATH_SUFFIXES torch REQUIRED)
find_path(TORCH_API_INCLUDE_DIR torch/torch.h PATH_SUFFIXES torch/csrc/api/include REQUIRED)
find_library(TORCH_LIBRARY torch REQUIRED)
find_library(TORCH_CPU_LIBRARY torch_cpu REQUIRED)
find_library(C10_LIBRARY c10 REQUIRED)

# Objects cross between program and library, so both must have seen the same headers.
file(GLOB crossing CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/chem/*.hpp ${PROJECT_SOURCE_DIR}/datasets/*.hpp
                                     ${PROJECT_SOURCE_DIR}/scoring/*.hpp ${PROJECT_SOURCE_DIR}/generative/*.hpp)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${crossing})
set(digests "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}")
foreach(header ${crossing})
  file(SHA256 ${header} digest)
  string(APPEND digests " ${digest}")
endforeach()
string(SHA256 digests "${digests}")
string(SUBSTRING ${digests} 0 12 digests)
set(THERIAC_NETWORKS_INTERFACE THERIAC_NETWORKS_INTERFACE="${PROJECT_VERSION}-${digests}")  # for the two files that compare

# Newer versions of LibTorch need C++20, and their headers say so.
file(STRINGS ${TORCH_INCLUDE_DIR}/ATen/ATen.h torch_wants_cxx20 REGEX "C\\+\\+20")

add_library(theriac_networks MODULE)
if(torch_wants_cxx20)
  set_target_properties(theriac_networks PROPERTIES CXX_STANDARD 20)
endif()
# PyPI's LibTorch brings headers of fmt, newer than the system's library, so nothing of that one may be called.
if(EXISTS ${TORCH_INCLUDE_DIR}/fmt/format-inl.h AND NOT TORCH_INCLUDE_DIR STREQUAL /usr/include)
  target_compile_definitions(theriac_networks PRIVATE FMT_HEADER_ONLY)
  target_compile_options(theriac_networks PRIVATE -UFMT_SHARED)
endif()
target_include_directories(theriac_networks PRIVATE ${PROJECT_SOURCE_DIR})
target_include_directories(theriac_networks SYSTEM PRIVATE ${TORCH_INCLUDE_DIR} ${TORCH_API_INCLUDE_DIR})
# Its copies of the rooms stay its own: nothing of them is seen from outside.
target_link_options(theriac_networks PRIVATE -Wl,--exclude-libs,ALL -Wl,--as-needed)
# Nothing here calls libtorch itself, but in a CUDA build it is what brings in the kernels of the GPU.
target_link_libraries(theriac_networks PRIVATE theriac_warnings
  -Wl,--push-state,--no-as-needed ${TORCH_LIBRARY} -Wl,--pop-state ${TORCH_CPU_LIBRARY} ${C10_LIBRARY})
set_target_properties(theriac_networks PROPERTIES
  CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON INSTALL_RPATH_USE_LINK_PATH ON
  LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/theriac)
install(TARGETS theriac_networks LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/theriac)
