"""`edge kubectl` prints what the newest real kubectl of this machine prints: word for word, up to ages and to what
Kubernetes has changed since that version."""
import difflib
import pathlib
import re
import shlex

import pytest

from harness.cluster import wait_for
from harness.kubectl import every_kubectl, find_kubectls

DATA = pathlib.Path(__file__).parent / "data"
COMMANDS = [line for line in (DATA / "kubectl_commands.txt").read_text().splitlines()
            if line and not line.startswith("#")]
AGE = re.compile(r"(?<![\w.-])(?:\d+[ywdhms]){1,2}(?![\w.-])( *)")
# What kubectl prints otherwise since the newest one found on the test machines (1.33):
# 1.34 leaves out a creationTimestamp that is null; 1.35 names ports and says which container an event is about in
# `describe`, lists the containers where a wrong one was named; later the time zone of a CronJob is described.
NEWER = [
    (re.compile(r"(?m)^( *)metadata:\n +creationTimestamp: null\n(?!\1 )"), r"\1metadata: {}\n"),
    (re.compile(r"(?m)^ +creationTimestamp: null\n"), ""),
    (re.compile(r"(\d+/(?:TCP|UDP)) \(\w+\)"), r"\1"),
    (re.compile(r"spec\.\w+\{\w+\}: "), ""),
    (re.compile(r"(?m)^Time Zone: .*\n"), ""),
]
# kubectl sorts these by a time that many events share, with a sort that is not stable.
UNSORTED = re.compile(r"^(events|get events)")


@pytest.fixture(scope="module")
def populated(node):
    node.kubectl("apply", "-f", str(DATA / "every_kind.yaml"))
    node.kubectl("wait", "--for=condition=Ready", "pod/shell", "--timeout=60s", timeout=90)
    node.kubectl("rollout", "status", "deployment/web", "--timeout=60s", timeout=90)
    wait_for("the failing pod", lambda: node.get("pod", "failing")["status"]["phase"] == "Failed")
    return node


def output(cluster, kubectl, line):
    arguments = shlex.split(line.replace("MANIFEST", str(DATA / "every_kind.yaml")))
    done = cluster.kubectl(*arguments, using=kubectl, check=False, input="")
    texts = []
    for text in (done.stdout, done.stderr):
        for pattern, replacement in NEWER:
            text = pattern.sub(replacement, text)
        text = AGE.sub("AGE ", text)
        if UNSORTED.match(line):
            text = "\n".join(sorted(text.splitlines()))
        texts.append(text)
    return [f"exit {done.returncode}", *texts[0].splitlines(), "-- errors:", *texts[1].splitlines()]


@pytest.mark.skipif(not find_kubectls(), reason="there is no kubectl to compare with")
@pytest.mark.parametrize("line", COMMANDS)
def test_prints_the_same(populated, line):
    real, own = find_kubectls()[-1], every_kubectl()[-1]
    for _ in range(4):  # A column may grow between the two, when an age does.
        expected, found = output(populated, real, line), output(populated, own, line)
        if expected == found:
            return
    difference = difflib.unified_diff(expected, found, "kubectl", "edge kubectl", lineterm="", n=1)
    pytest.fail(f"kubectl {line}\n" + "\n".join(difference), pytrace=False)
