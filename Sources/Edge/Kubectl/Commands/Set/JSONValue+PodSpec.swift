internal import EdgeJSON

extension JSONValue {
    /// Puts a value at the end of a path of keys, making the objects on the way.
    mutating func replace(at path: ArraySlice<String>, with value: JSONValue) {
        guard let first = path.first else {
            self = value
            return
        }
        var child = self[first] ?? [:]
        child.replace(at: path.dropFirst(), with: value)
        self[first] = child
    }

    /// Changes the elements of the lists of containers of a pod spec that have one of these names (`*`: all);
    /// says whether there was any.
    mutating func updateContainers(
        _ lists: [String] = ["initContainers", "containers"], named names: [String],
        _ change: (inout JSONValue) throws -> Void
    ) rethrows -> Bool {
        var hasFound = false
        for list in lists {
            guard var containers = self[list]?.array else { continue }
            for index in containers.indices {
                let name = containers[index]["name"]?.string ?? ""
                guard names.contains(where: { GlobPattern.matches($0, name) }) else { continue }
                hasFound = true
                try change(&containers[index])
            }
            self[list] = .array(containers)
        }
        return hasFound
    }
}
