# Faster tools where the machine has them; the build is the same without.

find_program(QALPHA_CCACHE NAMES ccache)
mark_as_advanced(QALPHA_CCACHE)
if(QALPHA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache must overlook to work with precompiled headers, which are newer
  # than the sources that use them. The base directory makes a second clone hit
  # the entries of the first.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" "${QALPHA_CCACHE}")
endif()

include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_LINK_OPTIONS -fuse-ld=lld)
check_cxx_source_compiles("int main() { return 0; }" QALPHA_HAS_LLD)
unset(CMAKE_REQUIRED_LINK_OPTIONS)
if(QALPHA_HAS_LLD)
  add_link_options(-fuse-ld=lld)
endif()
