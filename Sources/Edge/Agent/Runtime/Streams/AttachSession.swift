public import EdgeSystem
internal import Synchronization

/// An attachment to a running container's own streams.
public final class AttachSession: Sendable {
    public enum Stream: Sendable, Equatable {
        case output
        case errorOutput
    }

    public struct Chunk: Sendable, Equatable {
        public let stream: Stream
        public let bytes: [UInt8]
    }

    /// Where to write to the container; nil if it has no input.
    public let input: AsyncDescriptor?
    public let hasTerminal: Bool
    private let packets: AsyncDescriptor
    private let onInputEnd: Mutex<(@Sendable () async -> Void)?>

    init(
        packets: AsyncDescriptor, input: AsyncDescriptor?, hasTerminal: Bool,
        onInputEnd: @escaping @Sendable () async -> Void
    ) {
        self.packets = packets
        self.input = input
        self.hasTerminal = hasTerminal
        self.onInputEnd = Mutex(onInputEnd)
    }

    /// What the container writes from now on; nil when it has ended. Not reading holds the container up.
    public func next() async throws -> Chunk? {
        // One packet per read, and none is longer.
        guard let packet = try await packets.read(upTo: 65536), let number = packet.first else { return nil }
        return Chunk(stream: number == 2 ? .errorOutput : .output, bytes: Array(packet.dropFirst()))
    }

    public func resize(columns: UInt16, rows: UInt16) throws(SystemError) {
        if hasTerminal { try input?.setWindowSize(columns: columns, rows: rows) }
    }

    /// Nothing more will be written by this attachment. The container's input ends if it was made to end with the
    /// first attachment's (`stdinOnce`); else it stays open for the next one.
    public func endInput() async {
        input?.close()
        let action = onInputEnd.withLock { action in
            defer { action = nil }
            return action
        }
        await action?()
    }

    /// Ends the attachment. The container goes on.
    public func close() {
        packets.close()
        input?.close()
    }

    deinit { close() }
}
