internal import EdgeJSON

/// Lays an applied configuration over the live object: what the configuration says counts, everything else
/// stays. Nothing is removed here.
struct AppliedMerge {
    private let schema: Schema

    init(_ schema: Schema) {
        self.schema = schema
    }

    func merge(_ live: JSONObject, _ applied: JSONObject, _ type: MergeType) -> JSONObject {
        var result = IndexedObject(live)
        for member in applied.members {
            guard let old = result[member.key] else {
                result[member.key] = member.value
                continue
            }
            result[member.key] = merge(old, member.value, type.member(member.key, schema)?.type ?? .atomic)
        }
        return result.object
    }

    private func merge(_ live: JSONValue, _ applied: JSONValue, _ type: MergeType) -> JSONValue {
        switch (type.resolved(live, applied), live, applied) {
        case (.object, .object(let old), .object(let new)):
            new.isEmpty && !old.isEmpty ? live : .object(merge(old, new, type))
        case (.array, .array(let old), .array(let new)):
            new.isEmpty && !old.isEmpty ? live : .array(merge(old, new, type))
        // A null says that the field is owned, not that something granular goes away.
        case (.object, .object(let old), .null) where !old.isEmpty: live
        case (.array, .array(let old), .null) where !old.isEmpty: live
        default: applied
        }
    }

    // MARK: Lists

    /// The elements of the configuration in its order; elements that only the live list has stay where they
    /// stood between those that both have.
    private func merge(_ live: [JSONValue], _ applied: [JSONValue], _ type: MergeType) -> [JSONValue] {
        let elementType = type.elementType(schema)
        let old = live.map { type.element(of: $0) ?? "" }
        let new = applied.map { type.element(of: $0) ?? "" }
        let liveValues = Self.values(live, old)
        let appliedPlaces = Dictionary(zip(new, new.indices)) { first, _ in first }
        var shared = new.filter { liveValues[$0] != nil }[...]
        var next = shared.popFirst()
        var merged: Set<String> = []
        var result: [JSONValue] = []
        result.reserveCapacity(max(live.count, applied.count))

        func appendApplied(_ index: Int) {
            merged.insert(new[index])
            if case .single(let value)? = liveValues[new[index]] {
                result.append(merge(value, applied[index], elementType))
            } else {
                result.append(applied[index])
            }
        }

        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, j < new.count {
                if old[i] == new[j] {
                    appendApplied(j)
                    i += 1
                    j += 1
                    next = shared.popFirst()
                    continue
                }
                if appliedPlaces[old[i]] != nil, let next, next != old[i] {
                    // Both have it, but it is not its turn yet.
                    i += 1
                    continue
                }
            }
            if i < old.count {
                if appliedPlaces[old[i]] == nil {
                    result.append(live[i])
                    i += 1
                    continue
                }
                if merged.contains(old[i]) { i += 1 }
            }
            if j < new.count {
                appendApplied(j)
                if next == new[j] { next = shared.popFirst() }
                j += 1
            }
        }
        return result
    }

    private enum LiveElement {
        case single(JSONValue)
        /// It stands there more than once, and is replaced.
        case repeated
    }

    private static func values(_ list: [JSONValue], _ elements: [String]) -> [String: LiveElement] {
        var values: [String: LiveElement] = [:]
        for (value, element) in zip(list, elements) {
            values[element] = values[element] == nil ? .single(value) : .repeated
        }
        return values
    }
}
