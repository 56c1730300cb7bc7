internal import EdgeSystem
internal import Glibc

/// Calls on paths that volumes need beyond what files have.
enum PathOperations {
    static func setMode(_ mode: UInt32, of path: String) throws(SystemError) {
        try check(chmod(path, mode), "change mode of", path)
    }

    /// -1 leaves a number as it is; links are changed themselves.
    static func setOwner(_ uid: UInt32, _ gid: UInt32, of path: String) throws(SystemError) {
        try check(lchown(path, uid, gid), "change owner of", path)
    }

    static let unchanged = UInt32.max

    static func link(_ target: String, at path: String) throws(SystemError) {
        try check(symlink(target, path), "make link", path)
    }

    static func move(_ path: String, to target: String) throws(SystemError) {
        try check(rename(path, target), "rename", path)
    }

    private static func check(_ result: Int32, _ operation: String, _ path: String) throws(SystemError) {
        guard result != 0 else { return }
        throw SystemError(operation, path, Errno(rawValue: errno))
    }
}
