import EdgeSystem
import Testing

@testable import EdgeHost

struct DoctorTests {
    private static func layout(_ controllers: [String]) -> CgroupLayout {
        CgroupLayout(hierarchies: [
            .init(mountPoint: "/sys/fs/cgroup", controllers: controllers, isUnified: true, base: "")
        ])
    }

    /// A host on which everything is in order.
    private static var good: HostFacts {
        var facts = HostFacts()
        facts.kernelRelease = "6.1.0-13-arm64"
        facts.cgroups = layout(["cpu", "memory", "pids"])
        facts.hostName = "pi.example"
        facts.totalMemory = 1 << 30
        facts.dataPath = "/var/lib"
        facts.dataType = "ext4"
        facts.availableDisk = 8 << 30
        facts.now = 1_790_000_000
        facts.binaryTime = 1_780_000_000
        facts.ports = [.init(6443, isTaken: false, isEssential: true)]
        facts.probes = [("overlayfs", ""), ("vxlan", "")]
        return facts
    }

    @Test func findsNothingOnAGoodHost() {
        #expect(Doctor.examine(Self.good).allSatisfy { $0.level == .ok })
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let subject: String
        let level: Finding.Level
        /// Part of the text or of the fix.
        let says: String
        let change: @Sendable (inout HostFacts) -> Void
        var testDescription: String { "\(subject): \(says)" }
    }

    static let cases = [
        Case(subject: "user", level: .failure, says: "sudo") { $0.isRoot = false },
        Case(subject: "kernel", level: .failure, says: "older than 5.10") {
            $0.kernelRelease = "5.4.0-1-rpi"
        },
        Case(subject: "kernel", level: .warning, says: "not understood") { $0.kernelRelease = "generic" },
        Case(subject: "kernel", level: .failure, says: "net, pid") { $0.missingNamespaces = ["net", "pid"] },
        Case(subject: "seccomp", level: .failure, says: "CONFIG_SECCOMP_FILTER") { $0.hasSeccomp = false },
        Case(subject: "cgroups", level: .failure, says: "mount -t cgroup2") { $0.cgroups = nil },
        Case(subject: "cgroups", level: .warning, says: "cpu, pids") { $0.cgroups = layout(["memory"]) },
        Case(subject: "memory cgroup", level: .warning, says: "kernel's command line and reboot") {
            $0.cgroups = layout(["cpu", "pids"])
        },
        Case(subject: "memory cgroup", level: .warning, says: "edge doctor --fix") {
            $0.cgroups = layout(["cpu", "pids"])
            $0.bootArguments = ("/boot/firmware/cmdline.txt", "console=tty1 root=/dev/mmcblk0p2\n")
        },
        Case(subject: "memory cgroup", level: .warning, says: "switches it on already") {
            $0.cgroups = layout(["cpu", "pids"])
            $0.bootArguments = ("/boot/cmdline.txt", "cgroup_memory=1 cgroup_enable=memory root=/dev/sda1\n")
        },
        Case(subject: "overlayfs", level: .failure, says: "no such device") {
            $0.probes = [("overlayfs", "no such device")]
        },
        Case(subject: "vxlan", level: .warning, says: "linux-modules-extra-raspi") {
            $0.probes = [("vxlan", "not supported")]
        },
        Case(subject: "disk", level: .failure, says: "read-only") { $0.isDataReadOnly = true },
        Case(subject: "disk", level: .failure, says: "100 MiB") { $0.availableDisk = 100 << 20 },
        Case(subject: "disk", level: .warning, says: "some GiB") { $0.availableDisk = 500 << 20 },
        Case(subject: "disk", level: .failure, says: "make room") { $0.freeFiles = 0 },
        Case(subject: "disk", level: .warning, says: "in memory") { $0.dataType = "tmpfs" },
        Case(subject: "disk", level: .warning, says: "network file system") { $0.dataType = "nfs4" },
        Case(subject: "memory", level: .warning, says: "128 MiB") { $0.totalMemory = 128 << 20 },
        Case(subject: "clock", level: .failure, says: "1970") { $0.now = 3600 },
        Case(subject: "clock", level: .warning, says: "behind") { $0.now = 1_770_000_000 },
        Case(subject: "node name", level: .failure, says: "my_pi") { $0.hostName = "my_pi" },
        Case(subject: "node name", level: .warning, says: "localhost") { $0.hostName = "localhost" },
        Case(subject: "address", level: .warning, says: "loopback") { $0.hasAddress = false },
        Case(subject: "ports", level: .failure, says: "6443 is in use") {
            $0.ports = [.init(6443, isTaken: true, isEssential: true)]
        },
        Case(subject: "ports", level: .warning, says: "8472/udp is in use") {
            $0.ports = [.init(8472, isUDP: true, isTaken: true, isEssential: false)]
        },
        Case(subject: "ports", level: .ok, says: "runs already") {
            $0.ports = [.init(6443, isTaken: true, isEssential: true)]
            $0.isRunning = true
        },
        Case(subject: "firewall", level: .warning, says: "nft chain ip filter FORWARD") {
            $0.droppingChains = ["nft chain ip filter FORWARD"]
        },
        Case(subject: "firewall", level: .warning, says: "firewall-cmd") { $0.hasFirewalld = true },
    ]

    @Test(arguments: cases) func tellsWhatIsWrong(_ example: Case) throws {
        var facts = Self.good
        example.change(&facts)
        let findings = Doctor.examine(facts).filter { $0.subject == example.subject }
        let finding = try #require(findings.first { $0.level == example.level })
        #expect((finding.text + " " + (finding.fix ?? "")).contains(example.says))
        #expect(finding.level == .ok || finding.fix != nil)
    }

    @Test func offersToAddOnlyWhatTheCommandLineLacks() throws {
        var facts = Self.good
        facts.cgroups = Self.layout(["cpu", "pids"])
        facts.bootArguments = ("/boot/cmdline.txt", "cgroup_enable=memory root=/dev/sda1\n")
        let repairs = Doctor.examine(facts).compactMap(\.repair)
        #expect(repairs == [.kernelArguments(file: "/boot/cmdline.txt", words: ["cgroup_memory=1"])])
    }

    @Test(arguments: [
        ("a=1 b\n", "a=1 b x y\n"), ("a=1 b ", "a=1 b x y\n"), ("a\nignored\n", "a x y\nignored\n"),
    ])
    func addsWordsToTheOneLine(_ text: String, _ expected: String) {
        #expect(CgroupCheck.adding(["x", "y"], to: text) == expected)
    }

    @Test func showsTheFixOnALineOfItsOwn() {
        #expect(
            Finding(.warning, "disk", "full", fix: "make room").lines == [
                "warn  disk: full", "      fix: make room",
            ])
        #expect(Finding(.ok, "disk", "fine").lines == ["OK    disk: fine"])
    }
}
