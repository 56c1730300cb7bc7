internal import Glibc
internal import NIOCore

/// Bytes that one thread reads block by block. Reading may block.
protocol BlockSource: AnyObject {
    /// The next block, valid until the next call; nil at the end.
    func nextBlock() throws -> UnsafeRawBufferPointer?

    /// Passes over bytes without reading them; says how many it could.
    func skip(_ count: Int64) throws -> Int64
}

extension BlockSource {
    func skip(_ count: Int64) throws -> Int64 { 0 }

    /// Reads to the end, for those who need every byte to have passed.
    func drain() throws {
        while try nextBlock() != nil {}
    }
}

/// Blocks of a download.
final class PipeBlockSource: BlockSource {
    private let pipe: BytePipe
    private var storage = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)

    init(_ pipe: BytePipe) {
        self.pipe = pipe
    }

    deinit {
        storage.deallocate()
    }

    func nextBlock() throws -> UnsafeRawBufferPointer? {
        while let buffer = try pipe.read() {
            let count = buffer.readableBytes
            if count == 0 { continue }
            if count > storage.count {
                storage.deallocate()
                storage = .allocate(byteCount: count, alignment: 16)
            }
            buffer.withUnsafeReadableBytes { storage.copyMemory(from: $0) }
            return UnsafeRawBufferPointer(rebasing: storage[..<count])
        }
        return nil
    }
}

/// Blocks of bytes in memory.
final class MemoryBlockSource: BlockSource {
    private let storage: UnsafeMutableRawBufferPointer
    private let blockSize: Int
    private var position = 0

    init(_ bytes: [UInt8], blockSize: Int = 64 << 10) {
        storage = .allocate(byteCount: bytes.count, alignment: 16)
        storage.copyBytes(from: bytes)
        self.blockSize = blockSize
    }

    deinit {
        storage.deallocate()
    }

    func nextBlock() throws -> UnsafeRawBufferPointer? {
        guard position < storage.count else { return nil }
        let end = min(position + blockSize, storage.count)
        defer { position = end }
        return UnsafeRawBufferPointer(rebasing: storage[position..<end])
    }
}

/// Passes blocks through, hashing and counting them.
final class HashingBlockSource: BlockSource {
    private let source: any BlockSource
    private var hasher: ImageHasher
    private(set) var count: Int64 = 0

    init(_ source: any BlockSource, _ algorithm: ImageDigest.Algorithm) {
        self.source = source
        hasher = ImageHasher(algorithm)
    }

    func nextBlock() throws -> UnsafeRawBufferPointer? {
        guard let block = try source.nextBlock() else { return nil }
        hasher.update(block)
        count += Int64(block.count)
        return block
    }

    var digest: ImageDigest { hasher.finalize() }
}
