internal import EdgeJSON

/// The order and identity of list elements in merges. Elements are compared by the text of their merge key,
/// or by their own text where they are scalars.
struct MergeList {
    enum Kind {
        case scalars
        case objects
    }

    let kind: Kind
    let mergeKey: String

    /// Nil when there is no element; the elements of all lists have to be of one kind.
    static func kind(of lists: [JSONValue]...) throws(StrategicMergeError) -> Kind? {
        var kind: Kind?
        var goName: String?
        for list in lists {
            for element in list {
                if case .array = element { throw .listOfLists }
                if let goName, goName != element.goName {
                    throw .unprocessable("list element types are not identical: \(JSONValue.array(list))")
                }
                goName = element.goName
                if case .object = element { kind = .objects } else { kind = .scalars }
            }
        }
        return kind
    }

    /// What identifies an element.
    func identity(_ element: JSONValue) throws(StrategicMergeError) -> String {
        guard kind == .objects else { return element.description }
        guard case .object(let object) = element else {
            throw .unprocessable("expected a map[string]interface {}, but received a \(element.goName)")
        }
        guard let value = object[mergeKey] else { throw .noMergeKey(element.description, mergeKey) }
        return value.description
    }

    /// Where elements stand in a list, the first one of each identity. Elements without a merge key are
    /// passed over.
    func places(in list: [JSONValue]) -> [String: Int] {
        var places: [String: Int] = [:]
        for (place, element) in list.enumerated() {
            guard let identity = try? identity(element), places[identity] == nil else { continue }
            places[identity] = place
        }
        return places
    }

    /// Arranges merged elements: those that the patch names in the order of the patch, the others in the
    /// order of the server, and both woven together so that each keeps its neighbours where possible.
    func arranged(
        _ merged: [JSONValue], by order: [JSONValue], server: [JSONValue]
    ) throws(StrategicMergeError) -> [JSONValue] {
        let orderPlaces = places(in: order)
        let serverPlaces = places(in: server)
        var patchItems: [JSONValue] = []
        var serverItems: [JSONValue] = []
        for element in merged {
            if orderPlaces[try identity(element)] != nil {
                patchItems.append(element)
            } else {
                serverItems.append(element)
            }
        }
        patchItems = try sorted(patchItems, by: orderPlaces)
        serverItems = try sorted(serverItems, by: serverPlaces)
        return try woven(serverItems, patchItems, serverPlaces)
    }

    /// Deletions come last.
    func sorted(
        _ elements: [JSONValue], by places: [String: Int]
    ) throws(StrategicMergeError) -> [JSONValue] {
        var keyed: [(place: Int, offset: Int, element: JSONValue)] = []
        for (offset, element) in elements.enumerated() {
            let isDeletion = element[PatchDirective.marker] == "delete"
            let place = isDeletion ? Int.max : places[try identity(element)] ?? Int.max - 1
            keyed.append((place, offset, element))
        }
        keyed.sort { ($0.place, $0.offset) < ($1.place, $1.offset) }
        return keyed.map(\.element)
    }

    private func woven(
        _ left: [JSONValue], _ right: [JSONValue], _ places: [String: Int]
    ) throws(StrategicMergeError) -> [JSONValue] {
        var result: [JSONValue] = []
        result.reserveCapacity(left.count + right.count)
        var leftIndex = 0
        for element in right {
            let place = places[try identity(element)]
            while leftIndex < left.count, let place, let leftPlace = places[try identity(left[leftIndex])],
                leftPlace < place
            {
                result.append(left[leftIndex])
                leftIndex += 1
            }
            result.append(element)
        }
        return result + left[leftIndex...]
    }

    /// Without repeated scalars; the first of each stays.
    static func deduplicated(_ elements: [JSONValue]) -> [JSONValue] {
        var seen: Set<String> = []
        return elements.filter { seen.insert($0.description).inserted }
    }
}
