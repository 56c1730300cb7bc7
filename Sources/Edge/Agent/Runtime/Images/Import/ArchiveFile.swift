internal import EdgeSystem
internal import Glibc
internal import Synchronization

/// An image archive on disk: a tar file, plain or compressed. Each pass reads it from the start; in a plain one
/// what is not wanted is skipped without reading.
final class ArchiveFile {
    let path: String
    private let descriptor: Int32
    private let isCancelled: @Sendable () -> Bool

    init(_ path: String, isCancelled: @escaping @Sendable () -> Bool) throws {
        self.path = path
        self.isCancelled = isCancelled
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw ImageError(.notFound, "open \(path): no such file or directory") }
            throw ImageFileError("open", path)
        }
        guard (try? FileStatus(of: descriptor))?.kind == .regular else {
            close(descriptor)
            throw ImageError(.unsupported, "\(path) is not a regular file")
        }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit {
        close(descriptor)
    }

    /// Calls `body` for each entry with its normalised path; the content is read through the reader.
    func forEachEntry(_ body: (TarEntry, String, TarReader) throws -> Void) throws {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw ImageFileError("seek", path) }
        let source = FileBlockSource(descriptor, path: path, isCancelled: isCancelled)
        let reader = TarReader(try ArchiveHandle(source, .compressedTar))
        var count = 0
        while let entry = try reader.next() {
            count += 1
            guard count <= 100_000 else {
                throw ImageError(.limitExceeded, "archive has more than 100000 entries")
            }
            try body(entry, Self.normalized(entry.displayName), reader)
        }
    }

    /// `./a//b/` is `a/b`; `..` is resolved within the archive.
    static func normalized(_ path: String, relativeTo directory: String = "") -> String {
        var components: [Substring] = path.hasPrefix("/") ? [] : directory.split(separator: "/")
        for component in path.split(separator: "/") where component != "." {
            if component == ".." {
                _ = components.popLast()
            } else {
                components.append(component)
            }
        }
        return components.joined(separator: "/")
    }
}

/// Blocks of a file.
final class FileBlockSource: BlockSource {
    private let descriptor: Int32
    private let path: String
    private let isCancelled: @Sendable () -> Bool
    private let storage = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)

    init(_ descriptor: Int32, path: String, isCancelled: @escaping @Sendable () -> Bool) {
        self.descriptor = descriptor
        self.path = path
        self.isCancelled = isCancelled
    }

    deinit {
        storage.deallocate()
    }

    func nextBlock() throws -> UnsafeRawBufferPointer? {
        if isCancelled() { throw CancellationError() }
        while true {
            let count = read(descriptor, storage.baseAddress, storage.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ImageFileError("read", path) }
            return count == 0 ? nil : UnsafeRawBufferPointer(rebasing: storage[..<count])
        }
    }

    func skip(_ count: Int64) throws -> Int64 {
        if isCancelled() { throw CancellationError() }
        // Behind the end the next read finds the end: a truncated archive is still seen as one.
        guard lseek(descriptor, off_t(count), SEEK_CUR) >= 0 else { throw ImageFileError("seek", path) }
        return count
    }
}

/// The content of the current entry of an archive.
final class EntryBlockSource: BlockSource {
    private let reader: TarReader

    init(_ reader: TarReader) {
        self.reader = reader
    }

    func nextBlock() throws -> UnsafeRawBufferPointer? {
        while let (block, _) = try reader.nextData() {
            if !block.isEmpty { return block }
        }
        return nil
    }
}
