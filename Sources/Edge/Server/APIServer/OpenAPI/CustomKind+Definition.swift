internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

extension CustomKind {
    /// Nil for a built-in resource.
    init?(_ resource: ResourceDefinition) {
        guard let custom = resource.custom else { return nil }
        let version = custom.version
        let source = custom.family.source
        self.init(
            resource: resource, fingerprint: "\(custom.family.uid) \(source.revision)",
            loadSchema: { version.rawSchema })
    }
}
