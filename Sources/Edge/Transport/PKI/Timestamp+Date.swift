internal import EdgeBase
internal import FoundationEssentials

// X.509 libraries speak in Date; nothing else in this module does.
extension Timestamp {
    init(_ date: Date) {
        let seconds = date.timeIntervalSince1970
        // Certificates may claim years far outside of what a timestamp holds (9999 is customary).
        self.init(seconds: Int64(min(max(seconds, -9_000_000_000), 9_000_000_000)))
    }

    var date: Date { Date(timeIntervalSince1970: Double(nanoseconds) / 1e9) }
}
