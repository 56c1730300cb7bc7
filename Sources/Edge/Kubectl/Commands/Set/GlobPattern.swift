/// Patterns with `*` and `?`, as container names may be given.
enum GlobPattern {
    static func matches(_ pattern: String, _ text: String) -> Bool {
        matches(Array(pattern)[...], Array(text)[...])
    }

    private static func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
        var (pattern, text) = (pattern, text)
        while let first = pattern.first {
            if first == "*" {
                let rest = pattern.dropFirst()
                if rest.isEmpty { return true }
                return text.indices.contains { matches(rest, text[$0...]) } || matches(rest, [])
            }
            guard let character = text.first, first == "?" || first == character else { return false }
            pattern = pattern.dropFirst()
            text = text.dropFirst()
        }
        return text.isEmpty
    }
}
