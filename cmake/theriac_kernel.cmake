# One kernel source, one file per instruction set: STEM_baseline.cpp, and on x86 STEM_avx2.cpp and STEM_avx512.cpp; the program
# chooses at run time. The kernel files include no inline library code, so that nothing compiled for a newer processor can reach
# an older one through the linker.
#
#   theriac_kernel(TARGET STEM [EXACT] [ALSO FILE...] [OPTIONS FLAG...])
#
# EXACT: multiplication and addition are not fused, and every file gives the same bits. ALSO: further files of the same flags.
function(theriac_kernel target stem)
  cmake_parse_arguments(kernel "EXACT" "" "ALSO;OPTIONS" ${ARGN})
  set(files ${stem}_baseline.cpp ${kernel_ALSO})
  if(NOT kernel_EXACT)
    set(fused -mfma)
    list(PREPEND kernel_OPTIONS -ffp-contract=fast)
  endif()
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    list(APPEND files ${stem}_avx2.cpp ${stem}_avx512.cpp)
    target_sources(${target} PRIVATE ${stem}_avx2.cpp ${stem}_avx512.cpp)
    set_source_files_properties(${stem}_avx2.cpp PROPERTIES COMPILE_OPTIONS "-mavx2;${fused}")
    set_source_files_properties(${stem}_avx512.cpp PROPERTIES COMPILE_OPTIONS
      "-mavx512f;-mavx512dq;-mavx512vl;-mavx512bw;${fused};-mprefer-vector-width=512")
  endif()
  # psabi: internal calls pass wide vectors. maybe-uninitialized: GCC 12's own AVX-512 headers trip over it.
  set_property(SOURCE ${files} APPEND PROPERTY COMPILE_OPTIONS -O3 ${kernel_OPTIONS} -Wno-psabi -Wno-maybe-uninitialized)
endfunction()
