"""What `edge doctor` finds on a host; that it changes nothing is seen by the host's state before and after."""
from harness.cluster import wait_for
from harness.host import run
from harness.kubectl import EDGE


def doctor(host, tmp_path, *flags, check=True):
    return host.run(EDGE, "doctor", *flags, "--data-dir", str(tmp_path / "data"), "--run-dir", str(tmp_path / "run"),
                    check=check)


def state(host, tmp_path):
    return [host.run("nft", "list", "ruleset").stdout, host.run("ip", "-o", "link").stdout,
            sorted(tmp_path.rglob("*")), run("cat", "/proc/self/mountinfo").stdout]


def test_a_good_host_is_found_good_and_left_alone(host, tmp_path):
    before = state(host, tmp_path)
    done = doctor(host, tmp_path)
    for line in ["OK    overlayfs: works", "OK    nf_tables: works", "OK    vxlan: works", "OK    firewall: "]:
        assert line in done.stdout
    assert state(host, tmp_path) == before
    assert host.run(EDGE, "check-config", "--quiet").stdout == ""


def test_a_foreign_firewall_and_a_taken_port_are_named_with_a_fix(host, tmp_path):
    host.run("nft", "add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }")
    listener = host.start("socat", "TCP-LISTEN:6443,fork", "-")
    wait_for("the listener", lambda: host.run("ss", "-Hltn", "sport = :6443").stdout)
    try:
        done = doctor(host, tmp_path, "--quiet", check=False)
    finally:
        listener.kill()
        listener.wait()
    assert done.returncode == 1
    assert "warn  firewall: forwarded packets are dropped by nft chain ip filter FORWARD" in done.stdout
    assert "fail  ports: 6443 is in use" in done.stdout
    assert done.stdout.count("fix: ") == 2
    # Without the port it is a warning only: edge runs.
    assert "firewall" in doctor(host, tmp_path, "--quiet").stdout


def test_legacy_iptables_are_seen_too(host, tmp_path):
    host.run("iptables-legacy", "-P", "FORWARD", "DROP")
    assert "iptables (legacy) FORWARD" in doctor(host, tmp_path).stdout
    host.run("iptables-legacy", "-P", "FORWARD", "ACCEPT")
    assert "OK    firewall" in doctor(host, tmp_path).stdout


def test_a_place_without_overlay_is_refused(host, tmp_path):
    """The data on an overlay itself: its upper directory cannot be one."""
    (tmp_path / "l").mkdir()
    script = (f"mount -t tmpfs t {tmp_path}/l && cd {tmp_path}/l && mkdir l u w m && "
              f"mount -t overlay -o lowerdir=l,upperdir=u,workdir=w o m && {EDGE} doctor --data-dir $PWD/m/data")
    done = run(*host.inside("unshare", "-m", "sh", "-c", script), check=False)
    assert done.returncode == 1
    assert "fail  overlayfs: " in done.stdout and "ext4, xfs or btrfs" in done.stdout
