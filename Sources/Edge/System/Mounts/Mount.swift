internal import CEdgeLinux
internal import Glibc

/// Mounting in the namespace of this process.
public enum Mount {
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt
        public init(rawValue: UInt) { self.rawValue = rawValue }
        public static let readOnly = Flags(rawValue: 1)
        public static let noSetUID = Flags(rawValue: 2)
        public static let noDevices = Flags(rawValue: 4)
        public static let noExecute = Flags(rawValue: 8)
        public static let remount = Flags(rawValue: 32)
        public static let noAccessTimes = Flags(rawValue: 1024)
        public static let bind = Flags(rawValue: 4096)
        public static let recursive = Flags(rawValue: 16384)
        public static let `private` = Flags(rawValue: 1 << 18)
        public static let slave = Flags(rawValue: 1 << 19)
        public static let shared = Flags(rawValue: 1 << 20)
        public static let relativeAccessTimes = Flags(rawValue: 1 << 21)
    }

    public static func mount(
        type: String, source: String, at target: String, flags: Flags = [], options: String = ""
    ) throws(SystemError) {
        try check(edge_mount(source, target, type, flags.rawValue, options), "mount \(type) at", target)
    }

    public static func bind(_ source: String, at target: String, flags: Flags = []) throws(SystemError) {
        let all = flags.union(.bind)
        try check(edge_mount(source, target, nil, all.rawValue, nil), "bind \(source) at", target)
        // The kernel ignores further flags of a new bind mount.
        let attributes = flags.subtracting([.bind, .recursive])
        guard !attributes.isEmpty else { return }
        let remount = attributes.union([.bind, .remount])
        try check(edge_mount(nil, target, nil, remount.rawValue, nil), "remount", target)
    }

    /// Passes mounts below on to later copies of this one, and takes theirs.
    public static func makeShared(_ target: String) throws(SystemError) {
        try check(edge_mount(nil, target, nil, Flags.shared.rawValue, nil), "share mount", target)
    }

    public static func makePrivate(_ target: String) throws(SystemError) {
        try check(edge_mount(nil, target, nil, Flags.private.rawValue, nil), "make mount private", target)
    }

    /// Takes the mount off at once; users that have it open keep it. Nothing mounted there is fine.
    public static func unmount(_ target: String) throws(SystemError) {
        let result = edge_unmount_detach(target)
        if result == -EINVAL || result == -ENOENT { return }
        try check(result, "unmount", target)
    }

    /// Takes the mount off when nobody uses it, else at once from view. Nothing mounted there is fine.
    public static func unmountCleanly(_ target: String) throws(SystemError) {
        if edge_unmount(target) != 0 { try unmount(target) }
    }

    /// An open file that nobody can write to through /proc/PID/exe of a process started from it: the file
    /// seen through a read-only mount that has no name. Before Linux 5.12 the file itself.
    public static func openReadOnlyView(of path: String) throws(SystemError) -> FileDescriptor {
        let tree = edge_open_tree(Int32(AT_FDCWD), path, UInt32(EDGE_TREE_CLONE))
        if tree >= 0 {
            let view = FileDescriptor(owning: tree)
            if edge_mount_setattr(tree, 0, UInt64(EDGE_MOUNT_READONLY)) == 0 { return view }
        }
        return try File.open(path, [.pathOnly])
    }
}
