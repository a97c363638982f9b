# SPDX-License-Identifier: MPL-2.0
# Precompiled headers of the standard library and of GoogleTest: without optimization, parsing them takes half of the compile time.
# A source file still includes what it uses: the release and clang-tidy, which do without them, report a missing include.

# certwright_header_set(<name> HEADERS <header>... [LINKS <target>...]): a set of headers that targets with the same compiler options share.
# The set is a target of its own, so that a target that uses it waits for nothing else.
function(certwright_header_set name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;LINKS")
  file(CONFIGURE OUTPUT ${name}.cc CONTENT "// A target needs a source file; this one is there for its precompiled headers.\n")
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE compiler_options ${arg_LINKS})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()

# Each file pays for the whole set. <filesystem>, <gmock/gmock.h> and <nlohmann/json.hpp>, which fewer files include, cost as much as they
# save: JSON's user-defined literals, for one, are instantiated at the end of every file.
set(standard_headers
  <algorithm> <array> <charconv> <chrono> <condition_variable> <cstdint> <functional> <map> <memory> <mutex> <optional> <set> <span>
  <stop_token> <string> <string_view> <utility> <variant> <vector>)
certwright_header_set(standard_header_set HEADERS ${standard_headers})
