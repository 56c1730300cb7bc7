/// Which Service, as the zone's tables key it.
struct ServiceName: Hashable, Sendable {
    var namespace: String
    var name: String
}
