# What the four floors share: how a floor becomes a library, and the precompiled
# headers that keep a rebuild short.

# Standard headers that nearly every source includes anyway.
set(QALPHA_STD_HEADERS
    <algorithm> <array> <chrono> <cmath> <cstdint> <functional> <limits> <map>
    <memory> <optional> <span> <string> <string_view> <tuple> <unordered_map>
    <utility> <variant> <vector>)

# Compiles caf/all.hpp once for all targets above models. They take it with
# REUSE_FROM, which is why they all use the same `qalpha_options`.
function(qalpha_add_caf_pch)
  add_library(qalpha_caf_pch OBJECT
              "${PROJECT_SOURCE_DIR}/scripts/cmake/caf_pch.cpp")
  target_link_libraries(qalpha_caf_pch PRIVATE CAF::core qalpha_options)
  target_precompile_headers(qalpha_caf_pch PRIVATE ${QALPHA_STD_HEADERS}
                            <caf/all.hpp>)
endfunction()

# The same for LibTorch, whose headers take twenty seconds: `qalpha_torch` to link
# and a precompiled header, to be called once after find_package(Torch).
function(qalpha_add_torch_pch)
  add_library(qalpha_torch INTERFACE)
  target_include_directories(qalpha_torch SYSTEM
                             INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(qalpha_torch INTERFACE ${TORCH_LIBRARIES})
  add_library(qalpha_torch_pch OBJECT
              "${PROJECT_SOURCE_DIR}/scripts/cmake/torch_pch.cpp")
  target_include_directories(qalpha_torch_pch PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(qalpha_torch_pch PRIVATE qalpha_torch qalpha_options)
  target_precompile_headers(
    qalpha_torch_pch PRIVATE
    "${PROJECT_SOURCE_DIR}/models/neural/torch.hpp" ${QALPHA_STD_HEADERS})
endfunction()

# qalpha_add_floor(<target> SOURCES <cpp>... LINK <target>... [PCH std|caf])
#
# Adds the library of one floor: static, or INTERFACE as long as the floor has
# headers only. Headers are included from the root of the repository.
function(qalpha_add_floor target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PCH" "SOURCES;LINK")
  if(NOT arg_SOURCES)
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(${target} INTERFACE ${arg_LINK})
    return()
  endif()
  add_library(${target} STATIC ${arg_SOURCES})
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PUBLIC ${arg_LINK} PRIVATE qalpha_options)
  if(arg_PCH STREQUAL "std")
    target_precompile_headers(${target} PRIVATE ${QALPHA_STD_HEADERS})
  elseif(arg_PCH STREQUAL "caf")
    target_precompile_headers(${target} REUSE_FROM qalpha_caf_pch)
  endif()
endfunction()
