#!/bin/bash
# Measures build/edge against the budgets and prints the table. Needs root (network namespaces).
set -euo pipefail
cd "$(dirname "$0")"
if [ "$(id -u)" != 0 ]; then exec sudo env "PATH=$PATH" "$0" "$@"; fi
PYTHONPATH=../Tests/Integration exec /usr/bin/python3 bench.py "$@"
