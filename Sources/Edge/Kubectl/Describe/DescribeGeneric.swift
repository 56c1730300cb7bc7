internal import EdgeAPI
internal import EdgeJSON

/// Kinds that have no description of their own: the object as it is, field names as headings.
enum DescribeGeneric {
    private static let skipped: Set<String> = [
        ".metadata.managedFields", ".metadata.name", ".metadata.namespace", ".metadata.labels",
        ".metadata.annotations",
    ]

    @Sendable static func write(_ describer: Describer, _ description: inout Description) async throws {
        description.head(describer.object)
        content(describer.object.value, 0, "", to: &description)
        await describer.events(to: &description)
    }

    private static func content(
        _ value: JSONValue, _ level: Int, _ path: String, to description: inout Description
    ) {
        for member in value.object?.sortedMembers ?? [] {
            let path = "\(path).\(member.key)"
            if skipped.contains(path) { continue }
            switch member.value {
            case .object:
                description.line(level, "\(label(member.key)):")
                content(member.value, level + 1, path, to: &description)
            case .array(let elements):
                description.line(level, "\(label(member.key)):")
                for element in elements {
                    if case .object = element {
                        content(element, level + 1, path, to: &description)
                    } else {
                        description.line(level + 1, element.plainText)
                    }
                }
            default: description.field(level, label(member.key), member.value.plainText)
            }
        }
    }

    /// `apiVersion` as `API Version`, `lastTransitionTime` as `Last Transition Time`.
    static func label(_ field: String) -> String {
        guard field.allSatisfy({ $0.isLetter || $0 == "-" }) else { return field }
        var words: [String] = []
        var word = ""
        let letters = Array(field)
        for (index, letter) in letters.enumerated() {
            let previous = index > 0 ? letters[index - 1] : nil
            let next = index + 1 < letters.count ? letters[index + 1] : nil
            let startsWord = letter.isUppercase && previous?.isLowercase == true
            // The last capital of several begins the next word: `CIDRBlock`.
            let endsAcronym = letter.isUppercase && previous?.isUppercase == true && next?.isLowercase == true
            if startsWord || endsAcronym || (letter == "-") != (previous == "-"), !word.isEmpty {
                words.append(word)
                word = ""
            }
            word.append(letter)
        }
        if !word.isEmpty { words.append(word) }
        let acronyms: Set<String> = ["API", "URL", "UID", "GUID"]
        return words.map { word in
            if acronyms.contains(word.uppercased()) { return word.uppercased() }
            return word == word.lowercased() ? word.prefix(1).uppercased() + word.dropFirst() : word
        }.joined(separator: " ")
    }
}
