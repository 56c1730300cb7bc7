#!/usr/bin/python3
"""Prints every import of one of edge's modules that the module map (docs/architecture.md) does not allow."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent / "Sources/Edge"
BASE = ["EdgeBase"]
DATA = BASE + ["EdgeJSON"]
API = DATA + ["EdgeAPI"]
CLIENT = API + ["EdgeTransport", "EdgeClient"]
SYSTEM = BASE + ["EdgeSystem", "CEdgeLinux"]
# Path below Sources/Edge -> the modules of edge that it may import. The longest path that fits counts.
ALLOWED = {
    "Base": [],
    "System": SYSTEM,
    "JSON": DATA + ["CYAML"],
    "API": API,
    "CEL": API,
    "Transport": DATA + ["CZlib"],
    "Client": CLIENT,
    "Server/Storage": BASE + ["CSQLite"],
    "Server/APIServer": CLIENT + ["EdgeCEL", "EdgeStorage"],
    "Server/Scheduler": API + ["EdgeClient"],
    "Server/Controllers": API + ["EdgeClient"],
    "Net/Netlink": SYSTEM,
    "Net/PodNetwork": SYSTEM + ["EdgeNetlink"],
    "Net/Proxy": SYSTEM + DATA + ["EdgeAPI", "EdgeClient", "EdgeNetlink"],
    "Net/DNS": API + ["EdgeClient"],
    "Agent/Runtime": SYSTEM + DATA + ["EdgeTransport", "CArchive", "CSeccomp"],
    "Agent/Kubelet": CLIENT + SYSTEM + ["EdgeNetlink", "EdgePodNetwork", "EdgeRuntime"],
    "Agent/Join": CLIENT,
    "Host": SYSTEM + DATA,
    "Kubectl": CLIENT,
}
IMPORT = re.compile(r"^\s*(?:public |internal |package |private |fileprivate |@preconcurrency |@\w+ )*import ((?:Edge|C[A-Z])\w+)")

for path in sorted(ROOT.rglob("*.swift")):
    inside = path.relative_to(ROOT).as_posix()
    area = max((a for a in ALLOWED if inside.startswith(a + "/")), key=len, default=None)
    if area is None:
        continue
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = IMPORT.match(line)
        if found and found.group(1) not in ALLOWED[area]:
            print(f"Sources/Edge/{inside}:{number}: {area} may not import {found.group(1)}")
