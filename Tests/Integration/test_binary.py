"""The binary itself: fully static, small, at home in an empty root."""
import os
import shutil

from harness.host import run
from harness.kubectl import EDGE


def test_is_static_and_stripped():
    text = run("file", "-L", EDGE).stdout
    assert "statically linked" in text or "static-pie linked" in text
    assert ", stripped" in text


def test_is_small():
    assert os.path.getsize(EDGE) <= 40_000_000


def test_runs_in_an_empty_root(tmp_path):
    shutil.copy(EDGE, tmp_path / "edge")
    assert not (tmp_path / "proc").exists()
    assert "edge version v1.36" in run("chroot", str(tmp_path), "/edge", "version").stdout
