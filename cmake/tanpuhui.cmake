# Flags and the one function that makes a library of a folder.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(tanpuhui_flags INTERFACE)
target_compile_options(tanpuhui_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
                                                -fstack-protector-strong)
target_include_directories(tanpuhui_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
if(TANPUHUI_X86_64_V3 AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(tanpuhui_flags INTERFACE -march=x86-64-v3)
endif()
if(TANPUHUI_SANITIZE)
  target_compile_options(tanpuhui_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                                  -fno-omit-frame-pointer)
  target_link_options(tanpuhui_flags INTERFACE -fsanitize=address,undefined)
  # GCC 12 reports false positives of these two in optimised sanitizer builds.
  target_compile_options(tanpuhui_flags INTERFACE -Wno-maybe-uninitialized -Wno-restrict)
else()
  # The same of these two in -O3 builds, in the middle of std::string and std::copy (GCC bug 105651).
  target_compile_options(tanpuhui_flags INTERFACE -Wno-restrict -Wno-array-bounds)
endif()

# tanpuhui_library(ledger DEPENDS base): every .cc of the current folder becomes the library `ledger`.
function(tanpuhui_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "FOLDER" "DEPENDS;LINK")
  if(NOT ARG_FOLDER)
    set(ARG_FOLDER ${name})
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_FOLDER}/*.cc)
  list(TRANSFORM ARG_DEPENDS PREPEND tanpuhui_)
  if(sources)
    add_library(tanpuhui_${name} STATIC ${sources})
    target_link_libraries(tanpuhui_${name} PUBLIC tanpuhui_flags ${ARG_DEPENDS} ${ARG_LINK})
  else()
    add_library(tanpuhui_${name} INTERFACE)
    target_link_libraries(tanpuhui_${name} INTERFACE tanpuhui_flags ${ARG_DEPENDS} ${ARG_LINK})
  endif()
endfunction()
