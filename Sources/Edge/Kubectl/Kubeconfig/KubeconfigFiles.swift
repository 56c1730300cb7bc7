internal import EdgeJSON
internal import EdgeTransport

/// The kubeconfig files that a command works with, for reading as one and for changing each where its entries
/// stand. They are kept as trees, so that what kubectl does not know survives a change.
struct KubeconfigFiles: Sendable {
    struct File: Sendable {
        let path: String
        var value: JSONValue
        var isChanged = false

        /// Where relative paths in the file begin.
        var directory: String {
            path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        }
    }

    /// The named lists of a kubeconfig with the member that holds an entry's content.
    enum Section: String, Sendable, CaseIterable {
        case clusters, contexts, users

        var member: String {
            switch self {
            case .clusters: "cluster"
            case .contexts: "context"
            case .users: "user"
            }
        }
    }

    var files: [File]

    /// Where new entries go.
    var defaultPath: String

    // MARK: Reading

    /// All files as one: of entries with the same name the first file's counts.
    var config: Kubeconfig {
        var config = Kubeconfig()
        for file in files {
            // Each has been looked at when it was read, and no change takes a name away.
            if let content = try? Kubeconfig(file.value, directory: file.directory) { config.merge(content) }
        }
        return config
    }

    var currentContext: String { config.currentContext }

    /// The content of an entry and the directory of the file it stands in.
    func entry(_ section: Section, _ name: String) -> (value: JSONValue, directory: String)? {
        entries(section).first { $0.name == name }.map { ($0.value, $0.directory ?? ".") }
    }

    /// The names of a section, each once, in order.
    func names(_ section: Section) -> [String] { entries(section).map(\.name).sorted() }

    private func entries(_ section: Section) -> [Kubeconfig.Entry] {
        let config = config
        return switch section {
        case .clusters: config.clusters
        case .contexts: config.contexts
        case .users: config.users
        }
    }

    // MARK: Changing

    /// Sets an entry where it stands, or adds it to the default file. Says whether it is new.
    @discardableResult
    mutating func set(_ section: Section, _ name: String, _ value: JSONValue) -> Bool {
        for index in files.indices {
            var entries = files[index].value[section.rawValue]?.array ?? []
            guard let place = entries.firstIndex(where: { $0["name"]?.string == name }) else { continue }
            entries[place][section.member] = value
            files[index].value[section.rawValue] = .array(entries)
            files[index].isChanged = true
            return false
        }
        let index = defaultFile()
        var entries = files[index].value[section.rawValue]?.array ?? []
        entries.append([section.member: value, "name": .string(name)])
        entries.sort { ($0["name"]?.string ?? "") < ($1["name"]?.string ?? "") }
        files[index].value[section.rawValue] = .array(entries)
        files[index].isChanged = true
        return true
    }

    /// Removes an entry; returns the path of the file it stood in, nil when there was none.
    @discardableResult
    mutating func remove(_ section: Section, _ name: String) -> String? {
        for index in files.indices {
            var entries = files[index].value[section.rawValue]?.array ?? []
            guard let place = entries.firstIndex(where: { $0["name"]?.string == name }) else { continue }
            entries.remove(at: place)
            files[index].value[section.rawValue] = entries.isEmpty ? .null : .array(entries)
            files[index].isChanged = true
            return files[index].path
        }
        return nil
    }

    mutating func setCurrentContext(_ name: String) {
        let holder = files.firstIndex { !($0.value["current-context"]?.string ?? "").isEmpty }
        let index = holder ?? defaultFile()
        files[index].value["current-context"] = .string(name)
        files[index].isChanged = true
    }

    /// The place of the default file, made when it is not there yet.
    mutating func defaultFile() -> Int {
        if let index = files.firstIndex(where: { $0.path == defaultPath }) { return index }
        files.append(File(path: defaultPath, value: Self.empty))
        return files.count - 1
    }

    static let empty: JSONValue = [
        "apiVersion": "v1", "clusters": nil, "contexts": nil, "current-context": "", "kind": "Config",
        "preferences": [:], "users": nil,
    ]

    /// All files as one, as `kubectl config view` shows them.
    var merged: JSONValue {
        var value = Self.empty
        for section in Section.allCases {
            let entries = entries(section).sorted { $0.name < $1.name }.map { entry -> JSONValue in
                [section.member: entry.value, "name": .string(entry.name)]
            }
            value[section.rawValue] = entries.isEmpty ? .null : .array(entries)
        }
        value["current-context"] = .string(currentContext)
        for file in files {
            if let preferences = file.value["preferences"], preferences.object?.isEmpty == false {
                value["preferences"] = preferences
            }
        }
        return value
    }

    func save() throws {
        for file in files where file.isChanged {
            try HostFiles.makeDirectories(file.directory)
            try HostFiles.replace(file.path, YAML.write(file.value.sortedByKeys))
        }
    }
}
