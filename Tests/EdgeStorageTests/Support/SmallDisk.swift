import Glibc

/// A tmpfs of 2 MiB that is unmounted at the end.
final class SmallDisk {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=2m") == 0 else { throw MountFailure(code: errno) }
    }

    /// Takes all that is left, in the file "ballast".
    func fill() {
        let ballast = open(folder.path + "/ballast", O_WRONLY | O_CREAT, 0o600)
        let block = [UInt8](repeating: 0, count: 4096)
        while write(ballast, block, block.count) > 0 {}
        close(ballast)
    }

    deinit { umount2(folder.path, Int32(MNT_DETACH)) }
}

struct MountFailure: Error {
    let code: Int32
}
