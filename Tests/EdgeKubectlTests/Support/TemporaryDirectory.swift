import Glibc

@testable import EdgeKubectl

/// A directory for one test, removed with all that is in it when nobody holds it any more.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = try HostFiles.makeTemporary(prefix: "kubectl-test-", suffix: "")
        HostFiles.remove(path)
        try HostFiles.makeDirectories(path)
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        if HostFiles.isDirectory(path) {
            for name in (try? HostFiles.names(path)) ?? [] { remove("\(path)/\(name)") }
        }
        _ = Glibc.remove(path)
    }
}
