internal import EdgeBase

extension Timestamp {
    static let distantPast = Timestamp(nanoseconds: .min)
}
