internal import EdgeJSON

/// Typed reading of a record's members.
struct RecordFields {
    private let json: JSONValue

    init(_ json: JSONValue) {
        self.json = json
    }

    static func checkVersion(_ json: JSONValue, _ expected: Int64) throws(RuntimeError) {
        let version = json["version"]?.int ?? 0
        guard version == expected else {
            throw RuntimeError(.failedPrecondition, "record of version \(version), expected \(expected)")
        }
    }

    func text(_ name: String) throws(RuntimeError) -> String {
        guard let value = json[name]?.string else { throw missing(name) }
        return value
    }

    func number(_ name: String) throws(RuntimeError) -> Int64 {
        guard let value = json[name]?.int else { throw missing(name) }
        return value
    }

    func flag(_ name: String) -> Bool { json[name]?.bool ?? false }

    func texts(_ name: String) -> [String: String] {
        var result: [String: String] = [:]
        for member in json[name]?.object?.members ?? [] { result[member.key] = member.value.string ?? "" }
        return result
    }

    func list(_ name: String) -> [JSONValue] { json[name]?.array ?? [] }
    func strings(_ name: String) -> [String] { json[name]?.strings ?? [] }

    private func missing(_ name: String) -> RuntimeError {
        RuntimeError(.failedPrecondition, "record without \(name)")
    }
}

extension JSONValue {
    static func texts(_ texts: [String: String]) -> JSONValue {
        .object(
            JSONObject(
                uniqueMembers: texts.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }))
    }

    static func strings(_ strings: [String]) -> JSONValue {
        .array(strings.map { .string($0) })
    }

    /// A bit mask, whose top bit JSON's signed numbers carry as well.
    static func bits(_ value: UInt64) -> JSONValue {
        .int(Int64(bitPattern: value))
    }
}
