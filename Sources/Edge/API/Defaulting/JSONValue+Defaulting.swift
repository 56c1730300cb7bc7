internal import EdgeJSON

/// Filling in what is missing. A member counts as missing when it is absent, null or, for the `Empty`
/// forms, has the zero value that Kubernetes' types cannot tell from absent.
extension JSONValue {
    func lacks(_ key: String) -> Bool {
        guard let value = self[key] else { return true }
        return value.isNull
    }

    mutating func setDefault(_ key: String, _ value: @autoclosure () -> JSONValue) {
        if lacks(key) { self[key] = value() }
    }

    mutating func setDefaultIfEmpty(_ key: String, _ value: @autoclosure () -> JSONValue) {
        switch self[key] {
        case nil, .null, .string(""), .int(0): self[key] = value()
        default: break
        }
    }

    /// Changes a member that is an object; a missing one stays missing.
    mutating func update(_ key: String, _ body: (inout JSONValue) -> Void) {
        guard case .object? = self[key] else { return }
        // Taken out before the change, so that the storage is not shared and need not be copied.
        var member = self[key] ?? .null
        self[key] = .null
        body(&member)
        self[key] = member
    }

    /// Changes a member that is an object, after making it when it is missing.
    mutating func updateMaking(_ key: String, _ body: (inout JSONValue) -> Void) {
        if lacks(key) { self[key] = .object(JSONObject()) }
        update(key, body)
    }

    /// Changes each object in a list.
    mutating func updateEach(_ key: String, _ body: (inout JSONValue) -> Void) {
        guard case .array(var elements)? = self[key] else { return }
        self[key] = .null
        for index in elements.indices {
            guard case .object = elements[index] else { continue }
            body(&elements[index])
        }
        self[key] = .array(elements)
    }
}
