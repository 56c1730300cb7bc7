import EdgeBase
import Logging
import Synchronization

@testable import EdgeRuntime

/// A clock that stands until it is moved.
final class ManualClock: WallClock {
    private let time = Mutex(Timestamp(seconds: 1_800_000_000))

    var now: Timestamp { time.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}

extension ImageService {
    /// A service on a directory of its own, without waits between tries.
    static func test(
        _ directory: TestDirectory, clock: any WallClock = ManualClock(),
        _ change: (inout ImageServiceConfiguration) -> Void = { _ in }
    ) async throws -> ImageService {
        var configuration = ImageServiceConfiguration(
            directory: directory.path + "/store",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        configuration.clock = clock
        configuration.retry.sleep = { _ in }
        change(&configuration)
        return try await .open(configuration)
    }

    /// Nothing half done may be left after a failure.
    var leftovers: [String] { TestDirectory.names(store.layout.ingest) }

    /// The path of a file as the uppermost layer that has it.
    func path(_ name: String, in image: String) throws -> String? {
        try rootFS(of: image).lowerDirectories.map { "\($0)/\(name)" }.first { TestDirectory.mode($0) != nil }
    }
}
