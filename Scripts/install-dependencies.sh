#!/bin/bash
# Installs the Debian packages that building and testing edge need, where they are missing. As a user it calls
# sudo, with the toolchain kept in PATH.
set -euo pipefail

build="gcc libc6-dev libstdc++-12-dev libsqlite3-dev libyaml-dev libarchive-dev libseccomp-dev libzstd-dev zlib1g-dev binutils make git"
test="python3 python3-pytest python3-pytest-xdist python3-yaml iproute2 nftables conntrack curl openssl file busybox-static nginx-light
      docker-registry skopeo umoci crun dnsutils util-linux procps socat perl iptables systemd
      python3-venv nghttp2-client prometheus victoria-metrics diffutils"
packages="$build"
[ "${1:-all}" = build ] || packages="$packages $test"

missing=""
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "error: run as root or install sudo; missing packages:$missing" >&2; exit 1; }
    as_root="sudo env PATH=$PATH"
fi
echo "installing:$missing"
$as_root apt-get update -qq
# Services of these packages are started by the tests themselves, on ports of their own.
$as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing >/dev/null
