# The package: find_package(Theriac) gives theriac::chem, theriac::datasets and the other rooms.
# Static libraries need what they were built on, so the package looks for the same dependencies again.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Theriac)

install(EXPORT TheriacTargets NAMESPACE theriac:: DESTINATION ${package_dir})
configure_package_config_file(cmake/TheriacConfig.cmake.in TheriacConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(TheriacConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/TheriacConfig.cmake ${PROJECT_BINARY_DIR}/TheriacConfigVersion.cmake
              cmake/dependencies.cmake DESTINATION ${package_dir})
install(FILES LICENSE CITATION.cff CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
