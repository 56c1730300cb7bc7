#!/bin/bash
# Runs the unit tests, each module's in a process of its own: those of the runtime and the network move namespaces,
# cgroups and hundreds of processes, which the timeouts of others need not bear. Builds once.
# usage: unit-tests.sh [MODULE...]
set -uo pipefail
cd "$(dirname "$0")/.."
${SWIFT:-swift} build --build-tests || exit 1
modules=${*:-$(cd Tests && ls -d Edge*Tests)}
failed=""
for module in $modules; do
    echo "== $module"
    timeout --kill-after=5 300 ${SWIFT:-swift} test --skip-build --disable-xctest --filter "^$module\." >build/unit-tests.log 2>&1 ||
        { failed="$failed $module"; grep -E '✘|error:|Crash' build/unit-tests.log | head -40; }
    grep -E 'Test run with' build/unit-tests.log || echo "the tests of $module did not end"
done
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
