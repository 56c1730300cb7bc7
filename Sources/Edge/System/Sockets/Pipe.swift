internal import CEdgeLinux

/// A pipe whose ends close on exec.
public struct Pipe: ~Copyable {
    public let readEnd: FileDescriptor
    public let writeEnd: FileDescriptor

    public init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        try check(edge_pipe(&ends), "make pipe")
        readEnd = FileDescriptor(owning: ends[0])
        writeEnd = FileDescriptor(owning: ends[1])
    }

    /// Both ends, each with an owner of its own.
    public consuming func takeEnds() -> (read: SharedDescriptor, write: SharedDescriptor) {
        (SharedDescriptor(readEnd), SharedDescriptor(writeEnd))
    }
}
