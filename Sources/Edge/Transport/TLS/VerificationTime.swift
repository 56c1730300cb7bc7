internal import EdgeBase
internal import X509

/// The time at which certificates are judged.
enum VerificationTime {
    /// The clock's; on a host whose clock is evidently wrong (boards without a clock of their own boot in
    /// 1970) the begin of the certificate, so that the cluster works until the right time arrives.
    static func of(_ leaf: Certificate, _ clock: any WallClock) -> Timestamp {
        let now = clock.now
        return now < CertificateDates.earliestNow ? Timestamp(leaf.notValidBefore) + .seconds(1) : now
    }
}
