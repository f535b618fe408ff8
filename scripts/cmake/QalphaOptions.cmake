# `qalpha_options`: language options, warnings, hardening and sanitizers of our
# own targets. It is linked PRIVATE, so nothing imported ever sees it.

option(QALPHA_SANITIZE "Build with the address and undefined sanitizers" OFF)

# -O2 everywhere; models adds -O3 for its numeric loops. Debug information is
# light: line tables make a stack trace readable and links short.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
if(QALPHA_SANITIZE)
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
else()
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")
endif()

add_library(qalpha_options INTERFACE)
target_compile_features(qalpha_options INTERFACE cxx_std_20)
target_compile_options(qalpha_options INTERFACE -Wall -Wextra -Werror)
# A designated initialiser names what differs from the defaults; -Wextra would
# have it name every member.
target_compile_options(qalpha_options INTERFACE -Wno-missing-field-initializers)

# One result on every machine: without this a compiler may fuse a*b+c where the
# processor can, and the hash of a trace would depend on the processor.
target_compile_options(qalpha_options INTERFACE -ffp-contract=off)

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # RapidJSON 1.1 compares iterators in a way that C++20 reads twice.
  target_compile_options(qalpha_options
                         INTERFACE -Wno-ambiguous-reversed-operator)
  # ccache compares the contents of a precompiled header; its date says nothing.
  target_compile_options(qalpha_options
                         INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # ccache needs it to look through a precompiled header.
  target_compile_options(qalpha_options INTERFACE -fpch-preprocess)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 reports overlapping copies in plain `"text" + std::string` (GCC bug
    # 105651); it is gone in GCC 13.
    # Its relatives (105329) see short strings overrun their buffer, and 80635
    # reads the value of an empty `std::optional` where nobody does.
    target_compile_options(
      qalpha_options INTERFACE -Wno-restrict -Wno-array-bounds
                               -Wno-stringop-overflow -Wno-stringop-overread
                               -Wno-maybe-uninitialized)
  endif()
endif()

# For the few sources whose speed is figures a second: Clang inlines less than GCC
# and loses a third of the fused engine by it.
set(QALPHA_INLINE_MORE "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  set(QALPHA_INLINE_MORE -mllvm -inline-threshold=1000)
endif()

# Hardening. Position-independent code is asked for here and not through CMake's
# property: libraries, programs and precompiled headers must agree on -fPIE.
target_compile_options(
  qalpha_options INTERFACE -fPIE -fstack-protector-strong
                           -fstack-clash-protection)
target_compile_definitions(qalpha_options INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(qalpha_options INTERFACE -pie -Wl,-z,relro -Wl,-z,now
                    -Wl,-z,noexecstack)
include(CheckCXXCompilerFlag)
check_cxx_compiler_flag(-fcf-protection QALPHA_HAS_CF_PROTECTION) # x86 only
if(QALPHA_HAS_CF_PROTECTION)
  target_compile_options(qalpha_options INTERFACE -fcf-protection)
endif()

if(QALPHA_SANITIZE)
  # CAF 0.17.6 binds null references in init_fun_factory.hpp, harmlessly, and
  # its queues downcast to a type that the header-only part cannot prove.
  # RapidJSON's empty stack adds to a null pointer before it allocates. These
  # parts of UBSan have to stay off.
  set(_sanitizers -fsanitize=address,undefined
                  -fno-sanitize=null,vptr,pointer-overflow
                  -fno-sanitize-recover=all)
  target_compile_options(qalpha_options INTERFACE ${_sanitizers}
                                                  -fno-omit-frame-pointer)
  target_link_options(qalpha_options INTERFACE ${_sanitizers})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented code confuses these flow analyses of GCC; the uninstrumented
    # builds keep them as errors.
    target_compile_options(
      qalpha_options INTERFACE -Wno-maybe-uninitialized -Wno-array-bounds
                               -Wno-stringop-overflow)
  endif()
else()
  # Fortified library calls need the optimiser, and they would hide from ASan
  # what it is there to report.
  target_compile_options(
    qalpha_options
    INTERFACE $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>
              $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
endif()
