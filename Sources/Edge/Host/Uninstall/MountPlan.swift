public import EdgeSystem

/// Which mounts an uninstall takes off, and which it leaves.
public struct MountPlan: Sendable, Equatable {
    /// Mount points in the order in which they can be taken off: what was mounted last goes first.
    public var unmount: [String] = []
    /// Mounts that somebody else has placed inside edge's directories: they stay, with what lies on them.
    public var foreign: [String] = []

    /// - Parameters:
    ///   - mounts: in the kernel's order.
    ///   - own: directories in which all mounts are edge's.
    ///   - others: further directories of edge, such as the whole data directory.
    public init(_ mounts: [MountInfo], own: [String], others: [String]) {
        for mount in mounts.reversed() {
            if own.contains(where: { Self.isAtOrBelow(mount.mountPoint, $0) }) {
                unmount.append(mount.mountPoint)
            } else if others.contains(where: { Self.isBelow(mount.mountPoint, $0) }) {
                foreign.append(mount.mountPoint)
            }
        }
    }

    static func isBelow(_ path: String, _ directory: String) -> Bool {
        path.hasPrefix(directory == "/" ? "/" : directory + "/") && path != directory
    }

    static func isAtOrBelow(_ path: String, _ directory: String) -> Bool {
        path == directory || isBelow(path, directory)
    }
}
