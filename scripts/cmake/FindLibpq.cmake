# PostgreSQL's client library. CMake's own module wants the headers of the server
# too. Defines Libpq::Libpq.
find_path(LIBPQ_INCLUDE_DIR NAMES libpq-fe.h PATH_SUFFIXES postgresql)
find_library(LIBPQ_LIBRARY NAMES pq)
mark_as_advanced(LIBPQ_INCLUDE_DIR LIBPQ_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libpq REQUIRED_VARS LIBPQ_LIBRARY
                                                      LIBPQ_INCLUDE_DIR)

if(Libpq_FOUND AND NOT TARGET Libpq::Libpq)
  add_library(Libpq::Libpq UNKNOWN IMPORTED)
  set_target_properties(
    Libpq::Libpq PROPERTIES IMPORTED_LOCATION "${LIBPQ_LIBRARY}"
                            INTERFACE_INCLUDE_DIRECTORIES
                            "${LIBPQ_INCLUDE_DIR}")
endif()
