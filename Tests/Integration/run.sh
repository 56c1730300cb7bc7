#!/bin/bash
# Runs the integration tests as root against build/edge, with the real peers from Debian: two files at a time, since
# they mostly wait.
set -euo pipefail
cd "$(dirname "$0")"
if [ "$(id -u)" != 0 ]; then exec sudo env "PATH=$PATH" "$0" "$@"; fi
exec /usr/bin/python3 -m pytest -q -x -n 2 --dist loadfile --color=no -p no:cacheprovider "$@" .
