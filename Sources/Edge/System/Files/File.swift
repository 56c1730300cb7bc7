internal import CEdgeLinux
internal import Glibc

/// Whole files. All of it blocks: call it from a `BlockingPool` unless the file is the kernel's (/proc, /sys)
/// or known to be small and cached.
public enum File {
    public struct OpenOptions: OptionSet, Sendable {
        public let rawValue: Int32
        public init(rawValue: Int32) { self.rawValue = rawValue }
        public static let write = OpenOptions(rawValue: O_WRONLY)
        public static let readWrite = OpenOptions(rawValue: O_RDWR)
        public static let create = OpenOptions(rawValue: O_CREAT)
        public static let exclusive = OpenOptions(rawValue: O_EXCL)
        public static let truncate = OpenOptions(rawValue: O_TRUNC)
        public static let append = OpenOptions(rawValue: O_APPEND)
        public static let noFollow = OpenOptions(rawValue: O_NOFOLLOW)
        public static let directory = OpenOptions(rawValue: O_DIRECTORY)
        public static let pathOnly = OpenOptions(rawValue: 0o10000000)  // O_PATH, a GNU macro
        public static let nonBlocking = OpenOptions(rawValue: O_NONBLOCK)
    }

    /// Opens for reading unless the options say otherwise; always close-on-exec.
    public static func open(_ path: String, _ options: OpenOptions = [], mode: UInt32 = 0o644)
        throws(SystemError) -> FileDescriptor
    {
        FileDescriptor(owning: try check(edge_open(path, options.rawValue, mode), "open", path))
    }

    /// Reads up to `limit` bytes; a longer file is an error (EFBIG), since the callers know what they expect.
    public static func read(_ path: String, limit: Int = 64 << 20) throws(SystemError) -> [UInt8] {
        let file = try open(path)
        return try read(file.rawValue, limit: limit, name: path)
    }

    public static func readText(_ path: String, limit: Int = 64 << 20) throws(SystemError) -> String {
        String(decoding: try read(path, limit: limit), as: UTF8.self)
    }

    /// Reads an open file to its end. The kernel's own files have no size: reading goes on until nothing comes.
    public static func read(_ descriptor: Int32, limit: Int, name: String) throws(SystemError) -> [UInt8] {
        var status = stat()
        fstat(descriptor, &status)
        var bytes: [UInt8] = []
        var capacity = max(4096, min(Int(status.st_size) + 1, limit + 1))
        while true {
            let start = bytes.count
            let room = capacity - start
            var failure: SystemError?
            bytes.append(
                contentsOf: [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                    do throws(SystemError) {
                        count = try checkErrno("read", name) {
                            Glibc.read(descriptor, buffer.baseAddress, room)
                        }
                    } catch {
                        failure = error
                    }
                })
            if let failure { throw failure }
            if bytes.count == start { return bytes }
            if bytes.count > limit { throw SystemError("read", name, .fileTooBig) }
            if bytes.count == capacity { capacity = min(capacity * 2, limit + 1 + capacity) }
        }
    }

    /// Writes bytes into an existing file of the kernel, in one call as those want it.
    public static func put(_ text: String, into path: String) throws(SystemError) {
        let file = try open(path, [.write])
        let descriptor = file.rawValue
        var text = text
        try checkErrno("write", path) {
            text.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        }
    }

    /// Makes or overwrites a file; not atomic, not durable.
    public static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws(SystemError) {
        let file = try open(path, [.write, .create, .truncate], mode: mode)
        try writeAll(bytes, to: file.rawValue, name: path)
    }

    /// Replaces a file so that a reader sees the old or the new contents, and after a crash one of both is
    /// there. `durable` adds the fsyncs that power loss asks for.
    public static func writeAtomically(
        _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644, durable: Bool = true
    ) throws(SystemError) {
        let temporary = "\(path).new.\(getpid())"
        do throws(SystemError) {
            let file = try open(temporary, [.write, .create, .truncate, .noFollow], mode: mode)
            let descriptor = file.rawValue
            try writeAll(bytes, to: descriptor, name: temporary)
            if durable { try checkErrno("sync", temporary) { fsync(descriptor) } }
            try checkErrno("rename", path) { Glibc.rename(temporary, path) }
        } catch {
            unlink(temporary)
            throw error
        }
        if durable { try syncDirectory(of: path) }
    }

    private static func syncDirectory(of path: String) throws(SystemError) {
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let directory = try open(parent.isEmpty ? "/" : parent, [.directory])
        let descriptor = directory.rawValue
        try checkErrno("sync", parent) { fsync(descriptor) }
    }

    static func writeAll(_ bytes: [UInt8], to descriptor: Int32, name: String) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let start = done
            done += try checkErrno("write", name) {
                bytes.withUnsafeBytes { buffer in
                    Glibc.write(descriptor, buffer.baseAddress.map { $0 + start }, buffer.count - start)
                }
            }
        }
    }

    /// False also where the path cannot be looked at.
    public static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Gives a file another name, replacing what has it.
    public static func rename(_ path: String, to other: String) throws(SystemError) {
        try checkErrno("rename", path) { Glibc.rename(path, other) }
    }

    /// Removes a file or link; one that is not there is fine.
    public static func remove(_ path: String) throws(SystemError) {
        do throws(SystemError) {
            try checkErrno("remove", path) { unlink(path) }
        } catch {
            if error.errno != .noEntry { throw error }
        }
    }
}
