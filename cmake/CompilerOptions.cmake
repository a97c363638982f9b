# SPDX-License-Identifier: MPL-2.0
# Warnings are errors; hardening in every build; sanitizers on request.
add_library(compiler_options INTERFACE)
target_compile_options(compiler_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  -fstack-protector-strong -fvisibility=hidden)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms in std::variant whenever GCC 12 inlines; the sanitizers find the real ones.
  target_compile_options(compiler_options INTERFACE -Wno-maybe-uninitialized)
endif()
target_include_directories(compiler_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(compiler_options INTERFACE CERTWRIGHT_VERSION="${PROJECT_VERSION}")
target_link_options(compiler_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(compiler_options INTERFACE -ffunction-sections -fdata-sections -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
    -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
endif()
if(CERTWRIGHT_SANITIZE)
  target_compile_options(compiler_options INTERFACE -fsanitize=${CERTWRIGHT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(compiler_options INTERFACE -fsanitize=${CERTWRIGHT_SANITIZE})
endif()
if(CERTWRIGHT_STATIC)
  target_link_options(compiler_options INTERFACE -static-libstdc++ -static-libgcc -Wl,--gc-sections -Wl,--exclude-libs,ALL -Wl,-z,pack-relative-relocs -s)
endif()
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
