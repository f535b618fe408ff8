# Finds the C++ Actor Framework 0.17.x, for which Debian ships no CMake files.
#
#   find_package(CAF 0.17.6 EXACT REQUIRED COMPONENTS core io openssl test)
#
# Each component gives an imported target: CAF::core, CAF::io, CAF::openssl and
# the header-only CAF::test. Sets CAF_FOUND and CAF_VERSION. Imported targets
# are system targets, so CAF's headers raise no warnings in our sources.
include(FindPackageHandleStandardArgs)

find_path(CAF_INCLUDE_DIR NAMES caf/config.hpp)
mark_as_advanced(CAF_INCLUDE_DIR)

# config.hpp holds the version as one number: 1706 means 0.17.6.
if(CAF_INCLUDE_DIR)
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" _caf_line
       REGEX "^#define CAF_VERSION [0-9]+")
  if(_caf_line MATCHES "([0-9]+)$")
    math(EXPR _caf_major "${CMAKE_MATCH_1} / 10000")
    math(EXPR _caf_minor "${CMAKE_MATCH_1} / 100 % 100")
    math(EXPR _caf_patch "${CMAKE_MATCH_1} % 100")
    set(CAF_VERSION "${_caf_major}.${_caf_minor}.${_caf_patch}")
  endif()
endif()

if(NOT CAF_FIND_COMPONENTS)
  set(CAF_FIND_COMPONENTS core)
endif()

set(_caf_header_core caf/all.hpp)
set(_caf_header_io caf/io/all.hpp)
set(_caf_header_openssl caf/openssl/all.hpp)
set(_caf_header_test caf/test/dsl.hpp)

foreach(_caf_part IN LISTS CAF_FIND_COMPONENTS)
  set(CAF_${_caf_part}_FOUND FALSE)
  if(NOT CAF_INCLUDE_DIR
     OR NOT EXISTS "${CAF_INCLUDE_DIR}/${_caf_header_${_caf_part}}")
    continue()
  endif()
  if(_caf_part STREQUAL "test")
    set(CAF_test_FOUND TRUE)
    continue()
  endif()
  find_library(CAF_${_caf_part}_LIBRARY NAMES caf_${_caf_part})
  mark_as_advanced(CAF_${_caf_part}_LIBRARY)
  if(CAF_${_caf_part}_LIBRARY)
    set(CAF_${_caf_part}_FOUND TRUE)
  endif()
endforeach()

find_package_handle_standard_args(
  CAF
  REQUIRED_VARS CAF_INCLUDE_DIR
  VERSION_VAR CAF_VERSION
  HANDLE_COMPONENTS)

if(CAF_FOUND)
  find_package(Threads REQUIRED)
  foreach(_caf_part IN ITEMS core io openssl)
    if(CAF_${_caf_part}_FOUND AND NOT TARGET CAF::${_caf_part})
      add_library(CAF::${_caf_part} UNKNOWN IMPORTED)
      set_target_properties(
        CAF::${_caf_part}
        PROPERTIES IMPORTED_LOCATION "${CAF_${_caf_part}_LIBRARY}"
                   INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
    endif()
  endforeach()
  if(TARGET CAF::core)
    # The definition makes a message without a type ID a compile-time error; it
    # is a check in the headers alone, so the library need not know it.
    set_target_properties(
      CAF::core
      PROPERTIES INTERFACE_COMPILE_DEFINITIONS CAF_ENABLE_TYPE_ID_CHECKS
                 INTERFACE_LINK_LIBRARIES Threads::Threads)
    # Our repairs of CAF's headers are found before the headers themselves.
    set_property(TARGET CAF::core
                 PROPERTY INTERFACE_INCLUDE_DIRECTORIES
                          "${CMAKE_CURRENT_LIST_DIR}/caf_fixes"
                          "${CAF_INCLUDE_DIR}")
  endif()
  if(TARGET CAF::io)
    set_property(TARGET CAF::io PROPERTY INTERFACE_LINK_LIBRARIES CAF::core)
  endif()
  if(TARGET CAF::openssl)
    find_package(OpenSSL REQUIRED)
    set_property(TARGET CAF::openssl PROPERTY INTERFACE_LINK_LIBRARIES CAF::io
                                              OpenSSL::SSL OpenSSL::Crypto)
  endif()
  if(CAF_test_FOUND AND NOT TARGET CAF::test)
    add_library(CAF::test INTERFACE IMPORTED)
    set_property(TARGET CAF::test PROPERTY INTERFACE_LINK_LIBRARIES CAF::core)
  endif()
endif()
