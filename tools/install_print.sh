#!/bin/sh
# Install what `make pdf` needs on Debian and Ubuntu, and what its tests look at PDF and EPUB with; nothing where all is there.
set -eu
cd "$(dirname "$0")/.."
packages="$(cat livingreview/editions/latex/debian.txt) poppler-utils qpdf epubcheck default-jre-headless"

# shellcheck disable=SC2086 # one word for each package
if ! dpkg -s $packages >/dev/null 2>&1; then
  root=""
  [ "$(id -u)" = 0 ] || root=sudo
  $root apt-get update -qq
  $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi
