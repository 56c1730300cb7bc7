import EdgeJSON
import EdgeSystem
import Testing

@testable import EdgeHost

struct RecordTests {
    @Test func readsWhatTheInstallerWrites() {
        let record = InstallRecord(
            text: """
                # a comment
                service-manager=none
                binary=/usr/local/bin/edge
                file=/etc/edge/service
                file=/usr/local/bin/kubectl
                pid-file=/run/edge.supervisor.pid
                directory=/etc/edge
                environment-file=/etc/edge/edge.env
                argument=server
                argument=--node-label=a=b c
                """)
        #expect(record.serviceManager == .none)
        #expect(record.binary == "/usr/local/bin/edge")
        #expect(record.files == ["/etc/edge/service", "/usr/local/bin/kubectl"])
        #expect(record.directories == ["/etc/edge"])
        #expect(record.arguments == ["server", "--node-label=a=b c"])
        #expect(record.pidFile == "/run/edge.supervisor.pid")
        #expect(InstallRecord(text: "service-manager=systemd").serviceManager == .systemd)
    }

    @Test func readsTheEnvironmentAsAShellWould() {
        let text = "# no\nEDGE_URL='https://a:6443'\nHTTP_PROXY=http://p:1\nEMPTY=\n"
        #expect(
            InstallRecord.environment(text) == [
                "EDGE_URL": "https://a:6443", "HTTP_PROXY": "http://p:1", "EMPTY": "",
            ])
    }

    @Test func keepsWhatEdgeHasMade() throws {
        var record = HostRecord()
        record.runDirectory = "/run/edge"
        record.kubeconfig = "/etc/edge/edge.yaml"
        record.serverURL = "https://192.0.2.1:6443"
        record.node = HostRecord.Node(
            name: "pi", clusterCIDR: "10.42.0.0/16", serviceCIDR: "10.43.0.0/16",
            cgroups: ["/sys/fs/cgroup/edge"])
        record.node?.cgroupParents = ["/sys/fs/cgroup/a"]
        #expect(HostRecord(record.json) == record)
        #expect(HostRecord([:]) == HostRecord())
    }

    @Test func repliesSurviveTheSocket() {
        for reply in [ControlReply.item(["a": 1]), .done([:]), .failed("no")] {
            #expect(ControlReply(reply.encoded) == reply)
        }
        #expect(ControlReply(Array("{}".utf8)) == nil)
        let request = ControlRequest(ControlRequest("stop", ["grace": 5]).encoded)
        #expect(request?.command == "stop" && request?.arguments["grace"]?.int == 5)
        #expect(ControlRequest(Array("x".utf8)) == nil)
    }
}
