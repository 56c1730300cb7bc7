public import EdgeJSON

/// Collects changes of Services, EndpointSlices and host ports and tells whether any of them matters: several
/// changes between two looks are one.
public struct ProxyTracker: Sendable {
    private struct SliceName: Hashable {
        let namespace: String
        let name: String
    }

    private let nodeName: String
    private var services: [ServiceName: [ServiceEntry]] = [:]
    private var slices: [SliceName: EndpointSliceEntry] = [:]
    private var hostPorts: [String: [HostPortEntry]] = [:]

    /// Whether something has changed since the last `takeState`.
    public private(set) var hasChanges = true

    /// `nodeName` is this node's, to know its endpoints by.
    public init(nodeName: String) {
        self.nodeName = nodeName
    }

    /// The new version of a Service; nil when it is gone.
    public mutating func setService(_ service: ServiceName, _ object: JSONValue?) {
        let entries = object.map(ServiceEntry.entries(ofService:)) ?? []
        if Self.replace(&services[service], entries.isEmpty ? nil : entries) { hasChanges = true }
    }

    /// The new version of an EndpointSlice; nil when it is gone.
    public mutating func setEndpointSlice(namespace: String, name: String, _ object: JSONValue?) {
        let entry = object.flatMap { EndpointSliceEntry(ofSlice: $0, nodeName: nodeName) }
        if Self.replace(&slices[SliceName(namespace: namespace, name: name)], entry) { hasChanges = true }
    }

    /// The host ports of a pod of this node; empty when it has none or is gone.
    public mutating func setHostPorts(ofPod id: String, _ entries: [HostPortEntry]) {
        if Self.replace(&hostPorts[id], entries.isEmpty ? nil : entries) { hasChanges = true }
    }

    private static func replace<Value: Equatable>(_ place: inout Value?, _ value: Value?) -> Bool {
        defer { place = value }
        return place != value
    }

    /// The state as of now, after which nothing has changed.
    public mutating func takeState() -> ProxyState {
        hasChanges = false
        return state
    }

    public var state: ProxyState {
        var endpoints: [ServicePortName: [EndpointEntry]] = [:]
        for slice in slices.values {
            for (name, entries) in slice.endpoints { endpoints[name, default: []] += entries }
        }
        return ProxyState(
            services: services.values.flatMap { $0 }.sorted { $0.identifier < $1.identifier },
            endpoints: endpoints.mapValues(Self.merged),
            hostPorts: hostPorts.sorted { $0.key < $1.key }.flatMap(\.value))
    }

    /// An endpoint that moves between slices may stand in both for a while: the more able one counts.
    private static func merged(_ entries: [EndpointEntry]) -> [EndpointEntry] {
        func rank(_ entry: EndpointEntry) -> Int {
            entry.isReady ? 2 : entry.isServing ? 1 : 0
        }
        let ordered = entries.sorted {
            ($0.address, $0.port, -rank($0)) < ($1.address, $1.port, -rank($1))
        }
        return ordered.reduce(into: []) { result, entry in
            if result.last?.address != entry.address || result.last?.port != entry.port {
                result.append(entry)
            }
        }
    }
}
