internal import Glibc

/// Reads of log files by position.
public enum Tail {
    /// Up to `count` bytes; nil at the end.
    public static func read(_ descriptor: Int32, at offset: Int64, count: Int) throws(SystemError) -> [UInt8]?
    {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            do throws(SystemError) {
                used = try checkErrno("read", "log") {
                    pread(descriptor, buffer.baseAddress, count, off_t(offset))
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes.isEmpty ? nil : bytes
    }

    /// Where the last `lines` lines of a file begin, and how many of them there are. Reads backwards in blocks.
    public static func find(lines wanted: Int, in descriptor: Int32, name: String) throws(SystemError)
        -> (offset: Int64, lines: Int)
    {
        let size = try FileStatus(of: descriptor).size
        guard wanted > 0 else { return (size, 0) }
        let block: Int64 = 65536
        var end = size
        var found = 0
        while end > 0 {
            let start = max(0, end - block)
            guard let bytes = try read(descriptor, at: start, count: Int(end - start)) else { break }
            for index in bytes.indices.reversed() where bytes[index] == UInt8(ascii: "\n") {
                // The newline at the very end closes the last line; each one before begins a line.
                let position = start + Int64(index)
                if position == size - 1 { continue }
                found += 1
                if found == wanted { return (position + 1, wanted) }
            }
            end = start
        }
        return (0, size > 0 ? found + 1 : 0)
    }
}
