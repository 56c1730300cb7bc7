internal import EdgeSystem
internal import Glibc

/// An open log, read from any place. All of it blocks.
struct LogFile: Sendable {
    private let descriptor: SharedDescriptor
    private let path: String

    init(_ path: String) throws(SystemError) {
        descriptor = SharedDescriptor(try File.open(path))
        self.path = path
    }

    func status() throws(SystemError) -> FileStatus { try FileStatus(of: descriptor.rawValue) }

    /// Fewer bytes at the end of the file, none behind it.
    func read(at offset: Int64, count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = pread(descriptor.rawValue, &bytes, count, off_t(offset))
        guard result >= 0 else { throw SystemError("read", path, Errno(rawValue: errno)) }
        bytes.removeLast(count - result)
        return bytes
    }

    /// Where the last `count` lines begin.
    func offset(ofLastLines count: Int) throws(SystemError) -> Int64 {
        let size = try status().size
        guard count > 0 else { return size }
        var remaining = count
        var end = size
        while end > 0 {
            let start = max(0, end - 65_536)
            let bytes = try read(at: start, count: Int(end - start))
            for index in bytes.indices.reversed() where bytes[index] == UInt8(ascii: "\n") {
                let position = start + Int64(index)
                // The newline at the very end closes the last line.
                if position == size - 1 { continue }
                remaining -= 1
                if remaining == 0 { return position + 1 }
            }
            end = start
        }
        return 0
    }
}

/// The ends and beginnings of files.
enum FileTail {
    static func head(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        try LogFile(path).read(at: 0, count: limit)
    }
}

/// The end of a log without what the log adds.
enum LogTail {
    /// What stands for a termination message: the last lines, as many bytes of them as a message may have.
    static func lastWords(_ path: String) -> String {
        guard let file = try? LogFile(path), let size = try? file.status().size,
            let start = try? file.offset(ofLastLines: TerminationMessage.maximumLogLines)
        else { return "" }
        // Lines carry a time and more: enough is read to have the bytes that count.
        let from = max(start, size - Int64(TerminationMessage.maximumLogBytes * 8))
        guard let bytes = try? file.read(at: from, count: Int(size - from)) else { return "" }
        var formatter = LogFormatter(LogOptions())
        let text = formatter.format(bytes, isStart: from == start)
        return String(decoding: text.suffix(TerminationMessage.maximumLogBytes), as: UTF8.self)
    }
}
