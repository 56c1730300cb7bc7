import EdgeAPI
import EdgeBase
import EdgeClient
import EdgeJSON
import EdgeRuntime
import EdgeSystem
import Logging
import Synchronization

@testable import EdgeKubelet

final class TestClock: WallClock {
    private let time: Mutex<Timestamp>

    init(_ text: String = "2026-01-01T00:00:00Z") {
        time = Mutex(Timestamp(rfc3339: text) ?? Timestamp(seconds: 0))
    }

    var now: Timestamp { time.withLock { $0 } }

    func advance(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
}

/// Images that are all present, except those that are named `missing...`.
final class TestImages: ImageProvider {
    let holders = Mutex<Set<String>>([])

    func image(_ reference: String) -> ImageSummary? {
        reference.hasPrefix("missing") ? nil : summary(reference)
    }

    func pull(_ reference: String, dockerConfigs: [[UInt8]]) async throws -> ImageSummary {
        if reference.hasPrefix("missing") { throw KubeletError("\(reference): not found") }
        return summary(reference)
    }

    private func summary(_ reference: String) -> ImageSummary {
        ImageSummary(id: "sha256:1", reference: "\(reference)@sha256:2", names: [reference], size: 42)
    }

    func prepare(_ reference: String, holder: String) async throws -> ImageForContainer {
        holders.withLock { _ = $0.insert(holder) }
        var image = ImageForContainer(root: .layers(["/layer"]))
        image.command = ["/app"]
        image.environment = ["PATH=/bin"]
        return image
    }

    func hold(_ reference: String, holder: String) {}
    func release(_ holder: String) { holders.withLock { _ = $0.remove(holder) } }
    func summaries() -> [ImageSummary] { [summary("nginx")] }
    func storageUsage() async throws -> FileSystemUsage {
        FileSystemUsage(capacity: 1 << 30, available: 1 << 29)
    }
}

final class TestNetwork: PodNetworking {
    let attached = Mutex<Set<String>>([])
    let failure = Mutex<String?>(nil)

    func attach(_ id: String, namespacePath: String) async throws -> [IPAddress] {
        attached.withLock { _ = $0.insert(id) }
        return [.v4(IPv4Address(10, 42, 0, 9))]
    }

    func detach(_ id: String) async throws { attached.withLock { _ = $0.remove(id) } }

    func addresses(of id: String) async throws -> [IPAddress] {
        attached.withLock { $0.contains(id) } ? [.v4(IPv4Address(10, 42, 0, 9))] : []
    }

    func collectGarbage(keeping ids: Set<String>) async throws {}
    func unreadyReason() async -> String? { failure.withLock { $0 } }
}

struct TestProbes: ProbeTransport {
    var status = 200

    func httpGet(_ url: String, headers: [(name: String, value: String)], timeout: Duration) async throws
        -> (status: Int, body: String)
    { (status, "") }

    func tcpConnect(host: String, port: Int, timeout: Duration) async throws {}
}

/// A directory that goes with its owner.
final class TestDirectory: Sendable {
    let path: String

    init() {
        path = "/tmp/edge-kubelet-test-\(UInt64.random(in: 0..<UInt64.max))"
        try? Directory.make(path)
    }

    deinit { try? Directory.removeTree(path) }
}

/// A kubelet with everything around it replaced.
final class TestNode: Sendable {
    let api = TestAPI()
    let clock = TestClock()
    let runtime: TestRuntime
    let images = TestImages()
    let network = TestNetwork()
    let kubelet: Kubelet
    let configuration: KubeletConfiguration
    private let informers: InformerSet
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ directory: TestDirectory, probeStatus: Int = 200) {
        runtime = TestRuntime(clock: clock)
        var configuration = KubeletConfiguration(
            nodeName: "pi", nodeAddresses: [.v4(IPv4Address(192, 168, 1, 5))],
            dataDirectory: directory.path + "/data", runDirectory: directory.path + "/run")
        configuration.logDirectory = directory.path + "/logs"
        configuration.clusterDNS = .v4(IPv4Address(10, 43, 0, 10))
        configuration.mountsMemory = false
        self.configuration = configuration
        informers = InformerSet(source: api)
        kubelet = Kubelet(
            configuration,
            KubeletDependencies(
                client: api, informers: informers, runtime: runtime, images: images, network: network,
                probes: TestProbes(status: probeStatus), reactor: nil, clock: clock))
    }

    func start() {
        let (kubelet, informers) = (kubelet, informers)
        task.withLock {
            $0 = Task {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await informers.run() }
                    group.addTask { await kubelet.run() }
                }
            }
        }
    }

    func stop() async {
        let task = task.withLock { $0 }
        task?.cancel()
        await task?.value
    }

    deinit { task.withLock { $0?.cancel() } }

    /// Waits until something holds that asynchronous work brings about; false after many tries.
    func eventually(_ condition: @Sendable () -> Bool) async -> Bool {
        for _ in 0..<5000 {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return condition()
    }
}

/// A pod made from JSON text of its spec.
func makePod(_ spec: String, name: String = "web", uid: String = "uid-1", status: String = "{}") throws -> Pod
{
    let text = """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\(name)","namespace":"default","uid":"\(uid)"},
        "spec":\(spec),"status":\(status)}
        """
    return Pod(APIObject(try JSONValue(parsing: text).object ?? JSONObject()))
}

func time(_ seconds: Int) -> Timestamp { Timestamp(seconds: 1_767_225_600 + Int64(seconds)) }
