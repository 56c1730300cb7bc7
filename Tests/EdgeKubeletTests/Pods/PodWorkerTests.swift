import EdgeAPI
import EdgeBase
import EdgeJSON
import EdgeRuntime
import EdgeSystem
import Synchronization
import Testing

@testable import EdgeKubelet

struct PodWorkerTests {
    private let directory = TestDirectory()
    private static let web = #"{"nodeName":"pi","containers":[{"name":"web","image":"nginx:1"}]}"#

    private func node() -> TestNode {
        let node = TestNode(directory)
        node.start()
        return node
    }

    @Test func runsAPod() async throws {
        let node = node()
        node.api.put(try makePod(Self.web))
        #expect(await node.eventually { node.api.pod("web")?.isReady == true })
        #expect(node.runtime.log == ["run web", "create web 0", "start web"])
        let status = try #require(node.api.pod("web")).status
        #expect(status.phase == "Running")
        #expect(status.podIP == "10.42.0.9")
        #expect(status.containerStatuses[0].imageID == "nginx:1@sha256:2")
        let config = try #require(node.runtime.config("web"))
        #expect(config.arguments == ["/app"])
        #expect(
            config.mounts.map(\.target) == [
                "/etc/hosts", "/etc/resolv.conf", "/etc/hostname", "/dev/termination-log",
            ])
        let hosts = try File.readText(directory.path + "/data/agent/pods/uid-1/etc-hosts")
        #expect(hosts.contains("10.42.0.9\tweb\n"))
        #expect(await node.eventually { node.api.events.contains("Started: Started container web") })
        #expect(node.api.events.contains("Created: Created container: web"))
        await node.stop()
    }

    @Test func restartsAfterTheBackoff() async throws {
        let node = node()
        node.api.put(try makePod(Self.web))
        #expect(await node.eventually { node.api.pod("web")?.isReady == true })
        node.runtime.exit("web", code: 1)
        #expect(await node.eventually { node.api.pod("web")?.status.containerStatuses[0].restartCount == 1 })
        #expect(await node.eventually { node.api.pod("web")?.isReady == true })
        node.runtime.exit("web", code: 1)
        #expect(
            await node.eventually {
                node.api.pod("web")?.status.containerStatuses[0].state.waiting?.reason == "CrashLoopBackOff"
            })
        let entry = try #require(node.api.pod("web")).status.containerStatuses[0]
        #expect(entry.lastState.terminated?.exitCode == 1)
        #expect(
            entry.state.waiting?.message
                == "back-off 10s restarting failed container=web pod=web_default(uid-1)")
        await node.stop()
    }

    @Test func deletesAPodWhenAllOfItIsGone() async throws {
        let node = node()
        node.api.put(try makePod(Self.web))
        #expect(await node.eventually { node.api.pod("web")?.isReady == true })
        node.api.markDeleted("web", grace: 5)
        #expect(await node.eventually { node.api.pod("web") == nil })
        #expect(node.runtime.log.suffix(3) == ["stop web 5", "stop sandbox", "remove sandbox"])
        #expect(node.network.attached.withLock { $0.isEmpty })
        #expect(await node.eventually { !File.exists(directory.path + "/data/agent/pods/uid-1") })
        #expect(node.images.holders.withLock { $0.isEmpty })
        #expect(await node.eventually { node.api.events.contains("Killing: Stopping container web") })
        await node.stop()
    }

    @Test func endsAJobsPod() async throws {
        let node = node()
        node.api.put(
            try makePod(
                #"{"nodeName":"pi","restartPolicy":"Never","containers":[{"name":"web","image":"i:1"}]}"#))
        #expect(await node.eventually { node.api.pod("web")?.isReady == true })
        try File.write(
            Array("last words".utf8), to: directory.path + "/data/agent/pods/uid-1/containers/web/0")
        node.runtime.exit("web", code: 3)
        #expect(await node.eventually { node.api.pod("web")?.status.phase == "Failed" })
        let ended = try #require(node.api.pod("web")).status.containerStatuses[0].state.terminated
        #expect(ended?.exitCode == 3)
        #expect(ended?.message == "last words")
        #expect(await node.eventually { node.runtime.listPodSandboxes().isEmpty })
        await node.stop()
    }

    @Test func takesOverWhatRuns() async throws {
        let first = node()
        first.api.put(try makePod(Self.web))
        #expect(await first.eventually { first.api.pod("web")?.isReady == true })
        let before = first.runtime.log
        await first.stop()
        first.start()
        #expect(await first.eventually { first.api.pod("web")?.isReady == true })
        #expect(first.runtime.log == before)
        await first.stop()
    }

    @Test func removesPodsThatNobodyKnows() async throws {
        let node = TestNode(directory)
        var config = SandboxPlan.config(
            try makePod(Self.web, name: "gone", uid: "uid-9"), hostname: "gone", attempt: 0,
            configuration: node.configuration)
        config.annotations[RuntimeLabels.grace] = "4"
        _ = try await node.runtime.runPodSandbox(config)
        try Directory.make(directory.path + "/data/agent/pods/uid-9/volumes")
        node.start()
        #expect(await node.eventually { node.runtime.listPodSandboxes().isEmpty })
        #expect(await node.eventually { !File.exists(directory.path + "/data/agent/pods/uid-9") })
        await node.stop()
    }

    @Test func imagesThatCannotBePulled() async throws {
        let node = node()
        node.api.put(try makePod(#"{"nodeName":"pi","containers":[{"name":"web","image":"missing:1"}]}"#))
        #expect(
            await node.eventually {
                node.api.pod("web")?.status.containerStatuses.first?.state.waiting?.reason == "ErrImagePull"
            })
        #expect(
            await node.eventually {
                node.api.events.contains("Failed: Failed to pull image \"missing:1\": missing:1: not found")
            })
        // Deleted while it waits: nothing has to be stopped but the sandbox.
        node.api.markDeleted("web")
        #expect(await node.eventually { node.api.pod("web") == nil })
        await node.stop()
    }

    @Test func volumesFromTheAPI() async throws {
        let node = node()
        node.api.put(
            try makePod(
                """
                {"nodeName":"pi","containers":[{"name":"web","image":"i:1","volumeMounts":[{"name":"all","mountPath":"/all"}]}],
                "volumes":[{"name":"all","projected":{"sources":[{"configMap":{"name":"cfg"}},
                {"serviceAccountToken":{"path":"token","expirationSeconds":3607}},
                {"downwardAPI":{"items":[{"path":"ns","fieldRef":{"fieldPath":"metadata.namespace"}}]}}]}}]}
                """))
        #expect(
            await node.eventually {
                node.api.events.contains(
                    "FailedMount: MountVolume.SetUp failed for volume \"all\" : configmap \"cfg\" not found")
            })
        var map = ConfigMap(namespace: "default", name: "cfg")
        map.data = ["key": "value"]
        node.api.put("configmaps", map.object)
        #expect(await node.eventually { node.api.pod("web")?.isReady == true })
        let path = directory.path + "/run/pods/uid-1/volumes/kubernetes.io~projected/all"
        #expect(try File.readText(path + "/key") == "value")
        #expect(try File.readText(path + "/token") == "token-of-default")
        #expect(try File.readText(path + "/ns") == "default")
        await node.stop()
    }

    @Test func unsupportedVolumesAreRefusedAloud() async throws {
        let node = node()
        node.api.put(
            try makePod(
                """
                {"nodeName":"pi","containers":[{"name":"web","image":"i:1"}],"volumes":[{"name":"d","nfs":{"server":"s","path":"/"}}]}
                """))
        #expect(
            await node.eventually {
                node.api.events.contains(
                    "FailedMount: MountVolume.SetUp failed for volume \"d\" : volumes of type nfs are not supported on this node"
                )
            })
        await node.stop()
    }

    @Test func aFailedStartCountsAsARun() async throws {
        let node = node()
        node.runtime.startError = "exec: \"/app\": no such file"
        node.api.put(try makePod(Self.web))
        #expect(
            await node.eventually {
                let entry = node.api.pod("web")?.status.containerStatuses.first
                return entry?.state.waiting?.reason == "RunContainerError"
                    && entry?.lastState.terminated?.exitCode == 128
            })
        await node.stop()
    }

    @Test func stopsAllPodsButKeepsThem() async throws {
        let node = node()
        node.api.put(try makePod(Self.web))
        #expect(await node.eventually { node.api.pod("web")?.isReady == true })
        await node.kubelet.stopAllPods(grace: 2)
        #expect(node.runtime.log.contains("stop web 2"))
        #expect(node.api.pod("web") != nil)
        #expect(node.runtime.listPodSandboxes().allSatisfy { $0.state == .notReady })
        await node.stop()
    }

    @Test func probesRestartAContainer() async throws {
        let node = TestNode(directory, probeStatus: 500)
        node.start()
        node.api.put(
            try makePod(
                """
                {"nodeName":"pi","terminationGracePeriodSeconds":9,"containers":[{"name":"web","image":"i:1","livenessProbe":
                {"httpGet":{"port":80},"failureThreshold":1}}]}
                """))
        #expect(await node.eventually { node.runtime.log.contains("stop web 9") })
        #expect(
            await node.eventually {
                node.api.events.contains("Killing: Container web failed liveness probe, will be restarted")
                    && node.api.events.contains(
                        "Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 500")
            })
        #expect(await node.eventually { node.runtime.log.contains("create web 1") })
        await node.stop()
    }
}
