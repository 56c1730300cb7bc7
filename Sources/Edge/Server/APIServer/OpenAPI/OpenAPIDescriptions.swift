/// What `kubectl explain` says about types and fields. Read from its table for the making of a document and
/// let go with it.
struct OpenAPIDescriptions {
    private var texts: [Substring: Substring] = [:]

    init() {
        var type: Substring = ""
        for line in DescriptionTable.text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let text = line[line.index(after: colon)...].drop { $0 == " " }
            if line.first == " " {
                texts["\(type)/\(line[..<colon].drop { $0 == " " })"] = text
            } else {
                type = line[..<colon]
                texts[type] = text
            }
        }
    }

    /// What a type is.
    subscript(type: String) -> String? { texts[type[...]].map(String.init) }

    /// What a field is for.
    subscript(type: String, field: String) -> String? { texts["\(type)/\(field)"].map(String.init) }

    /// The types of the table with the fields that it describes.
    static func described() -> [(type: String, fields: [String])] {
        var described: [(type: String, fields: [String])] = []
        for line in DescriptionTable.text.split(separator: "\n") {
            let name = String(line.prefix { $0 != ":" }.drop { $0 == " " })
            if line.first == " " {
                described[described.count - 1].fields.append(name)
            } else {
                described.append((name, []))
            }
        }
        return described
    }
}
