#!/bin/bash
# Style and structure, by rules that need no compiler: format, banned words, imports by the module map, length.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0

complain() { # title, lines
    [ -n "$2" ] || return 0
    echo "check: $1"; echo "$2" | sed 's/^/  /' | head -40; status=1
}

sources() { git ls-files -co --exclude-standard -- "$@" | grep '\.swift$'; }

complain "formatting (make format)" \
    "$(sources Sources Tests Package.swift | tr '\n' '\0' | xargs -0 -r swift format lint --strict 2>&1 | head -60)"

banned() { # title, pattern, exceptions
    complain "$1" "$(sources Sources | tr '\n' '\0' | xargs -0 -r grep -nE "$2" | grep -vE "${3:-^$}")"
}
banned "full Foundation costs 45 MB of ICU; use FoundationEssentials or neither" '^\s*(@?\w+ )*import Foundation$'
banned "fork is not safe in a process with threads" '\bfork\(\)'
banned "force unwraps of tries and casts" '\btry!|\bas!'
banned "print; use Logging or the command's output" '(^|[^.\w])print\(' '/Kubectl/|func print\('
banned "code that is not there" '\bTODO\b|\bFIXME\b|fatalError\('
complain "@unchecked Sendable without a comment naming the lock or confinement" "$(
    sources Sources | tr '\n' '\0' | xargs -0 -r awk '
        /@unchecked Sendable/ { if (!(before ~ /\/\// || $0 ~ /\/\//)) print FILENAME ":" FNR ": " $0 } { before = $0 }')"

# Imports only go upwards in the map of docs/architecture.md.
complain "imports against the module map" "$(Scripts/check-imports.py)"

complain "files over 500 lines (tests: 700); tables excepted" "$(
    { sources Sources | xargs wc -l | awk '$2 != "total" && $1 > 500'
      sources Tests | xargs wc -l | awk '$2 != "total" && $1 > 700'; } | grep -v 'Table.swift')"
complain "C files over 500 lines" "$(git ls-files -co --exclude-standard 'Sources/*.c' 'Sources/*.h' | xargs -r wc -l | awk '$2 != "total" && $1 > 500')"

[ $status = 0 ] && echo "check: ok"
exit $status
