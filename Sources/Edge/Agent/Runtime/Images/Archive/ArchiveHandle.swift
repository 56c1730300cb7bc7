internal import CArchive
internal import Glibc

/// A libarchive reader over a `BlockSource`. Only tar, gzip and zstd are enabled: nothing else belongs in an
/// image, and each further parser is a risk. Used by one thread.
final class ArchiveHandle {
    enum Format {
        /// A tar archive; nothing is decompressed.
        case tar
        /// Any bytes, decompressed by what their first bytes say.
        case raw
        /// A tar archive that may be compressed.
        case compressedTar
    }

    let pointer: OpaquePointer
    private let source: any BlockSource
    private var failure: (any Error)?

    init(_ source: any BlockSource, _ format: Format) throws {
        guard let pointer = archive_read_new() else {
            throw ImageError(.storage, "out of memory for an archive reader")
        }
        self.pointer = pointer
        self.source = source
        if format != .tar {
            archive_read_support_filter_gzip(pointer)
            archive_read_support_filter_zstd(pointer)
        }
        archive_read_support_format_empty(pointer)
        if format == .raw {
            archive_read_support_format_raw(pointer)
        } else {
            archive_read_support_format_tar(pointer)
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        let result = archive_read_open2(
            pointer, context, nil,
            { archive, context, block in
                guard let context, let block else { return -1 }
                return Unmanaged<ArchiveHandle>.fromOpaque(context).takeUnretainedValue()
                    .read(archive, into: block)
            },
            { archive, context, count in
                guard let context else { return 0 }
                return Unmanaged<ArchiveHandle>.fromOpaque(context).takeUnretainedValue()
                    .skip(archive, count)
            }, nil)
        guard result == ARCHIVE_OK else { throw error() }
    }

    deinit {
        archive_read_free(pointer)
    }

    private func read(_ archive: OpaquePointer?, into block: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        do {
            guard let next = try source.nextBlock() else { return 0 }
            block.pointee = next.baseAddress
            return next.count
        } catch {
            failure = error
            edge_archive_fail(archive, EIO)
            return -1
        }
    }

    private func skip(_ archive: OpaquePointer?, _ count: Int64) -> Int64 {
        do {
            return try source.skip(count)
        } catch {
            failure = error
            edge_archive_fail(archive, EIO)
            return Int64(ARCHIVE_FATAL)
        }
    }

    /// What went wrong: the source's own error before libarchive's view of it.
    func error() -> any Error {
        if let failure { return failure }
        let text = archive_error_string(pointer).map { String(cString: $0) } ?? "unknown error"
        return ImageError(.invalidContent, "broken archive: \(text)")
    }

    /// Goes to the next entry; nil at the end.
    func nextHeader() throws -> OpaquePointer? {
        var entry: OpaquePointer?
        switch archive_read_next_header(pointer, &entry) {
        case ARCHIVE_OK: return entry
        // Names that are not in the locale's character set are warned of and kept as raw bytes.
        case ARCHIVE_WARN where failure == nil: return entry
        case ARCHIVE_EOF where failure == nil: return nil
        default: throw error()
        }
    }

    /// The next piece of the entry's content with its place in the file; nil at the end.
    func nextData() throws -> (bytes: UnsafeRawBufferPointer, offset: Int64)? {
        var start: UnsafeRawPointer?
        var size = 0
        var offset: Int64 = 0
        switch archive_read_data_block(pointer, &start, &size, &offset) {
        case ARCHIVE_OK: return (UnsafeRawBufferPointer(start: start, count: size), offset)
        case ARCHIVE_EOF where failure == nil: return nil
        default: throw error()
        }
    }
}

/// The uncompressed bytes of a layer, whatever it is compressed with; counted against a limit.
final class DecompressedSource: BlockSource {
    private let archive: ArchiveHandle
    private let limit: Int64
    private var total: Int64 = 0
    private var isAtEnd = false

    init(_ source: any BlockSource, limit: Int64) throws {
        archive = try ArchiveHandle(source, .raw)
        self.limit = limit
        isAtEnd = try archive.nextHeader() == nil
    }

    func nextBlock() throws -> UnsafeRawBufferPointer? {
        while !isAtEnd {
            guard let (block, _) = try archive.nextData() else {
                isAtEnd = true
                break
            }
            if block.isEmpty { continue }
            total += Int64(block.count)
            guard total <= limit else {
                throw ImageError(.limitExceeded, "layer has more than \(limit) bytes uncompressed")
            }
            return block
        }
        return nil
    }
}
