import EdgeAPI
import EdgeRuntime
import Testing

@testable import EdgeKubelet

struct MountPlanTests {
    private func plan(_ mounts: String) throws -> [EdgeRuntime.VolumeMount] {
        let pod = try makePod(#"{"containers":[{"name":"c","image":"i","volumeMounts":\#(mounts)}]}"#)
        return try MountPlan(
            container: pod.spec.containers[0],
            volumes: [
                "data": PreparedVolume(path: "/v/data"),
                "cfg": PreparedVolume(path: "/v/cfg", isProjected: true),
            ], environment: ["POD": "web"]
        ).mounts()
    }

    @Test func plainMounts() throws {
        let mounts = try plan(
            """
            [{"name":"data","mountPath":"/a"},{"name":"cfg","mountPath":"/b"},
            {"name":"data","mountPath":"/c","subPathExpr":"logs/$(POD)","readOnly":true,"mountPropagation":"HostToContainer"}]
            """)
        #expect(mounts[0].source == .host(path: "/v/data", subPath: ""))
        #expect(!mounts[0].isReadOnly)
        #expect(mounts[1].isReadOnly)
        #expect(mounts[2].source == .host(path: "/v/data", subPath: "logs/web"))
        #expect(mounts[2].createsSource)
        #expect(mounts[2].propagation == .slave)
    }

    @Test(arguments: [
        #"[{"name":"none","mountPath":"/a"}]"#, #"[{"name":"data","mountPath":"/a","subPath":"/abs"}]"#,
        #"[{"name":"data","mountPath":"/a","subPath":"../x"}]"#,
        #"[{"name":"data","mountPath":"/a","subPathExpr":"$(NONE)"}]"#,
    ])
    func refusals(_ mounts: String) {
        #expect(throws: KubeletError.self) { try plan(mounts) }
    }
}
