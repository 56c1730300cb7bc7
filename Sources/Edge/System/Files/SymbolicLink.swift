internal import Glibc

/// Links by name.
public enum SymbolicLink {
    public static func make(_ path: String, contents: String) throws(SystemError) {
        try checkErrno("make link", path) { symlink(contents, path) }
    }

    /// What the link says; it need not exist.
    public static func read(_ path: String) throws(SystemError) -> String {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, used in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                guard let start = characters.baseAddress else { return }
                do throws(SystemError) {
                    used = try checkErrno("read link", path) { readlink(path, start, characters.count) }
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
        return String(decoding: bytes, as: UTF8.self)
    }
}
