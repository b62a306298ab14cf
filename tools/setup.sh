# Sourced by ./run and ./test from the repository's root: packages, configuration, build. Everything here may be
# repeated; what is already done is not done again.

packages=(
  g++ clang-16 libclang-rt-16-dev cmake ninja-build ccache pkg-config clang-format-14
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev
  libbotan-2-dev libsimdjson-dev libtomlplusplus-dev libcli11-dev libfmt-dev
  libsqlite3-dev sqlite3 libpq-dev postgresql-15 zlib1g-dev libzstd-dev libnats-dev nats-server
  libgtest-dev librapidcheck-dev libbenchmark-dev
  python3 git ca-certificates
)

step=0
announce() {  # announce TEXT: "== step 2 of 4: TEXT"; the caller sets `steps`
  step=$((step + 1))
  printf '\n== step %d of %d: %s\n' "$step" "${steps:?}" "$1"
}

complain() { printf '%s\n' "$@" >&2; }

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s\n' "$package"
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 "$@"; }

install_packages() {
  announce "packages (${#packages[@]} from Debian 12, by name)"
  if ! command -v dpkg-query >/dev/null; then
    complain "This is not Debian (no dpkg-query). Debian 12 is what we support; the packages are: ${packages[*]}"
    return 1
  fi
  local missing
  mapfile -t missing < <(missing_packages)
  if [ ${#missing[@]} -eq 0 ]; then
    echo "all installed already"
    return 0
  fi
  echo "installing ${#missing[@]}: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    complain "Not root and there is no sudo. As root run:  apt-get install ${missing[*]}"
    return 1
  fi
  apt update && apt install -y --no-install-recommends "${missing[@]}" && return 0
  complain "apt-get could not install the packages; its message is above."
  return 1
}

# One job a core, fewer where memory is short: a sanitized file of templates takes up to 1.5 GB to compile.
build_jobs() {
  local cores room
  cores=$(nproc)
  room=$(awk '/^MemAvailable:/ {print int($2 / 1572864)}' /proc/meminfo)
  [ "$room" -ge 1 ] || room=1
  echo $((room < cores ? room : cores))
}

# A build folder that came with a copied tree names another source folder and cannot be used.
stale() {
  local cache=build/$1/CMakeCache.txt
  [ -f "$cache" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$cache"
}

# Two builds of one preset at a time would spoil each other: the second waits.
locked() {  # locked PRESET COMMAND...
  local lock=build/$1.lock
  shift
  mkdir -p build
  if ! flock --nonblock --close "$lock" true; then echo "another build holds $lock; waiting for it"; fi
  flock --close "$lock" "$@"
}

build_preset() {
  local preset=$1 fresh=()
  announce "configure, preset $preset (build/$preset)"
  if stale "$preset"; then
    echo "build/$preset belongs to another folder: configured afresh"
    fresh=(--fresh)
  fi
  locked "$preset" cmake --preset "$preset" "${fresh[@]}" || return 1
  announce "build, preset $preset, $(build_jobs) at a time (the first time takes minutes)"
  locked "$preset" cmake --build --preset "$preset" --parallel "$(build_jobs)"
}
