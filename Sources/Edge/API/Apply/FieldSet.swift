/// A set of fields of an object, as server-side apply counts them: a tree of path elements in which some
/// nodes are members. Membership of a parent says nothing of its children, nor the other way round.
public struct FieldSet: Sendable, Equatable {
    public struct Node: Sendable, Equatable {
        let element: String
        var isMember: Bool
        var children: [Node]

        init(_ element: String, isMember: Bool, children: [Node] = []) {
            self.element = element
            self.isMember = isMember
            self.children = children
        }

        var isEmpty: Bool { !isMember && children.isEmpty }
    }

    /// In the order of their elements; no node is empty.
    private(set) var nodes: [Node]

    public init() {
        nodes = []
    }

    init(_ nodes: [Node]) {
        self.nodes = nodes
    }

    /// From paths of path elements, each of which becomes a member.
    public init(paths: [[String]]) {
        nodes = []
        for path in paths { nodes = Self.inserting(path[...], into: nodes) }
    }

    public var isEmpty: Bool { nodes.isEmpty }

    private static func inserting(_ path: ArraySlice<String>, into nodes: [Node]) -> [Node] {
        guard let first = path.first else { return nodes }
        var nodes = nodes
        let place = nodes.firstIndex { !PathElement.precedes($0.element, first) } ?? nodes.count
        if place == nodes.count || nodes[place].element != first {
            nodes.insert(Node(first, isMember: false), at: place)
        }
        if path.count == 1 {
            nodes[place].isMember = true
        } else {
            nodes[place].children = inserting(path.dropFirst(), into: nodes[place].children)
        }
        return nodes
    }

    public func contains(_ path: [String]) -> Bool {
        var nodes = nodes
        for (index, element) in path.enumerated() {
            guard let node = nodes.first(where: { $0.element == element }) else { return false }
            if index == path.count - 1 { return node.isMember }
            nodes = node.children
        }
        return false
    }

    /// The paths of the members as messages show them; the members of a level before what is below it.
    public var descriptions: [String] {
        members.map { $0.map(PathElement.description).joined() }
    }

    /// The paths of the members.
    public var members: [[String]] {
        var paths: [[String]] = []
        Self.collect(nodes, [], &paths)
        return paths
    }

    private static func collect(_ nodes: [Node], _ prefix: [String], _ paths: inout [[String]]) {
        for node in nodes where node.isMember { paths.append(prefix + [node.element]) }
        for node in nodes where !node.children.isEmpty {
            collect(node.children, prefix + [node.element], &paths)
        }
    }
}
