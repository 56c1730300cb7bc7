internal import Glibc

/// Time on a thread of the operating system.
public enum SystemClock {
    /// Blocks the calling thread: only for threads that may.
    public static func pause(milliseconds: Int) {
        usleep(UInt32(milliseconds) * 1000)
    }
}
