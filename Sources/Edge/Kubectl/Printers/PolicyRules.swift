internal import EdgeJSON

/// RBAC rules as `auth can-i --list` and `describe role` show them: one line for each resource.
enum PolicyRules {
    struct Line: Hashable {
        var resources: String
        var paths: [String]
        var names: [String]
        var verbs: [String]
        var group = ""
        var resource = ""

        /// Rules stand in the order of their verbs, groups, resources and names.
        var order: String {
            "\(goList(verbs)),\(goList([group])),\(goList([resource])),\(goList(names)),\(goList(paths))"
        }
    }

    /// Each rule's resources apart, equal ones with their verbs together, in order.
    static func lines(_ rules: [JSONValue]) -> [Line] {
        var lines: [Line] = []
        func add(_ line: Line) {
            // Only rules without names come together.
            let same = lines.firstIndex {
                $0.resources == line.resources && $0.names.isEmpty && line.names.isEmpty && line.paths.isEmpty
                    && $0.paths.isEmpty
            }
            guard let same else { return lines.append(line) }
            for verb in line.verbs where !lines[same].verbs.contains(verb) { lines[same].verbs.append(verb) }
        }
        for rule in rules {
            let verbs = rule["verbs"]?.strings ?? []
            let names = rule["resourceNames"]?.strings ?? []
            for path in rule["nonResourceURLs"]?.strings ?? [] {
                add(Line(resources: "", paths: [path], names: [], verbs: verbs))
            }
            for group in rule["apiGroups"]?.strings ?? [] {
                for resource in rule["resources"]?.strings ?? [] {
                    for name in names.isEmpty ? [""] : names {
                        add(
                            Line(
                                resources: qualified(resource, group), paths: [],
                                names: name.isEmpty ? [] : [name], verbs: verbs, group: group,
                                resource: resource))
                    }
                }
            }
        }
        return lines.enumerated().sorted { left, right in
            let (first, second) = (left.element.order, right.element.order)
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }

    /// `deployments.apps`, `pods/log`, `deployments.apps/scale`, `*.*`.
    private static func qualified(_ resource: String, _ group: String) -> String {
        guard !group.isEmpty else { return resource }
        guard let (name, subresource) = resource.split(atFirst: "/") else { return "\(resource).\(group)" }
        return "\(name).\(group)/\(subresource)"
    }

    static func table(_ status: JSONValue, showsHeaders: Bool) -> String {
        let rules = (status["resourceRules"]?.array ?? []) + (status["nonResourceRules"]?.array ?? [])
        var writer = TabWriter.forTables()
        if showsHeaders {
            writer.add(cells: ["Resources", "Non-Resource URLs", "Resource Names", "Verbs"])
        }
        for line in lines(rules) {
            writer.add(cells: [line.resources, goList(line.paths), goList(line.names), goList(line.verbs)])
        }
        return writer.flush()
    }
}
