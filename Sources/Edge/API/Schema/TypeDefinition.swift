/// A struct of the API, such as `core.v1.PodSpec`.
public final class TypeDefinition: Sendable {
    /// The package's group and version and the name of the struct: `core.v1.PodSpec`, `meta.v1.ObjectMeta`.
    public let name: String
    public let id: TypeID
    /// Set for the types that are objects of the API.
    public let groupVersionKind: GroupVersionKind?
    /// Owned and replaced as a whole by server-side apply.
    public let isAtomic: Bool
    /// In canonical order: `apiVersion`, `kind`, `metadata`, then by name.
    public let fields: [FieldDefinition]
    /// What decoding needs of the fields, without the references that copying a `FieldDefinition` counts.
    let layouts: [FieldLayout]
    /// Places in `fields` of those that are written even when empty.
    let writtenEmpty: PlaceSet
    /// A hash table with open addressing; an entry is a place in `fields` plus 1, or 0.
    private let table: [UInt8]

    init(
        name: String, id: TypeID, groupVersionKind: GroupVersionKind?, isAtomic: Bool,
        fields: [FieldDefinition]
    ) {
        precondition(fields.count < 128, "the table of fields counts in 7 bits")
        self.name = name
        self.id = id
        self.groupVersionKind = groupVersionKind
        self.isAtomic = isAtomic
        self.fields = fields
        layouts = fields.map(FieldLayout.init)
        var writtenEmpty = PlaceSet()
        for (place, field) in fields.enumerated() where field.flags.contains(.isWrittenEmpty) {
            writtenEmpty.insert(place)
        }
        self.writtenEmpty = writtenEmpty
        var size = 4
        while size < fields.count * 2 { size *= 2 }
        var table = [UInt8](repeating: 0, count: size)
        for (place, field) in fields.enumerated() {
            var slot = Self.hash(field.name) & (size - 1)
            while table[slot] != 0 { slot = (slot + 1) & (size - 1) }
            table[slot] = UInt8(place + 1)
        }
        self.table = table
    }

    public func field(_ name: String) -> FieldDefinition? {
        place(of: name).map { fields[$0] }
    }

    /// The place of a field in `fields`.
    func place(of name: String) -> Int? {
        var slot = Self.hash(name) & (table.count - 1)
        while table[slot] != 0 {
            let place = Int(table[slot]) - 1
            if fields[place].name == name { return place }
            slot = (slot + 1) & (table.count - 1)
        }
        return nil
    }

    /// Length, first, middle and last byte tell the fields of one type apart well enough.
    private static func hash(_ name: String) -> Int {
        var name = name
        return name.withUTF8 { bytes in
            guard let first = bytes.first else { return 0 }
            let count = bytes.count
            return count &* 7 &+ Int(first) &+ Int(bytes[count - 1]) &* 13 &+ Int(bytes[count / 2]) &* 31
        }
    }

    /// The last part of the name: `PodSpec`.
    public var structName: String {
        name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? name
    }

    /// As Go prints the type: `v1.PodSpec`.
    var goName: String {
        let parts = name.split(separator: ".")
        return parts.suffix(2).joined(separator: ".")
    }
}
