# SPDX-License-Identifier: MPL-2.0
# Foreign libraries as targets deps::*, found as Debian's packages.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

pkg_check_modules(openssl REQUIRED IMPORTED_TARGET openssl)
pkg_check_modules(curl REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(grpc REQUIRED IMPORTED_TARGET grpc++ protobuf)
find_library(LDNS_LIBRARY ldns REQUIRED)
find_path(MSGPACK_INCLUDE msgpack.hpp REQUIRED)

function(certwright_dependency name)
  add_library(deps_${name} INTERFACE)
  target_link_libraries(deps_${name} INTERFACE ${ARGN})
  add_library(deps::${name} ALIAS deps_${name})
endfunction()

certwright_dependency(openssl PkgConfig::openssl)
certwright_dependency(curl PkgConfig::curl)
certwright_dependency(ldns ${LDNS_LIBRARY} PkgConfig::openssl)
certwright_dependency(grpc PkgConfig::grpc Threads::Threads)
certwright_dependency(msgpack)
target_compile_definitions(deps_msgpack INTERFACE MSGPACK_NO_BOOST)
target_include_directories(deps_msgpack SYSTEM INTERFACE ${MSGPACK_INCLUDE})
