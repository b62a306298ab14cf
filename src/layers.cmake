pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
tanpuhui_library(calendar DEPENDS base toml)
tanpuhui_library(toml DEPENDS base LINK PkgConfig::TOMLPLUSPLUS)
# toml++ asserts in the middle of hostile text; without assertions it reports the error that we want.
target_compile_definitions(tanpuhui_toml PRIVATE NDEBUG)
tanpuhui_library(expr DEPENDS base)
tanpuhui_library(rulebook DEPENDS base calendar toml)
tanpuhui_library(procedure DEPENDS base toml calendar rulebook)
tanpuhui_library(methodology DEPENDS base expr toml)
tanpuhui_library(ledger DEPENDS base)
tanpuhui_library(merkle DEPENDS base)
tanpuhui_library(journal DEPENDS base merkle ledger)
tanpuhui_library(crypto DEPENDS base LINK PkgConfig::BOTAN)
tanpuhui_library(json DEPENDS base LINK Boost::json)

# Rooms: decisions above the pure line, shells below it.
set(tanpuhui_rooms participants scenario activity reduction points mall)
foreach(room ${tanpuhui_rooms})
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/rooms/${room})
    tanpuhui_library(rooms_${room} FOLDER rooms/${room} DEPENDS base calendar rulebook procedure methodology ledger)
  endif()
endforeach()
tanpuhui_library(store DEPENDS base ledger journal crypto LINK SQLite::SQLite3 PostgreSQL::PostgreSQL Threads::Threads)
tanpuhui_library(office DEPENDS store rulebook crypto)
tanpuhui_library(cases DEPENDS office procedure)
foreach(room ${tanpuhui_rooms})
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/rooms/${room}/shell)
    tanpuhui_library(rooms_${room}_shell FOLDER rooms/${room}/shell DEPENDS rooms_${room} cases office store json
                     LINK simdjson::simdjson ZLIB::ZLIB)
    list(APPEND tanpuhui_shells rooms_${room}_shell)
  endif()
endforeach()
target_link_libraries(tanpuhui_rooms_activity_shell PRIVATE PkgConfig::NATS)
target_link_libraries(tanpuhui_rooms_activity_shell PUBLIC PkgConfig::ZSTD tanpuhui_rooms_scenario_shell)  # holds on evidence
target_link_libraries(tanpuhui_rooms_participants_shell PUBLIC tanpuhui_rooms_scenario_shell)  # whose meters
target_link_libraries(tanpuhui_rooms_reduction_shell PUBLIC tanpuhui_rooms_activity_shell)  # reads sealed acts

target_link_libraries(tanpuhui_rooms_mall_shell PUBLIC tanpuhui_rooms_reduction_shell)  # held batches

tanpuhui_library(jobs DEPENDS store rooms_mall_shell)
tanpuhui_library(publications DEPENDS cases json rooms_mall_shell rooms_reduction_shell rooms_scenario_shell
                 LINK Boost::json)
tanpuhui_library(governance DEPENDS ${tanpuhui_shells} cases publications)
tanpuhui_library(bench DEPENDS ${tanpuhui_shells} governance LINK simdjson::simdjson Boost::json Threads::Threads)
tanpuhui_library(audit DEPENDS ${tanpuhui_shells} jobs cases publications governance)
if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/server)
  tanpuhui_library(server DEPENDS ${tanpuhui_shells} governance audit publications store json LINK Boost::url)
endif()
file(GLOB cli_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/cli/*.cc)
if(cli_sources)
  find_package(CLI11 REQUIRED)
  add_executable(tanpuhui ${cli_sources})
  list(TRANSFORM tanpuhui_shells PREPEND tanpuhui_ OUTPUT_VARIABLE cli_shells)
  target_link_libraries(tanpuhui PRIVATE ${cli_shells} tanpuhui_cases tanpuhui_governance tanpuhui_publications tanpuhui_audit tanpuhui_bench tanpuhui_server CLI11::CLI11)
  set_target_properties(tanpuhui PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endif()
