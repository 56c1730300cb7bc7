internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl wait`
enum WaitCommand {
    static let spec = CommandSpec(
        "wait", "Experimental: Wait for a specific condition on one or many resources",
        usage: "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) "
            + "[--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
        examples: [
            "kubectl wait --for=condition=Ready pod/busybox1",
            "kubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1",
            "kubectl wait --for=delete pod/busybox1 --timeout=60s",
        ],
        flags: FlagSets.filename + FlagSets.output + [
            FlagSets.all("Take all objects of the types."), FlagSets.allNamespaces, FlagSets.fieldSelector,
            FlagSets.selector, FlagSets.local,
            FlagSpec(
                "for", nil, .stringArray,
                "create, delete, condition=NAME[=VALUE] or jsonpath='{PATH}'[=VALUE]."),
            FlagSpec(
                "timeout", nil, .duration, default: "30s", "How long to wait; 0: look once; below: a week."),
        ], run: run)

    enum Condition: Sendable {
        case create, delete
        case condition(String, value: String)
        case jsonPath(JSONPath, value: String?)

        init(_ text: String) throws {
            let lower = text.lowercased()
            if lower == "delete" {
                self = .delete
            } else if lower == "create" {
                self = .create
            } else if text.hasPrefix("condition=") {
                let (name, value) =
                    String(text.dropFirst(10)).split(atFirst: "=")
                    ?? (String(text.dropFirst(10)), "true")
                self = .condition(name, value: value)
            } else if text.hasPrefix("jsonpath=") {
                let (path, value) = Self.splitPath(String(text.dropFirst(9)))
                if value == "" {
                    throw KubectlError("jsonpath wait value cannot be empty")
                }
                do {
                    self = .jsonPath(try JSONPath(relaxed: path), value: value)
                } catch {
                    throw KubectlError("error parsing jsonpath \(path), \(error)")
                }
            } else {
                throw KubectlError("unrecognized condition: \(goQuoted(text))")
            }
        }

        /// At the first `=` behind the closing brace, so that filters may have some of their own.
        private static func splitPath(_ text: String) -> (path: String, value: String?) {
            guard let brace = text.lastIndex(of: "}") else {
                return text.split(atFirst: "=") ?? (text, nil)
            }
            let end = text.index(after: brace)
            guard end < text.endIndex, text[end] == "=" else { return (text, nil) }
            var value = String(text[text.index(after: end)...])
            if value.count >= 2, let first = value.first, first == value.last, first == "'" || first == "\"" {
                value = String(value.dropFirst().dropLast())
            }
            return (String(text[..<end]), value)
        }

        /// Whether an object (nil: it is not there) meets the condition.
        func isMet(by object: APIObject?) throws -> Bool {
            guard let object else {
                if case .delete = self { return true }
                return false
            }
            switch self {
            case .create: return true
            case .delete: return false
            case .condition(let name, let value):
                let conditions = object[path: "status", "conditions"]?.array ?? []
                guard
                    let condition = conditions.first(where: {
                        $0["type"]?.string?.lowercased() == name.lowercased()
                    })
                else { return false }
                if let observed = object[path: "status", "observedGeneration"]?.int,
                    observed < object.generation
                {
                    return false
                }
                if let observed = condition["observedGeneration"]?.int, observed < object.generation {
                    return false
                }
                return condition["status"]?.string?.lowercased() == value.lowercased()
            case .jsonPath(let path, let value):
                let values = try path.values(object.value)
                guard let first = values.first else { return false }
                guard let value else { return true }
                guard values.count == 1 else {
                    throw KubectlError("given jsonpath expression matches more than one value")
                }
                if case .array = first { throw KubectlError("jsonpath leads to a nested object or list") }
                if case .object = first { throw KubectlError("jsonpath leads to a nested object or list") }
                return first.plainText == value
            }
        }
    }

    private static func run(_ call: Invocation) async throws {
        let conditions = try call.flags.strings("for").map(Condition.init)
        guard !conditions.isEmpty else { throw KubectlError("unrecognized condition: \"\"") }
        var timeout = call.flags.duration("timeout")
        let looksOnce = timeout == .zero
        if timeout < .zero { timeout = .seconds(7 * 24 * 3600) }
        var query = ResourceQuery(call)
        query.typeAloneMeansAll = false
        let infos = try await targets(call, query, conditions)
        if infos.isEmpty {
            if conditions.contains(where: { if case .delete = $0 { true } else { false } }) { return }
            throw KubectlError("no matching resources found")
        }
        var printer = try ChangePrinter(call)
        try await forEachCollectingErrors(infos) { info in
            for condition in conditions {
                let found = try await wait(call, info, condition, timeout, looksOnce: looksOnce)
                var shown = info
                shown.object = found ?? info.object
                try printer.show(shown, "condition met")
            }
        }
    }

    /// Objects by name need not be there yet, or no longer.
    private static func targets(
        _ call: Invocation, _ query: ResourceQuery, _ conditions: [Condition]
    ) async throws -> [ResourceInfo] {
        var infos: [ResourceInfo] = []
        let mayBeAbsent = conditions.contains {
            switch $0 {
            case .create, .delete: true
            default: false
            }
        }
        let waitsForCreation = conditions.contains { if case .create = $0 { true } else { false } }
        let client = try call.session.resources()
        for target in try await query.plan(call.session).targets {
            switch target {
            case .object(let info), .manifest(let info):
                do {
                    infos.append(info.refreshed(try await client.get(info)))
                } catch let error where mayBeAbsent && GetCommand.isNotFound(error) {
                    // What is gone needs no waiting; what is to come does.
                    if waitsForCreation { infos.append(info) }
                }
            case .list(let resource, let selection):
                infos += try await client.list(resource, selection).objects
                    .map { ResourceQuery.info(resource, $0) }
            }
        }
        return infos
    }

    private static func wait(
        _ call: Invocation, _ info: ResourceInfo, _ condition: Condition, _ timeout: Duration,
        looksOnce: Bool
    ) async throws -> APIObject? {
        let client = try call.session.resources()
        if looksOnce {
            var object: APIObject?
            do {
                object = APIObject(try await client.get(info))
            } catch let error where GetCommand.isNotFound(error) {}
            guard try condition.isMet(by: object) else {
                throw KubectlError("condition not met for \(info.resource.name)/\(info.name)")
            }
            return object
        }
        return try await withTimeout(timeout, sleep: call.environment.sleep) {
            KubectlError(
                "timed out waiting for the condition on \(info.resource.name)/\(info.name)")
        } _: {
            var last: APIObject?
            var uid = info.content.uid
            try await client.follow(info) { object in
                last = object ?? last
                if case .delete = condition, let object {
                    // Another object of the same name is not the one that was waited for.
                    if uid.isEmpty { uid = object.uid }
                    return object.uid != uid
                }
                return try condition.isMet(by: object)
            }
            return last
        }
    }
}
