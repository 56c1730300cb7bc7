import EdgeJSON
import EdgeSystem
import Testing

@testable import EdgeHost

struct ControlServerTests {
    @discardableResult
    private func serve<Value: Sendable>(
        _ handler: @escaping ControlServer.Handler, _ body: @Sendable (String) async throws -> Value
    ) async throws -> Value {
        let directory = "/tmp/edge-control-\(SystemRandomNumberGenerator.text())"
        try Directory.make(directory)
        defer { try? Directory.removeTree(directory) }
        let path = "\(directory)/edge.sock"
        let server = ControlServer(path: path, reactor: try Reactor(), handler: handler)
        let task = Task { try await server.run() }
        defer { task.cancel() }
        while !File.exists(path) { await Task.yield() }
        return try await body(path)
    }

    @Test func answersWithItemsAndAnEnd() async throws {
        let (end, items) = try await serve { request, send in
            for number in 0..<2000 { try await send(["n": .int(Int64(number))]) }
            return ["command": .string(request.command)]
        } _: { path in
            var items: [Int64] = []
            let end = try await ControlClient.ask(path, ControlRequest("status")) {
                items.append($0["n"]?.int ?? -1)
            }
            return (end, items)
        }
        #expect(end["command"]?.string == "status")
        #expect(items == Array(0..<2000))
    }

    @Test func tellsAFailure() async throws {
        try await serve { _, _ in
            throw ControlError(.refused, "not now")
        } _: { path in
            await #expect(throws: ControlError(.refused, "not now")) {
                try await ControlClient.ask(path, ControlRequest("stop"))
            }
        }
    }

    @Test func knowsThatNobodyListens() async {
        await #expect(throws: ControlError(.notRunning, "edge is not running")) {
            try await ControlClient.ask("/nonexistent/edge.sock", ControlRequest("status"))
        }
    }
}

extension SystemRandomNumberGenerator {
    fileprivate static func text() -> String { String(UInt64.random(in: 0...UInt64.max), radix: 36) }
}
