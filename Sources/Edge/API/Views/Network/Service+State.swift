extension Service {
    /// Whether the Service has no address of its own, so that its name stands for its pods.
    public var isHeadless: Bool { spec.clusterIP == "None" }

    public var isExternalName: Bool { spec.type == "ExternalName" }

    /// The addresses in the cluster; none for headless Services and for names of the outside.
    public var clusterAddresses: [String] {
        let spec = spec
        let list = spec.clusterIPs.isEmpty ? [spec.clusterIP] : spec.clusterIPs
        return list.filter { !$0.isEmpty && $0 != "None" }
    }

    /// What the selector wants; nothing when there is no selector, since then others write the endpoints.
    public var podSelector: LabelSelector {
        let selector = spec.selector
        return selector.isEmpty ? .nothing : LabelSelector(labels: selector)
    }
}
