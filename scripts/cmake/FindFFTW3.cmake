# FFTW's own package file for CMake names no library. Defines FFTW3::FFTW3:
# doubles, and plans that threads may make at once.
find_path(FFTW3_INCLUDE_DIR NAMES fftw3.h)
find_library(FFTW3_LIBRARY NAMES fftw3)
find_library(FFTW3_THREADS_LIBRARY NAMES fftw3_threads)
mark_as_advanced(FFTW3_INCLUDE_DIR FFTW3_LIBRARY FFTW3_THREADS_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  FFTW3 REQUIRED_VARS FFTW3_LIBRARY FFTW3_THREADS_LIBRARY FFTW3_INCLUDE_DIR)

if(FFTW3_FOUND AND NOT TARGET FFTW3::FFTW3)
  add_library(FFTW3::FFTW3 UNKNOWN IMPORTED)
  set_target_properties(
    FFTW3::FFTW3 PROPERTIES IMPORTED_LOCATION "${FFTW3_THREADS_LIBRARY}"
                            INTERFACE_INCLUDE_DIRECTORIES
                            "${FFTW3_INCLUDE_DIR}"
                            INTERFACE_LINK_LIBRARIES "${FFTW3_LIBRARY}")
endif()
