internal import EdgeSystem

/// Control groups, with the memory controller that Raspberry Pi OS leaves off.
enum CgroupCheck {
    static func examine(_ facts: HostFacts) -> [Finding] {
        guard let layout = facts.cgroups, !layout.hierarchies.isEmpty else {
            return [
                Finding(
                    .failure, "cgroups", "no hierarchy is mounted",
                    fix: "mount -t cgroup2 none /sys/fs/cgroup (OpenRC: rc-update add cgroups boot)")
            ]
        }
        let mode =
            switch layout.mode {
            case .unified: "version 2"
            case .legacy: "version 1"
            case .hybrid: "version 1, with an empty version 2"
            }
        var findings = [Finding(.ok, "cgroups", mode)]
        let missing = ["cpu", "pids"].filter { layout.hierarchy(of: $0) == nil }
        if !missing.isEmpty {
            findings.append(
                Finding(
                    .warning, "cgroups",
                    "without the controllers \(missing.joined(separator: ", ")) their limits do not hold",
                    fix: "boot a kernel that has them, without cgroup_disable on its command line"))
        }
        findings.append(memory(facts, layout))
        return findings
    }

    private static let words = ["cgroup_enable=memory", "cgroup_memory=1"]

    private static func memory(_ facts: HostFacts, _ layout: CgroupLayout) -> Finding {
        if layout.hierarchy(of: "memory") != nil {
            return Finding(.ok, "memory cgroup", "limits of memory hold")
        }
        let text = "off: limits of memory do not hold, and a pod can take all of it"
        guard let file = facts.bootArguments else {
            return Finding(
                .warning, "memory cgroup", text,
                fix: "add \(words.joined(separator: " ")) to the kernel's command line and reboot")
        }
        let present = file.text.split(whereSeparator: \.isWhitespace).map(String.init)
        let absent = words.filter { !present.contains($0) }
        if absent.isEmpty {
            return Finding(
                .warning, "memory cgroup", "\(text); \(file.path) switches it on already", fix: "reboot")
        }
        return Finding(
            .warning, "memory cgroup", text,
            fix: "edge doctor --fix adds \(absent.joined(separator: " ")) to \(file.path); then reboot",
            repair: .kernelArguments(file: file.path, words: absent))
    }

    /// The command line is one line; what follows a newline the boot loader ignores.
    static func adding(_ words: [String], to text: String) -> String {
        let line = text.prefix { $0 != "\n" }
        let rest = text.dropFirst(line.count)
        var trimmed = line
        while trimmed.last == " " { trimmed = trimmed.dropLast() }
        return ([String(trimmed)] + words).joined(separator: " ") + (rest.isEmpty ? "\n" : String(rest))
    }
}
