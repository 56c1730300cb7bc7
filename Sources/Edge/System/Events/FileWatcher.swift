internal import CEdgeLinux
internal import Glibc
internal import Synchronization

/// Reports changes in directories or of files, by inotify.
public final class FileWatcher: Sendable {
    public struct Events: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        public static let modified = Events(rawValue: 0x2)
        public static let attributes = Events(rawValue: 0x4)
        public static let closedAfterWriting = Events(rawValue: 0x8)
        public static let movedFrom = Events(rawValue: 0x40)
        public static let movedTo = Events(rawValue: 0x80)
        public static let created = Events(rawValue: 0x100)
        public static let deleted = Events(rawValue: 0x200)
        public static let selfDeleted = Events(rawValue: 0x400)
        public static let selfMoved = Events(rawValue: 0x800)
        /// Anything that changes what a directory's files say, once they are complete.
        public static let contents: Events = [
            .closedAfterWriting, .movedFrom, .movedTo, .deleted, .selfDeleted,
        ]
    }

    public struct Change: Sendable, Equatable {
        /// As given to `watch`.
        public let path: String
        /// Of the entry inside a watched directory; empty for the watched path itself.
        public let name: String
        public let events: Events
        /// Changes were lost: look at everything again.
        public let overflowed: Bool
    }

    public let changes: AsyncStream<Change>
    private let continuation: AsyncStream<Change>.Continuation
    private let descriptor: SharedDescriptor
    private let paths = Mutex<[Int32: String]>([:])
    private let registration = Mutex<Reactor.Registration?>(nil)

    public init(reactor: Reactor) throws(SystemError) {
        let descriptor = FileDescriptor(owning: try check(edge_inotify_init(), "create inotify"))
        (changes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
        self.descriptor = SharedDescriptor(descriptor)
        let registration = try reactor.register(self.descriptor.rawValue) { [weak self] _ in self?.read() }
        try registration.arm(.readable)
        self.registration.withLock { $0 = registration }
    }

    deinit {
        registration.withLock { $0?.cancel() }
        continuation.finish()
    }

    /// Watches one directory (not those below it) or one file.
    public func watch(_ path: String, for events: Events = .contents) throws(SystemError) {
        let descriptor = descriptor.rawValue
        let watch = try checkErrno("watch", path) { inotify_add_watch(descriptor, path, events.rawValue) }
        paths.withLock { $0[watch] = path }
    }

    private func read() {
        let changes = withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 8) { buffer in
            var changes: [Change] = []
            while true {
                let count = Glibc.read(descriptor.rawValue, buffer.baseAddress, buffer.count)
                guard count > 0 else { return changes }
                changes += parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        for change in changes {
            if case .dropped = continuation.yield(change) {
                continuation.yield(Change(path: "", name: "", events: [], overflowed: true))
            }
        }
        registration.withLock { try? $0?.arm(.readable) }
    }

    /// Records of the kernel: watch, mask, cookie, length of the name, name padded with NUL.
    private func parse(_ bytes: UnsafeRawBufferPointer) -> [Change] {
        var changes: [Change] = []
        var at = 0
        while at + 16 <= bytes.count {
            let watch = bytes.loadUnaligned(fromByteOffset: at, as: Int32.self)
            let mask = bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self)
            let length = Int(bytes.loadUnaligned(fromByteOffset: at + 12, as: UInt32.self))
            guard at + 16 + length <= bytes.count else { break }
            let name = String(
                decoding: bytes[(at + 16)..<(at + 16 + length)].prefix { $0 != 0 }, as: UTF8.self)
            at += 16 + length
            let overflowed = mask & 0x4000 != 0
            let path = paths.withLock { paths in
                mask & 0x8000 != 0 ? paths.removeValue(forKey: watch) : paths[watch]
            }
            let events = Events(rawValue: mask & 0xfff)
            guard overflowed || (path != nil && !events.isEmpty) else { continue }
            changes.append(Change(path: path ?? "", name: name, events: events, overflowed: overflowed))
        }
        return changes
    }
}
