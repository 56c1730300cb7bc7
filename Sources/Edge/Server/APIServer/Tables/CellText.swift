internal import EdgeAPI
internal import EdgeJSON

/// Texts that cells of several tables have in common.
enum CellText {
    static func orNone(_ text: String) -> String { text.isEmpty ? "<none>" : text }

    /// `app=web,tier=front`, in the order of the keys.
    static func labels(_ labels: [String: String]) -> String {
        orNone(labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","))
    }

    /// A LabelSelector object in its short form.
    static func selector(_ selector: JSONValue?) -> String {
        do throws(SelectorError) {
            return orNone(try LabelSelector(object: selector).description)
        } catch {
            return "<error>"
        }
    }

    static func bool(_ value: Bool?) -> String {
        guard let value else { return "<unset>" }
        return value ? "True" : "False"
    }

    /// At most three entries, and how many more there are.
    static func shortList(_ list: [String], whenEmpty: String) -> String {
        if list.isEmpty { return whenEmpty }
        let text = list.prefix(3).joined(separator: ",")
        return list.count > 3 ? "\(text) + \(list.count - 3) more..." : text
    }

    /// Access modes of volumes by their short names.
    static func accessModes(_ modes: [String]) -> String {
        let short = [
            ("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"),
            ("ReadWriteOncePod", "RWOP"),
        ]
        return short.filter { modes.contains($0.0) }.map(\.1).joined(separator: ",")
    }
}
