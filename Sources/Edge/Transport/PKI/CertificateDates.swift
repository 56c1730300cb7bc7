public import EdgeBase

/// When certificates begin, end and are renewed.
public enum CertificateDates {
    /// Certificates begin this long ago, so that hosts whose clocks are behind accept them.
    public static let backdating = Duration.seconds(3600)

    /// Boards without a clock of their own boot in 1970. A certificate made there must still hold when the
    /// right time arrives, so its end is counted from this day at the earliest.
    static let earliestNow = Timestamp(seconds: 1_767_225_600)  // 2026-01-01

    static func range(now: Timestamp, validity: Duration) -> (begin: Timestamp, end: Timestamp) {
        (now - backdating, max(now, earliestNow) + validity)
    }

    /// Whether a certificate is in the last third of its life, or past it.
    public static func needsRenewal(begin: Timestamp, end: Timestamp, now: Timestamp) -> Bool {
        now >= renewal(begin: begin, end: end)
    }

    /// When the last third of a life begins.
    public static func renewal(begin: Timestamp, end: Timestamp) -> Timestamp {
        Timestamp(nanoseconds: end.nanoseconds - max(0, (end - begin).wholeNanoseconds) / 3)
    }
}
