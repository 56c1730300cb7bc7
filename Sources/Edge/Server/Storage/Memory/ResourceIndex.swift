internal import EdgeBase

/// The current objects of one resource, ordered by namespace and name: a sorted array cut into leaves, which
/// is a B-tree of two levels.
///
/// A copy is O(1) and shares everything. A write into an index that a reader still holds copies the array of
/// leaves and one leaf, never the whole index; a write into one that nobody holds copies nothing.
struct ResourceIndex: Sendable {
    struct Entry: Sendable {
        let object: EncodedObject
        /// The object's row in the database, 0 while it has none.
        let row: Int64
    }

    /// The place of an entry, or of where one would be.
    private struct Position {
        var leaf: Int
        var slot: Int
    }

    private static let leafCapacity = 256

    /// No leaf is empty.
    private var leaves: [[Entry]] = []
    private(set) var count = 0

    init() {}

    /// Builds the index from any order of entries with different keys.
    init(_ entries: [Entry]) {
        let sorted = entries.sorted { Self.precedes($0, $1.object.key.namespace, $1.object.key.name) }
        count = sorted.count
        for start in stride(from: 0, to: sorted.count, by: Self.leafCapacity) {
            leaves.append(Array(sorted[start..<min(start + Self.leafCapacity, sorted.count)]))
        }
    }

    /// Whether the entry comes before this name.
    private static func precedes(_ entry: Entry, _ namespace: String, _ name: String) -> Bool {
        let key = entry.object.key
        return key.namespace == namespace ? key.name < name : key.namespace < namespace
    }

    private static func matches(_ entry: Entry, _ namespace: String, _ name: String) -> Bool {
        entry.object.key.name == name && entry.object.key.namespace == namespace
    }

    /// The first place whose entry `isBefore` does not hold for; all before it satisfy it.
    private func firstPosition(where isBefore: (Entry) -> Bool) -> Position {
        let leaf = leaves.partitionPoint { isBefore($0[$0.count - 1]) }
        guard leaf < leaves.count else { return end }
        return Position(leaf: leaf, slot: leaves[leaf].partitionPoint(isBefore))
    }

    private var end: Position { Position(leaf: leaves.count, slot: 0) }

    private func lowerBound(_ namespace: String, _ name: String) -> Position {
        firstPosition { Self.precedes($0, namespace, name) }
    }
}

// MARK: - one object

extension ResourceIndex {
    func entry(namespace: String, name: String) -> Entry? {
        let position = lowerBound(namespace, name)
        guard position.leaf < leaves.count else { return nil }
        let entry = leaves[position.leaf][position.slot]
        return Self.matches(entry, namespace, name) ? entry : nil
    }

    mutating func put(_ entry: Entry) {
        let key = entry.object.key
        let position = lowerBound(key.namespace, key.name)
        if position.leaf < leaves.count,
            Self.matches(leaves[position.leaf][position.slot], key.namespace, key.name)
        {
            leaves[position.leaf][position.slot] = entry
            return
        }
        insert(entry, at: position)
        count += 1
    }

    mutating func remove(namespace: String, name: String) {
        let position = lowerBound(namespace, name)
        guard position.leaf < leaves.count,
            Self.matches(leaves[position.leaf][position.slot], namespace, name)
        else { return }
        count -= 1
        if leaves[position.leaf].count == 1 {
            leaves.remove(at: position.leaf)
            return
        }
        leaves[position.leaf].remove(at: position.slot)
        mergeIfSparse(position.leaf)
    }

    private mutating func insert(_ entry: Entry, at position: Position) {
        guard position.leaf < leaves.count else {
            // Behind all others: fill the last leaf, then begin a new one, so that ordered inserts pack tight.
            if let last = leaves.indices.last, leaves[last].count < Self.leafCapacity {
                leaves[last].append(entry)
            } else {
                leaves.append([entry])
            }
            return
        }
        leaves[position.leaf].insert(entry, at: position.slot)
        if leaves[position.leaf].count > Self.leafCapacity {
            let half = leaves[position.leaf].count / 2
            let upper = Array(leaves[position.leaf][half...])
            leaves[position.leaf].removeSubrange(half...)
            leaves.insert(upper, at: position.leaf + 1)
        }
    }

    /// Joins a leaf with its successor when both are nearly empty, so that deletions give memory back.
    private mutating func mergeIfSparse(_ leaf: Int) {
        guard leaf + 1 < leaves.count,
            leaves[leaf].count + leaves[leaf + 1].count <= Self.leafCapacity / 2
        else { return }
        leaves[leaf].append(contentsOf: leaves[leaf + 1])
        leaves.remove(at: leaf + 1)
    }
}

// MARK: - ranges

extension ResourceIndex {
    /// The objects of a namespace (nil for all) behind a name, at most `limit` of them, and how many there are
    /// behind those.
    func objects(
        namespace: String?, after start: (namespace: String, name: String)?, limit: Int
    ) -> (objects: [EncodedObject], remaining: Int) {
        var lower = namespace.map { lowerBound($0, "") } ?? Position(leaf: 0, slot: 0)
        if let start {
            let behind = firstPosition {
                Self.precedes($0, start.namespace, start.name)
                    || Self.matches($0, start.namespace, start.name)
            }
            if ordinal(behind) > ordinal(lower) { lower = behind }
        }
        let upper = namespace.map { name in firstPosition { $0.object.key.namespace <= name } } ?? end
        let total = max(ordinal(upper) - ordinal(lower), 0)
        let wanted = min(total, max(limit, 0))
        return (copy(from: lower, count: wanted), total - wanted)
    }

    func count(namespace: String?) -> Int {
        guard let namespace else { return count }
        let upper = firstPosition { $0.object.key.namespace <= namespace }
        return ordinal(upper) - ordinal(lowerBound(namespace, ""))
    }

    func forEach(_ body: (Entry) throws -> Void) rethrows {
        for leaf in leaves { try leaf.forEach(body) }
    }

    private func ordinal(_ position: Position) -> Int {
        leaves[..<position.leaf].reduce(position.slot) { $0 + $1.count }
    }

    private func copy(from position: Position, count: Int) -> [EncodedObject] {
        var objects: [EncodedObject] = []
        objects.reserveCapacity(count)
        var slot = position.slot
        for leaf in leaves[position.leaf...] {
            let end = min(leaf.count, slot + count - objects.count)
            for entry in leaf[slot..<end] { objects.append(entry.object) }
            if objects.count == count { break }
            slot = 0
        }
        return objects
    }
}

extension RandomAccessCollection where Index == Int {
    /// The index of the first element that does not satisfy the predicate, all that do being in front.
    func partitionPoint(_ isBefore: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
