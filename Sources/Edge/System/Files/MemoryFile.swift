internal import CEdgeLinux
internal import Glibc

/// An anonymous file in memory, for handing bytes to another process.
public struct MemoryFile: ~Copyable {
    private let descriptor: FileDescriptor

    public init(name: String, contents: [UInt8] = []) throws(SystemError) {
        let memory = FileDescriptor(owning: try check(edge_memfd(name), "make memory file", name))
        try File.writeAll(contents, to: memory.rawValue, name: name)
        descriptor = memory
    }

    public var rawValue: Int32 { descriptor.rawValue }

    /// The descriptor, for holders that come and go.
    public consuming func share() -> SharedDescriptor {
        SharedDescriptor(descriptor)
    }

    /// All that has been written, whatever the position.
    public func contents() throws(SystemError) -> [UInt8] {
        let descriptor = descriptor.rawValue
        try checkErrno("seek", "memory file") { lseek(descriptor, 0, SEEK_SET) }
        return try File.read(descriptor, limit: 64 << 20, name: "memory file")
    }
}
