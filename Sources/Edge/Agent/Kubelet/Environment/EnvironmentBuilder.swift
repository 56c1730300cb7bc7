internal import EdgeAPI
internal import EdgeJSON

/// Objects that a pod refers to, fetched before.
struct ReferencedObjects: Sendable {
    var configMaps: [String: ConfigMap] = [:]
    var secrets: [String: Secret] = [:]
}

/// Makes a container's environment from its definition. Pure.
struct EnvironmentBuilder {
    let container: Container
    let objects: ReferencedObjects
    let fields: FieldResolver
    /// Of Services; what the container defines itself comes later and wins.
    var services: [(name: String, value: String)] = []

    /// Names that were left out because no environment can hold them, for an event.
    private(set) var skipped: [String] = []
    private var names: [String] = []
    private var values: [String: String] = [:]

    init(
        container: Container, objects: ReferencedObjects, fields: FieldResolver,
        services: [(name: String, value: String)] = []
    ) {
        self.container = container
        self.objects = objects
        self.fields = fields
        self.services = services
    }

    /// In the order of their definition. Throws what `CreateContainerConfigError` shows.
    mutating func build() throws(KubeletError) -> [(name: String, value: String)] {
        names = []
        values = [:]
        for source in container.envFrom { try add(source) }
        let own = Dictionary(services.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
        for variable in container.env {
            guard let value = try value(of: variable, known: own) else { continue }
            set(variable.name, value)
        }
        let defined = values
        let extra = services.filter { defined[$0.name] == nil }
        return names.map { ($0, defined[$0] ?? "") } + extra
    }

    private mutating func set(_ name: String, _ value: String) {
        if values.updateValue(value, forKey: name) == nil { names.append(name) }
    }

    private mutating func add(_ source: EnvFromSource) throws(KubeletError) {
        if let reference = source.configMapRef {
            guard let map = objects.configMaps[reference.name] else {
                if reference.optional { return }
                throw KubeletError("configmap \"\(reference.name)\" not found")
            }
            for (key, value) in map.data.sorted(by: { $0.key < $1.key }) {
                addEntry(source.prefix + key, value)
            }
        } else if let reference = source.secretRef {
            guard let secret = objects.secrets[reference.name] else {
                if reference.optional { return }
                throw KubeletError("secret \"\(reference.name)\" not found")
            }
            for (key, value) in secret.decodedData.sorted(by: { $0.key < $1.key }) {
                addEntry(source.prefix + key, String(decoding: value, as: UTF8.self))
            }
        }
    }

    private mutating func addEntry(_ name: String, _ value: String) {
        guard Self.isName(name) else { return skipped.append(name) }
        set(name, value)
    }

    /// Kubernetes' rule for names from maps: printable ASCII without `=`.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "=") }
    }

    private func value(of variable: EnvVar, known: [String: String]) throws(KubeletError) -> String? {
        guard let source = variable.valueFrom else {
            return VariableExpansion.expand(variable.value, known.merging(values) { $1 })
        }
        if let selector = source.configMapKeyRef { return try configMapValue(selector) }
        if let selector = source.secretKeyRef { return try secretValue(selector) }
        if let selector = source.fieldRef { return try fields.value(selector.fieldPath) }
        if let selector = source.resourceFieldRef { return try fields.resource(selector, in: container) }
        if source.fileKeyRef != nil {
            throw KubeletError("environment variable \(variable.name): fileKeyRef is not supported")
        }
        throw KubeletError("environment variable \(variable.name) has a source that is not known")
    }

    private func configMapValue(_ selector: KeySelector) throws(KubeletError) -> String? {
        guard let map = objects.configMaps[selector.name] else {
            if selector.optional { return nil }
            throw KubeletError("configmap \"\(selector.name)\" not found")
        }
        guard let value = map.data[selector.key] else {
            if selector.optional { return nil }
            throw KubeletError(
                "couldn't find key \(selector.key) in ConfigMap \(map.namespace)/\(selector.name)")
        }
        return value
    }

    private func secretValue(_ selector: KeySelector) throws(KubeletError) -> String? {
        guard let secret = objects.secrets[selector.name] else {
            if selector.optional { return nil }
            throw KubeletError("secret \"\(selector.name)\" not found")
        }
        guard let text = secret.data[selector.key], let value = Base64.decode(text) else {
            if selector.optional { return nil }
            throw KubeletError(
                "couldn't find key \(selector.key) in Secret \(secret.namespace)/\(selector.name)")
        }
        return String(decoding: value, as: UTF8.self)
    }
}

extension EnvironmentBuilder {
    /// The ConfigMaps and Secrets that the environments of a pod's containers name.
    static func references(of spec: PodSpec) -> (configMaps: Set<String>, secrets: Set<String>) {
        var configMaps: Set<String> = []
        var secrets: Set<String> = []
        for container in spec.allContainers {
            for source in container.envFrom {
                if let reference = source.configMapRef { configMaps.insert(reference.name) }
                if let reference = source.secretRef { secrets.insert(reference.name) }
            }
            for source in container.env.compactMap(\.valueFrom) {
                if let selector = source.configMapKeyRef { configMaps.insert(selector.name) }
                if let selector = source.secretKeyRef { secrets.insert(selector.name) }
            }
        }
        return (configMaps.subtracting([""]), secrets.subtracting([""]))
    }
}
