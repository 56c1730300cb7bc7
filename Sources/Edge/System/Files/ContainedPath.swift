internal import CEdgeLinux
internal import Glibc

/// Opens of paths below a directory whose contents somebody else chose (an image, a volume).
public enum ContainedPath {
    /// Opens `path` for reading as if `root` were `/`: absolute links and `..` stay inside.
    public static func open(_ path: String, inRoot root: String, options: File.OpenOptions = [])
        throws(SystemError) -> FileDescriptor
    {
        try open(path, root, options, UInt64(EDGE_RESOLVE_IN_ROOT))
    }

    /// Opens `path`, which must not lead out of `directory`: a link that does is an error (EXDEV).
    public static func open(_ path: String, beneath directory: String, options: File.OpenOptions = [])
        throws(SystemError) -> FileDescriptor
    {
        try open(path, directory, options, UInt64(EDGE_RESOLVE_BENEATH))
    }

    private static func open(_ path: String, _ root: String, _ options: File.OpenOptions, _ resolve: UInt64)
        throws(SystemError) -> FileDescriptor
    {
        let base = try File.open(root, [.pathOnly, .directory])
        let resolve = resolve | UInt64(EDGE_RESOLVE_NO_MAGIC)
        return FileDescriptor(
            owning: try check(
                edge_openat2(base.rawValue, path, options.rawValue, 0, resolve), "open", "\(root)/\(path)"))
    }
}
