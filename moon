#!/bin/sh
# The launcher: installs what is missing, then runs the CLI on the pinned Node.
#
# Needs Node 20 or newer and npm to install with. After that, everything runs on the Node that the lockfile
# pins (node_modules/.bin/node), whatever the machine has.
set -u

fail() {
  printf 'moon: %s\n' "$1" >&2
  exit 1
}

# The folder of this file, through symbolic links.
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
root=$(CDPATH='' cd -- "$(dirname -- "$self")" && pwd -P) || fail "cannot enter the folder of $self"

modules=$root/node_modules
stamp=$modules/.installed
# What is installed fits this lockfile on this kind of machine.
wanted="$(cksum <"$root/package-lock.json") $(uname -sm)"

installed() {
  [ -x "$modules/.bin/node" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]
}

check_tools() {
  command -v node >/dev/null 2>&1 ||
    fail 'Node is missing. Install Node 20 or newer with npm: https://nodejs.org, or "apt-get install nodejs npm" where that is new enough.'
  major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || major=0
  [ "$major" -ge 20 ] 2>/dev/null ||
    fail "this is Node $(node --version 2>/dev/null), and 20 or newer is needed: https://nodejs.org has it."
  command -v npm >/dev/null 2>&1 || fail 'npm is missing. Install it: it comes with Node from https://nodejs.org, or "apt-get install npm".'
}

# True when npm's own record says that the lockfile's packages are there, as after `npm install <package>`.
same_packages() {
  [ -x "$modules/.bin/node" ] && node - "$root/package-lock.json" "$modules/.package-lock.json" 2>/dev/null <<'SCRIPT'
const { readFileSync } = require('node:fs');
const [wanted, present] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')).packages);
const names = Object.keys(wanted).filter((name) => name.includes('node_modules/') && !wanted[name].optional);
const known = (name) => present[name]?.version === wanted[name].version && present[name]?.link === wanted[name].link;
process.exit(names.every(known) && Object.keys(present).every((name) => wanted[name] || name.startsWith('node_modules/node/')) ? 0 : 1);
SCRIPT
}

install() {
  check_tools
  # Two at once: the second waits here, then finds it done. The lock goes with the process that holds it.
  # (Where flock is missing, as on macOS, two first starts at once are not kept apart.)
  exec 9<"$root/moon"
  if command -v flock >/dev/null 2>&1; then flock 9; fi
  installed && return
  if ! same_packages; then
    [ -w "$root" ] || fail "$root needs its packages installed, and you may not write there. Run it once as the owner of that folder."
    log=$(mktemp "${TMPDIR:-/tmp}/moon-install.XXXXXX") || fail 'cannot write to the temporary folder; set TMPDIR to one that you may write to.'
    [ -w "${HOME:-/nonexistent}" ] || export npm_config_cache="$log.cache"
    echo 'Installing what Moonbase needs (once, a minute or two) …' >&2
    if ! (cd "$root" && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error) >"$log" 2>&1 9>&-; then
      tail -n 25 "$log" >&2
      fail "npm could not install the packages; the lines above are the end of $log. Check the network and the space on the disk, then run this again."
    fi
    # The pinned Node and PostgreSQL's links come by install scripts, which some npm settings leave out.
    if [ ! -x "$modules/.bin/node" ] || ! "$modules/.bin/node" -e 0 >/dev/null 2>&1; then
      (cd "$modules/node" && npm_config_ignore_scripts=false node installArchSpecificPackage) >>"$log" 2>&1 9>&- ||
        fail "npm could not install the pinned Node; $log says why."
      mkdir -p "$modules/.bin" && ln -sf ../node/bin/node "$modules/.bin/node"
    fi
    for server in "$modules"/@embedded-postgres/*/; do
      [ -e "$server/native/lib/libpq.so.5" ] || (cd "$server" && node scripts/hydrate-symlinks.js) >>"$log" 2>&1
    done
    "$modules/.bin/node" -e 0 || fail 'the pinned Node does not run on this machine (glibc 2.28 or newer is needed).'
    rm -rf "$log" "$log.cache"
  fi
  printf '%s\n' "$wanted" >"$stamp" 2>/dev/null || :
  exec 9<&-
}

installed || install
# Compiled code is kept between runs: half of the time to load everything.
[ -n "${NODE_COMPILE_CACHE:-}" ] || [ ! -w "$modules" ] || export NODE_COMPILE_CACHE="$modules/.cache/node"
exec "$modules/.bin/node" --disable-warning=ExperimentalWarning "$root/packages/cli/src/cli.ts" "$@"
