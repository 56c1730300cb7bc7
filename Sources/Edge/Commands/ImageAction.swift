internal import EdgeHost
internal import EdgeJSON
internal import EdgeRuntime

/// One `edge image` command, asked of the running edge; else done on the store itself, whose lock keeps an edge from
/// starting meanwhile.
struct ImageAction {
    private let location: HostLocation
    private let arguments: JSONValue
    private let action: String

    init(_ host: HostOptions, _ action: String, _ names: [String]) throws {
        location = try HostLocation(host)
        self.action = action
        arguments = ["action": .string(action), "names": .array(names.map { .string($0) })]
    }

    /// - Parameter item: called for each image.
    @discardableResult
    func run(_ item: (JSONValue) -> Void) async throws -> JSONValue {
        do {
            return try await ControlClient.ask(
                location.layout.controlSocket, ControlRequest("image", arguments), item: item)
        } catch let error as ControlError where error.code == .notRunning {
            if let process = location.runningProcess {
                throw CommandFailure("image \(action): edge (process \(process)) is not ready to answer yet")
            }
        }
        // Pods may go on without edge, and only edge knows which images they use.
        guard action != "rm", action != "prune" else {
            throw CommandFailure(
                "image \(action): edge is not running, so that the images in use are not known")
        }
        return try await runAlone(item)
    }

    private func runAlone(_ item: (JSONValue) -> Void) async throws -> JSONValue {
        let registries = location.flag("private-registry") ?? NodeOptions.defaultRegistries
        let images = try await NodeAgent.openImages(location.layout.imageStore, registries: registries)
        let (items, continuation) = AsyncStream.makeStream(
            of: JSONValue.self, bufferingPolicy: .bufferingOldest(65536))
        let result: Result<JSONValue, any Error>
        do {
            result = .success(
                try await ImageControl(images: images).answer(arguments) { continuation.yield($0) })
        } catch {
            result = .failure(error)
        }
        continuation.finish()
        for await value in items { item(value) }
        images.shutDown()
        return try result.get()
    }
}
