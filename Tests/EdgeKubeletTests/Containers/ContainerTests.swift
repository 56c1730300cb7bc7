import EdgeAPI
import EdgeJSON
import EdgeRuntime
import EdgeSystem
import Testing

@testable import EdgeKubelet

struct ContainerResourcesTests {
    private func container(_ resources: String) throws -> EdgeAPI.Container {
        try makePod(#"{"containers":[{"name":"c","image":"i","resources":\#(resources)}]}"#).spec.containers[
            0]
    }

    @Test func limitsOfAContainer() throws {
        let limits = ContainerResources.limits(
            of: try container(#"{"requests":{"cpu":"250m"},"limits":{"cpu":"500m","memory":"64Mi"}}"#))
        #expect(limits.cpuShares == 256)
        #expect(limits.cpuQuota == 50_000)
        #expect(limits.cpuPeriod == 100_000)
        #expect(limits.memory == 64 << 20)
        let none = ContainerResources.limits(of: try container("{}"))
        #expect(none.cpuShares == 2)
        #expect(none.cpuQuota == nil)
        #expect(none.memory == nil)
        let limitOnly = ContainerResources.limits(of: try container(#"{"limits":{"cpu":"5m"}}"#))
        #expect(limitOnly.cpuShares == 5)
        #expect(limitOnly.cpuQuota == 1000)
    }

    @Test(arguments: [
        (#"{}"#, "kubepods/besteffort/poduid-1", 1000),
        (#"{"requests":{"memory":"100Mi"}}"#, "kubepods/burstable/poduid-1", 903),
        (#"{"limits":{"cpu":"1","memory":"100Mi"}}"#, "kubepods/poduid-1", -997),
    ])
    func qualityOfService(_ resources: String, _ group: String, _ score: Int) throws {
        var text = resources
        if text.contains("limits") {
            text = #"{"limits":{"cpu":"1","memory":"100Mi"},"requests":{"cpu":"1","memory":"100Mi"}}"#
        }
        let pod = try makePod(#"{"containers":[{"name":"c","image":"i","resources":\#(text)}]}"#)
        #expect(ContainerResources.podCgroup(pod) == group)
        let adjustment = ContainerResources.oomScoreAdjustment(
            of: pod.spec.containers[0], in: pod.spec, memoryCapacity: 1 << 30)
        #expect(adjustment == score)
    }
}

struct SecurityPlanTests {
    private func plan(_ own: String, pod: String = "{}", user: String = "") throws -> SecurityPlan {
        let pod = try makePod(
            #"{"securityContext":\#(pod),"containers":[{"name":"c","image":"i","securityContext":\#(own)}]}"#)
        return try SecurityPlan(pod.spec.containers[0], in: pod, imageUser: user)
    }

    @Test func ownBeforeThePods() throws {
        let result = try plan(
            #"{"runAsUser":7,"capabilities":{"add":["NET_ADMIN"],"drop":["ALL"]},"allowPrivilegeEscalation":false}"#,
            pod: #"{"runAsUser":1,"runAsGroup":2,"fsGroup":3,"supplementalGroups":[4]}"#, user: "www")
        #expect(result.user.uid == 7)
        #expect(result.user.gid == 2)
        #expect(result.user.supplementalGroups == [4, 3])
        #expect(result.security.addedCapabilities == ["NET_ADMIN"])
        #expect(result.security.droppedCapabilities == ["ALL"])
        #expect(result.security.noNewPrivileges)
        #expect(result.security.seccomp == .runtimeDefault)
        #expect(try plan(#"{"seccompProfile":{"type":"Unconfined"}}"#).security.seccomp == .unconfined)
    }

    @Test(arguments: [
        ("0", "container has runAsNonRoot and image will run as root"),
        ("", "container has runAsNonRoot and image will run as root"),
        (
            "www",
            "container has runAsNonRoot and image has non-numeric user (www), cannot verify user is non-root"
        ),
    ])
    func nonRoot(_ user: String, _ message: String) throws {
        #expect(throws: KubeletError(message)) { try plan(#"{"runAsNonRoot":true}"#, user: user) }
        #expect(try plan(#"{"runAsNonRoot":true}"#, user: "1000:0").user.uid == nil)
        #expect(try plan(#"{"runAsNonRoot":true,"runAsUser":5}"#, user: user).user.uid == 5)
    }

    @Test(arguments: [
        #"{"seccompProfile":{"type":"Localhost","localhostProfile":"x"}}"#,
        #"{"appArmorProfile":{"type":"Localhost","localhostProfile":"x"}}"#,
        #"{"seLinuxOptions":{"level":"s0"}}"#,
    ])
    func refusals(_ own: String) {
        #expect(throws: KubeletError.self) { try plan(own) }
    }

    @Test func sysctls() throws {
        let safe = try makePod(
            #"{"securityContext":{"sysctls":[{"name":"net.ipv4.tcp_syncookies","value":"1"}]},"containers":[]}"#
        )
        #expect(PodFeatures.refusal(safe) == nil)
        let unsafe = try makePod(
            #"{"securityContext":{"sysctls":[{"name":"kernel.msgmax","value":"1"}]},"containers":[]}"#)
        #expect(PodFeatures.refusal(unsafe)?.reason == "SysctlForbidden")
    }
}

struct ContainerCommandTests {
    @Test(arguments: [
        (#"{"name":"c","image":"i"}"#, ["entry", "cmd"]),
        (#"{"name":"c","image":"i","args":["x"]}"#, ["entry", "x"]),
        (#"{"name":"c","image":"i","command":["sh","$(A)"]}"#, ["sh", "1"]),
        (#"{"name":"c","image":"i","command":["sh"],"args":["$$(A)"]}"#, ["sh", "$(A)"]),
    ])
    func arguments(_ text: String, _ expected: [String]) throws {
        var image = ImageForContainer(root: .layers(["/l"]))
        image.entrypoint = ["entry"]
        image.command = ["cmd"]
        let container = EdgeAPI.Container(try JSONValue(parsing: text))
        #expect(ContainerCommand.arguments(of: container, image: image, environment: ["A": "1"]) == expected)
    }

    @Test(arguments: [("SIGTERM", 15), ("term", 15), ("9", 9), ("SIGRTMIN+3", 37)])
    func signals(_ text: String, _ number: Int32) {
        #expect(ContainerCommand.signal(text) == number)
        #expect(ContainerCommand.signal("SIGNONE") == nil)
    }
}
