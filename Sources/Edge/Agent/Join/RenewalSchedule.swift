internal import EdgeBase
internal import EdgeTransport

/// When a node's certificate is renewed: when three quarters of its life are over.
enum RenewalSchedule {
    static func isDue(_ info: CertificateInfo, now: Timestamp) -> Bool { due(info) <= now }

    /// Counted from when the certificate was made: it begins before that, for hosts whose clocks are behind.
    static func due(_ info: CertificateInfo) -> Timestamp {
        let made = info.notBefore + CertificateDates.backdating
        let begin = made < info.notAfter ? made : info.notBefore
        let life = (info.notAfter - begin) / 4 * 3
        return begin + life
    }
}
