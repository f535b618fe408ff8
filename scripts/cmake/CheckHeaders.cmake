# Target check_headers: every header of the four floors compiles alone, without
# a precompiled header to lean on. Not a part of `all`; it costs a compilation a
# header.
#
#   cmake --build --preset release --target check_headers

add_custom_target(check_headers)

# LibTorch code is checked by its own library, where LibTorch is installed.
foreach(_floor IN ITEMS models messages actors runtime)
  file(GLOB_RECURSE _headers CONFIGURE_DEPENDS
       RELATIVE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/${_floor}/*.hpp")
  if(NOT TARGET qalpha_neural)
    list(FILTER _headers EXCLUDE REGEX "^models/(neural|training)/")
  endif()
  set(_sources "")
  foreach(_header IN LISTS _headers)
    set(_source "${PROJECT_BINARY_DIR}/check_headers/${_header}.cpp")
    # The second inclusion fails where the include guard is missing.
    file(CONFIGURE OUTPUT "${_source}" CONTENT
         "#include \"${_header}\"\n#include \"${_header}\"\n")
    list(APPEND _sources "${_source}")
  endforeach()
  if(_sources)
    add_library(check_headers_${_floor} OBJECT EXCLUDE_FROM_ALL ${_sources})
    target_link_libraries(check_headers_${_floor} PRIVATE qalpha_${_floor}
                                                          qalpha_options)
    if(_floor STREQUAL "models" AND TARGET qalpha_neural)
      target_link_libraries(check_headers_${_floor} PRIVATE qalpha_neural)
    endif()
    add_dependencies(check_headers check_headers_${_floor})
  endif()
endforeach()
