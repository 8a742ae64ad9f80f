# theriac_room(NAME SOURCES... ): one static library per room, alias theriac::NAME, warnings on.
add_library(theriac_warnings INTERFACE)
target_compile_options(theriac_warnings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wpedantic
  $<$<BOOL:${THERIAC_WERROR}>:-Werror>
  # no fused multiply-add behind our back: the same bytes at every SIMD level
  -ffp-contract=off)
if(THERIAC_SANITIZE)
  target_compile_options(theriac_warnings INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer)
  target_link_options(theriac_warnings INTERFACE -fsanitize=address,undefined)
endif()

function(theriac_room name)
  add_library(theriac_${name} STATIC ${ARGN})
  add_library(theriac::${name} ALIAS theriac_${name})
  set_target_properties(theriac_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(theriac_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/theriac>)
  target_link_libraries(theriac_${name} PRIVATE $<BUILD_INTERFACE:theriac_warnings>)
  install(TARGETS theriac_${name} EXPORT TheriacTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/theriac/${name}
          FILES_MATCHING PATTERN "*.hpp")
endfunction()
