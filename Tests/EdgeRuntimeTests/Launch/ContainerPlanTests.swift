import EdgeSystem
import Testing

@testable import EdgeRuntime

@Suite struct ContainerPlanTests {
    private static let unified = CgroupLayout(hierarchies: [
        .init(mountPoint: "/sys/fs/cgroup", controllers: ["cpu", "memory"], isUnified: true, base: "")
    ])
    private static let legacy = CgroupLayout(hierarchies: [
        .init(
            mountPoint: "/sys/fs/cgroup/cpu,cpuacct", controllers: ["cpu", "cpuacct"], isUnified: false,
            base: "")
    ])

    private func steps(
        layout: CgroupLayout = unified, _ change: (inout ContainerConfig) -> Void = { _ in }
    ) throws -> [LaunchStep] {
        var config = ContainerConfig(
            name: "c", root: .layers(["/l/base", "/l/top"]), arguments: ["/bin/app", "-x"])
        change(&config)
        var process = ProcessSpec()
        process.noNewPrivileges = config.security.noNewPrivileges
        return ContainerPlan(
            config: config, process: process, cgroup: Cgroup(layout: layout, path: "edge/p/c"),
            mountPoint: "/run/root",
            upper: "/c/upper", work: "/c/work", sharedMemory: "/run/s/shm", devices: [],
            filter: [1, 2]
        ).steps()
    }

    @Test func putsTheTopmostLayerFirst() throws {
        #expect(
            try steps().contains(
                .rootOverlay(
                    mountPoint: "/run/root", options: "volatile", upper: "/c/upper", work: "/c/work",
                    layers: ["/l/top", "/l/base"])))
    }

    @Test func opensVolumesBeforeAndBindsThemAfterTheIsolation() throws {
        let steps = try steps { config in
            config.mounts = [
                VolumeMount(host: "/v/inner", target: "/data/inner"),
                VolumeMount(host: "/v/outer", target: "/data", isReadOnly: true),
            ]
        }
        let isolate = try #require(steps.firstIndex(of: .isolate))
        let opened = steps[..<isolate].compactMap { step -> String? in
            if case .openBind(_, let source, _, _) = step { source } else { nil }
        }
        #expect(opened == ["/run/s/shm", "/v/inner", "/v/outer"])
        let bound = steps[isolate...].compactMap { step -> String? in
            if case .bind(let index, let target, let set, _, _) = step {
                "\(index) \(target) \(set)"
            } else {
                nil
            }
        }
        // The outer target first, by its own index.
        #expect(bound == ["2 /data 1", "0 /dev/shm 14", "1 /data/inner 0"])
    }

    @Test func entersLegacyGroupsByTheirTaskFiles() throws {
        #expect(
            try steps(layout: Self.legacy).first
                == .enterCgroup(tasksFile: "/sys/fs/cgroup/cpu,cpuacct/edge/p/c/tasks"))
        #expect(
            try steps(layout: Self.legacy).contains(
                .symlink(path: "/sys/fs/cgroup/cpu", contents: "cpu,cpuacct")))
        #expect(try steps().first == .unshare(0x0200_0000))
    }

    @Test func theFilterComesWhileItIsAllowed() throws {
        let with = try steps { $0.security.noNewPrivileges = true }
        let without = try steps()
        let drop = LaunchStep.boundingSet(.containerDefault)
        #expect(order(without, [.seccomp([1, 2]), drop]) == [0, 1])
        #expect(order(with, [drop, .noNewPrivileges, .seccomp([1, 2])]) == [0, 1, 2])
    }

    /// The places of the wanted steps, by the order in which they stand in the plan.
    private func order(_ steps: [LaunchStep], _ wanted: [LaunchStep]) -> [Int] {
        steps.compactMap { step in wanted.firstIndex(of: step) }
    }

    @Test func privilegedContainersSeeEverything() throws {
        let steps = try steps { $0.security.isPrivileged = true }
        #expect(steps.contains(.hostDevices))
        #expect(!steps.contains { if case .mask = $0 { true } else { false } })
        #expect(steps.contains(.mount(type: "sysfs", source: "sysfs", target: "/sys", flags: 14, data: "")))
    }

    @Test func endsWithTheProgram() throws {
        #expect(try steps().last == .execute(arguments: ["/bin/app", "-x"], environment: []))
    }
}
