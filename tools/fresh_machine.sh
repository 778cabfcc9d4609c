#!/usr/bin/env bash
# The README's two commands on a machine with nothing but Python and make: a Debian made for the occasion, without git,
# browser, LaTeX or fonts, and an ordinary user with a copy of the last commit. It is gone afterwards, whatever happened.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
usage: tools/fresh_machine.sh [option ...] [make target or VARIABLE=value ...]
  --suite NAME      Debian release: bookworm (default, Python 3.11.2), trixie (3.13), sid (3.14 and newer)
  --python COMMAND  another Python of that release, as with --suite sid --python python3.15
  --with PACKAGES   what else the machine has, as in --with "git chromium"; with git the copy is a clone
  --keep            leave the machine there to be looked at; its folder is printed
  --shell           a shell on it, after the targets
Without targets: html and test. As root, or with sudo. Debian's packages come from where this machine has them, Python's from where
its pip has them; MIRROR=<address> names another source of Debian's.
TEXT
}

suite=bookworm python=python3 with="" keep="" shell="" commands=() variables=()
while [ $# -gt 0 ]; do
  case "$1" in
    --suite) suite=$2; shift ;;
    --python) python=$2; shift ;;
    --with) with=$2; shift ;;
    --keep) keep=yes ;;
    --shell) shell=yes ;;
    --help) usage; exit ;;
    -*) usage >&2; exit 2 ;;
    *=*) variables+=("$1") ;;
    *) commands+=("$1") ;;
  esac
  shift
done
[ ${#commands[@]} -gt 0 ] || commands=(html test)

sudo=()
[ "$(id -u)" = 0 ] || sudo=(sudo)
if ! command -v debootstrap >/dev/null; then
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap debian-archive-keyring >/dev/null
fi

# The mirror of a machine that runs Debian itself; elsewhere debootstrap knows one.
mirror=${MIRROR:-$(. /etc/os-release; apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
  'Component: main' "Codename: ${VERSION_CODENAME:-}" | head -n 1)}

machine=$(mktemp -d "${TMPDIR:-/tmp}/fresh-$suite-XXXXXX")
chmod 755 "$machine" # its root folder
remove() {
  # Nothing is mounted here: what the machine sees of /proc and /dev goes with its processes.
  if [ "$keep" ]; then echo "The machine is in $machine"; else "${sudo[@]}" rm -rf --one-file-system "$machine"; fi
}
trap remove EXIT

echo "Making a Debian $suite in $machine ..."
"${sudo[@]}" debootstrap --variant=minbase --include="$python,$python-venv,make${with:+,${with// /,}}" \
  "$suite" "$machine" ${mirror:+"$mirror"} >"$machine.log" || { tail -n 20 "$machine.log" >&2; exit 1; }
rm "$machine.log"
"${sudo[@]}" chroot "$machine" useradd --create-home reader

# The network as this machine has it.
"${sudo[@]}" cp /etc/resolv.conf /etc/hosts "$machine/etc/"
settings=$({ python3 -m pip config list || true; } | sed -nE "s/^[^.]+\.(cert|index-url|proxy|trusted-host)='(.*)'$/\1 = \2/p" | sort -u -t= -k1,1)
[ -z "$settings" ] || printf '[global]\n%s\n' "$settings" | "${sudo[@]}" tee "$machine/etc/pip.conf" >/dev/null
certificates=$(sed -n 's/^cert = //p' <<<"$settings")
[ -z "$certificates" ] || "${sudo[@]}" install -D --mode=644 "$certificates" "$machine$certificates"

book=/home/reader/book
if [[ " $with " == *" git "* ]]; then
  "${sudo[@]}" git -c safe.directory="$PWD" clone --quiet --no-hardlinks "$PWD" "$machine$book"
else
  "${sudo[@]}" mkdir "$machine$book"
  git archive HEAD | "${sudo[@]}" tar --extract --directory "$machine$book"
fi
"${sudo[@]}" chroot "$machine" chown -R reader: "$book"

# There: an ordinary user, and no process that outlives this one.
there() {
  "${sudo[@]}" unshare --mount --pid --fork --kill-child --propagation private bash -c '
    mount -t proc proc "$0/proc"
    mount --rbind /dev "$0/dev"
    exec chroot --userspec=reader "$0" env --ignore-environment HOME=/home/reader PATH=/usr/local/bin:/usr/bin:/bin TERM="$TERM" \
      sh -c '\''cd "$0" && exec "$@"'\'' "$@"' "$machine" "$book" "$@"
}

there sh -c "$python --version"
failed=""
for command in "${commands[@]}"; do
  echo "== make $command"
  time there make "PYTHON=$python" "$command" "${variables[@]}" || failed="$failed $command"
done
[ -z "$shell" ] || there bash || true
[ -z "$failed" ] || { echo "On a fresh Debian $suite this failed:$failed" >&2; exit 1; }
