internal import Glibc

/// Signals by process number: only for processes whose number cannot have been given away meanwhile.
public enum Signal {
    public static let terminate: Int32 = SIGTERM
    public static let kill: Int32 = SIGKILL

    public static func send(_ number: Int32, to process: Int32) throws(SystemError) {
        try checkErrno("signal", "process \(process)") { Glibc.kill(process, number) }
    }

    /// By the name that an image's configuration or a pod uses: `SIGTERM`, `TERM`, `15`, `SIGRTMIN+3`.
    public static func number(_ name: String) -> Int32? {
        if let number = Int32(name) { return (1...64).contains(number) ? number : nil }
        let upper = name.uppercased()
        let bare = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
        if let index = names.firstIndex(of: bare) { return Int32(index + 1) }
        if bare == "RTMIN" { return 34 }
        if bare == "RTMAX" { return 64 }
        if bare.hasPrefix("RTMIN+"), let offset = Int32(bare.dropFirst(6)), (0...30).contains(offset) {
            return 34 + offset
        }
        if bare.hasPrefix("RTMAX-"), let offset = Int32(bare.dropFirst(6)), (0...30).contains(offset) {
            return 64 - offset
        }
        return nil
    }

    private static let names = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
        "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
        "PROF",
        "WINCH", "IO", "PWR", "SYS",
    ]
}
