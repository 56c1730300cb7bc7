internal import NIOCore

/// Port-forward over SPDY: for each connection a pair of streams with the same request number, `error` and
/// `data`.
enum SPDYPortForward {
    private static let creationTimeout = Duration.seconds(30)

    private enum Event: Sendable {
        case opened(SPDYStream)
        case ended
        case served
        case expired(String)
    }

    private struct Pair {
        var error: SPDYStream?
        var data: SPDYStream?
    }

    /// Pairs streams up and serves the pairs until the session ends.
    static func serve(_ session: SPDYSession, _ handler: @escaping PortForwardHandler) async {
        var pairs: [String: Pair] = [:]
        await withTaskGroup(of: Event.self) { group in
            func accept() {
                group.addTask {
                    guard let stream = try? await session.accept() else { return .ended }
                    return .opened(stream)
                }
            }
            accept()
            while let event = await group.next() {
                switch event {
                case .served: break
                case .ended:
                    group.cancelAll()
                case .expired(let request):
                    guard let pair = pairs.removeValue(forKey: request) else { continue }
                    pair.data?.close()
                    if let error = pair.error {
                        group.addTask {
                            try? await error.write("timed out waiting for streams of request \(request)")
                            try? await error.finish()
                            return .served
                        }
                    }
                case .opened(let stream):
                    accept()
                    guard let port = port(of: stream), let isData = isData(stream) else {
                        stream.reset(.protocolError)
                        continue
                    }
                    let request = requestID(stream, isData)
                    var pair = pairs[request] ?? Pair()
                    let isNew = pair.data == nil && pair.error == nil
                    guard (isData ? pair.data : pair.error) == nil else {
                        stream.reset(.protocolError)
                        continue
                    }
                    if isData { pair.data = stream } else { pair.error = stream }
                    if let data = pair.data, let error = pair.error {
                        pairs[request] = nil
                        group.addTask { await forward(port, data, error, stream, handler) }
                    } else {
                        pairs[request] = pair
                        group.addTask { await acknowledge(stream) }
                    }
                    if isNew {
                        group.addTask {
                            try? await Task.sleep(for: creationTimeout)
                            return .expired(request)
                        }
                    }
                }
            }
        }
    }

    private static func acknowledge(_ stream: SPDYStream) async -> Event {
        try? await stream.reply()
        return .served
    }

    private static func forward(
        _ port: Int, _ data: SPDYStream, _ error: SPDYStream, _ last: SPDYStream,
        _ handler: PortForwardHandler
    ) async -> Event {
        do {
            try await last.reply()
            try await handler(port, data)
        } catch let failure {
            try? await error.write(PortForwardServer.message(port, failure))
        }
        try? await data.finish()
        try? await error.finish()
        return .served
    }

    private static func port(of stream: SPDYStream) -> Int? {
        guard let port = stream.headers["port"].flatMap({ UInt16($0) }), port > 0 else { return nil }
        return Int(port)
    }

    private static func isData(_ stream: SPDYStream) -> Bool? {
        switch stream.headers["streamType"] {
        case "data": true
        case "error": false
        default: nil
        }
    }

    /// Very old clients send no request number: their streams come in pairs, the error stream first.
    private static func requestID(_ stream: SPDYStream, _ isData: Bool) -> String {
        stream.headers["requestID"] ?? "stream-\(isData ? stream.id &- 2 : stream.id)"
    }
}
