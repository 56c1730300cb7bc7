import Testing

@testable import EdgeRuntime

@Suite struct SandboxPlanTests {
    private var config: PodSandboxConfig {
        PodSandboxConfig(name: "p", namespace: "n", uid: "u", logDirectory: "/l", cgroup: "c")
    }

    @Test(arguments: [
        ("net.ipv4.ip_unprivileged_port_start", "net/ipv4/ip_unprivileged_port_start"),
        ("net/ipv4/conf/eth0.1/forwarding", "net/ipv4/conf/eth0.1/forwarding"),
        ("net.ipv4.conf.eth0/1.forwarding", "net/ipv4/conf/eth0.1/forwarding"),
        ("kernel.shm_rmid_forced", "kernel/shm_rmid_forced"), ("kernel.msgmax", "kernel/msgmax"),
        ("fs.mqueue.msg_max", "fs/mqueue/msg_max"),
    ])
    func namesSysctls(name: String, path: String) throws {
        var config = config
        config.sysctls = [name: "1"]
        #expect(try SandboxPlan.steps(config) == [.loopback, .sysctl(name: path, value: "1")])
    }

    @Test(arguments: ["vm.swappiness", "kernel.panic", "net/../kernel/panic", "fs.file-max"])
    func refusesWhatIsTheHosts(name: String) {
        var config = config
        config.sysctls = [name: "1"]
        #expect(throws: RuntimeError.self) { try SandboxPlan.steps(config) }
    }

    @Test func hostNamespacesStayUntouched() throws {
        var config = config
        config.hostname = "web"
        config.hostNetwork = true
        config.hostIPC = true
        #expect(try SandboxPlan.steps(config) == [])
        #expect(SandboxPlan.namespaces(config) == [])
        config.sysctls = ["net.core.somaxconn": "1"]
        #expect(throws: RuntimeError.self) { try SandboxPlan.steps(config) }
    }
}
