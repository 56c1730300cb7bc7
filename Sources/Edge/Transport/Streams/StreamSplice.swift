/// Joins two byte streams: what one side sends goes to the other, each direction with its own end and
/// backpressure.
public enum StreamSplice {
    /// Returns when both directions have ended or one has broken; both streams are closed then.
    public static func run(_ left: any ByteStream, _ right: any ByteStream) async {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await copy(from: left, to: right) }
            group.addTask { await copy(from: right, to: left) }
            // When a direction breaks, the other one has nobody to talk to either.
            while let isOrderly = await group.next() {
                if !isOrderly { group.cancelAll() }
            }
        }
        left.close()
        right.close()
    }

    /// Copies until the end, and passes the end on; false when a stream broke.
    static func copy(from source: any ByteStream, to sink: any ByteStream) async -> Bool {
        do {
            while let bytes = try await source.read() { try await sink.write(bytes) }
            try await sink.finish()
            return true
        } catch {
            return false
        }
    }
}
