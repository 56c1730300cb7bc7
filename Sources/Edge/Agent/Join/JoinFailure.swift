/// Why a host could not join.
public struct JoinFailure: Error, CustomStringConvertible, Equatable {
    public let description: String
    /// Trying again would not help: the token is wrong, or somebody else answers in place of the server.
    public let isPermanent: Bool

    init(_ description: String, isPermanent: Bool) {
        self.description = description
        self.isPermanent = isPermanent
    }

    static func permanent(_ description: String) -> Self { Self(description, isPermanent: true) }
    static func temporary(_ description: String) -> Self { Self(description, isPermanent: false) }
}
