# qalpha_add_protobuf(<target> <proto>)
#
# Adds a static library of the messages of one .proto file, whose header is
# included like every other: by the path of the .proto from the root of the
# repository. Our warnings and our tidy checks are not for generated code.
function(qalpha_add_protobuf target proto)
  cmake_path(RELATIVE_PATH proto BASE_DIRECTORY "${PROJECT_SOURCE_DIR}"
             OUTPUT_VARIABLE name)
  cmake_path(REPLACE_EXTENSION name LAST_ONLY OUTPUT_VARIABLE name)
  set(out "${PROJECT_BINARY_DIR}/generated")
  file(MAKE_DIRECTORY "${out}")
  add_custom_command(
    OUTPUT "${out}/${name}.pb.cc" "${out}/${name}.pb.h"
    COMMAND protobuf::protoc "--proto_path=${PROJECT_SOURCE_DIR}"
            "--cpp_out=${out}" "${proto}"
    DEPENDS "${proto}" protobuf::protoc
    VERBATIM)
  add_library(${target} STATIC "${out}/${name}.pb.cc")
  target_include_directories(${target} SYSTEM PUBLIC "${out}")
  target_compile_options(${target} PRIVATE -w)
  target_link_libraries(${target} PUBLIC protobuf::libprotobuf)
endfunction()
