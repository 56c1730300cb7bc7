internal import EdgeSystem

/// Judges whether edge can run on a host, and what to do where it cannot.
public enum Doctor {
    public static func examine(_ facts: HostFacts) -> [Finding] {
        var findings = [user(facts), kernel(facts), seccomp(facts)]
        findings += CgroupCheck.examine(facts)
        findings += probes(facts)
        findings += [disk(facts), memory(facts), clock(facts), name(facts), address(facts)]
        findings += ports(facts)
        findings.append(forwarding(facts))
        return findings
    }

    private static func user(_ facts: HostFacts) -> Finding {
        facts.isRoot
            ? Finding(.ok, "user", "root")
            : Finding(
                .failure, "user", "not root, so that the checks are incomplete", fix: "run it with sudo")
    }

    /// 5.10 is the oldest kernel that edge is made for.
    private static func kernel(_ facts: HostFacts) -> Finding {
        let numbers = facts.kernelRelease.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        let text = "\(facts.kernelRelease), pages of \(facts.pageSize / 1024) KiB"
        guard numbers.count == 2 else {
            return Finding(
                .warning, "kernel", "\(text): version not understood", fix: "see that it is 5.10 or newer")
        }
        if (numbers[0], numbers[1]) < (5, 10) {
            return Finding(
                .failure, "kernel", "\(text): older than 5.10", fix: "upgrade the distribution's kernel")
        }
        if !facts.missingNamespaces.isEmpty {
            return Finding(
                .failure, "kernel",
                "\(text): no namespaces of kind \(facts.missingNamespaces.joined(separator: ", "))",
                fix: "boot a kernel with CONFIG_NAMESPACES and all kinds of it")
        }
        return Finding(.ok, "kernel", text)
    }

    private static func seccomp(_ facts: HostFacts) -> Finding {
        facts.hasSeccomp
            ? Finding(.ok, "seccomp", "filters are available")
            : Finding(
                .failure, "seccomp", "the kernel has no filters of system calls",
                fix: "boot a kernel with CONFIG_SECCOMP_FILTER")
    }

    private static let probeFixes = [
        "nf_tables":
            "boot a kernel with nf_tables, NAT and conntrack, or install its modules (Debian: "
            + "linux-image-$(uname -r); after a kernel update: reboot)",
        "bridge": "install the kernel's modules (bridge)",
        "veth": "install the kernel's modules (veth)",
        "vxlan":
            "install the module vxlan (Ubuntu on a Raspberry Pi: linux-modules-extra-raspi); one host alone does "
            + "without",
        "overlayfs":
            "put --data-dir on ext4, xfs or btrfs, and see that the kernel has overlayfs (modprobe overlay)",
    ]

    private static func probes(_ facts: HostFacts) -> [Finding] {
        facts.probes.map { name, failure in
            if failure.isEmpty { return Finding(.ok, name, "works") }
            return Finding(
                name == "vxlan" ? .warning : .failure, name, failure, fix: probeFixes[name])
        }
    }

    private static let mebibyte: UInt64 = 1 << 20

    private static func disk(_ facts: HostFacts) -> Finding {
        let free = facts.availableDisk / mebibyte
        let text = "\(facts.dataPath) (\(facts.dataType)): \(free) MiB available"
        if facts.isDataReadOnly {
            return Finding(
                .failure, "disk", "\(facts.dataPath) is read-only",
                fix: "mount it writable or choose another place with --data-dir")
        }
        if ["tmpfs", "ramfs"].contains(facts.dataType) {
            return Finding(
                .warning, "disk", "\(text), in memory: a reboot loses the cluster",
                fix: "choose a place on a disk with --data-dir")
        }
        if ["nfs", "nfs4", "cifs", "9p", "fuse.sshfs"].contains(facts.dataType) {
            return Finding(
                .warning, "disk", "\(text): a database on a network file system is not safe",
                fix: "choose a place on a local disk with --data-dir")
        }
        if free < 200 || facts.freeFiles == 0 {
            return Finding(.failure, "disk", text, fix: "make room: edge needs 200 MiB, images need more")
        }
        if free < 1024 { return Finding(.warning, "disk", text, fix: "make room: images need some GiB") }
        return Finding(.ok, "disk", text)
    }

    private static func memory(_ facts: HostFacts) -> Finding {
        let total = facts.totalMemory / mebibyte
        return total < 256
            ? Finding(
                .warning, "memory", "\(total) MiB: few pods will find room",
                fix: "use a host with 256 MiB or more")
            : Finding(.ok, "memory", "\(total) MiB")
    }

    /// Certificates that are made while the clock is wrong are not valid afterwards. Nothing is newer than the
    /// binary when the clock is right.
    private static func clock(_ facts: HostFacts) -> Finding {
        let day: Int64 = 86400
        let floor: Int64 = 1_735_689_600  // 2025-01-01
        if facts.now < floor {
            return Finding(
                .failure, "clock", "it is \(facts.now / (365 * day + day / 4) + 1970) by this host's clock",
                fix: "set the time (date -s, or timedatectl set-ntp true) before certificates are made")
        }
        if facts.now < facts.binaryTime - day {
            return Finding(
                .warning, "clock", "it is behind the time at which this binary was written",
                fix: "set the time (date -s, or timedatectl set-ntp true) before certificates are made")
        }
        return Finding(.ok, "clock", "plausible")
    }

    /// A node's name is a DNS subdomain (RFC 1123).
    private static func name(_ facts: HostFacts) -> Finding {
        let labels = facts.hostName.split(separator: ".", omittingEmptySubsequences: false)
        let isValid =
            !facts.hostName.isEmpty && facts.hostName.utf8.count <= 253
            && labels.allSatisfy { label in
                !label.isEmpty && label.utf8.count <= 63 && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { byte in
                        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                            || byte == UInt8(ascii: "-")
                    }
            }
        if !isValid {
            return Finding(
                .failure, "node name", "\"\(facts.hostName)\" cannot name a node",
                fix: "use letters, digits and hyphens: hostnamectl set-hostname, or --node-name")
        }
        if facts.hostName == "localhost" {
            return Finding(
                .warning, "node name", "localhost is the same on every host",
                fix: "hostnamectl set-hostname, or --node-name")
        }
        return Finding(.ok, "node name", facts.hostName)
    }

    private static func address(_ facts: HostFacts) -> Finding {
        facts.hasAddress
            ? Finding(.ok, "address", "this host has one that others can reach")
            : Finding(
                .warning, "address", "this host has only its loopback: other hosts cannot join",
                fix: "connect it to a network, or say --node-ip")
    }

    private static func ports(_ facts: HostFacts) -> [Finding] {
        if facts.isRunning { return [Finding(.ok, "ports", "edge runs already")] }
        let taken = facts.ports.filter(\.isTaken)
        if taken.isEmpty {
            let list = facts.ports.map { "\($0.number)\($0.isUDP ? "/udp" : "")" }.joined(separator: ", ")
            return [Finding(.ok, "ports", "\(list) are free")]
        }
        return taken.map { port in
            Finding(
                port.isEssential ? .failure : .warning, "ports",
                "\(port.number)\(port.isUDP ? "/udp" : "") is in use",
                fix: port.isEssential
                    ? "find its user with ss -lntp and stop it (k3s, kubelet?), or say --https-listen-port"
                    : "find its user with ss -lnp and stop it")
        }
    }

    private static func forwarding(_ facts: HostFacts) -> Finding {
        if !facts.droppingChains.isEmpty {
            return Finding(
                .warning, "firewall",
                "forwarded packets are dropped by \(facts.droppingChains.joined(separator: ", ")): pods may reach "
                    + "nothing outside their node",
                fix:
                    "allow the pods: iptables -I FORWARD -i edgeb-+ -j ACCEPT; iptables -I FORWARD -o edgeb-+ -j "
                    + "ACCEPT (ufw: ufw default allow routed)")
        }
        if facts.hasFirewalld {
            return Finding(
                .warning, "firewall", "firewalld rejects what its zones do not allow",
                fix:
                    "firewall-cmd --permanent --zone=trusted --add-source=10.42.0.0/16 --add-source=10.43.0.0/16 "
                    + "&& firewall-cmd --reload")
        }
        return Finding(.ok, "firewall", "nobody else drops forwarded packets by policy")
    }
}
