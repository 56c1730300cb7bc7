import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeAPIServer

@Suite struct CustomResourceNamingTests {
    private static func names(
        _ plural: String, _ singular: String, _ kind: String, _ short: [String] = []
    ) -> CustomResourceNames {
        var names = CustomResourceNames()
        names.plural = plural
        names.singular = singular
        names.kind = kind
        names.listKind = plural + "List"
        names.shortNames = short
        return names
    }

    private static func definition(
        _ wanted: CustomResourceNames, accepted: CustomResourceNames? = nil
    ) -> CustomResourceDefinition {
        var definition = CustomResourceDefinition(name: "\(wanted.plural).example.com")
        definition.object["spec"] = ["names": wanted.json, "group": "example.com"]
        if let accepted { definition.status.acceptedNames = accepted }
        return definition
    }

    @Test func freeNamesAreAccepted() {
        let wanted = Self.names("as", "a", "A", ["x"])
        let naming = CustomResourceNaming(
            Self.definition(wanted), others: [Self.names("bs", "b", "B", ["y"])])
        #expect(naming.isAccepted && naming.names == wanted)
        #expect((naming.reason, naming.message) == ("NoConflicts", "no conflicts found"))
    }

    @Test(arguments: [
        (names("as", "b", "A"), "SingularConflict", "\"b\" is already in use"),
        (names("as", "a", "B"), "KindConflict", "\"B\" is already in use"),
        (names("as", "a", "A", ["y"]), "ShortNamesConflict", "\"y\" is already in use"),
    ]) func takenNamesAreNot(_ wanted: CustomResourceNames, _ reason: String, _ message: String) {
        let other = Self.names("bs", "b", "B", ["y"])
        let naming = CustomResourceNaming(Self.definition(wanted), others: [other])
        #expect(!naming.isAccepted)
        #expect(naming.reason == reason && naming.message == message)
        // What is free is given all the same.
        #expect(naming.names.plural == "as")
    }

    @Test func ownNamesAreNoConflict() {
        let wanted = Self.names("as", "a", "A", ["x"])
        let naming = CustomResourceNaming(Self.definition(wanted, accepted: wanted), others: [wanted])
        #expect(naming.isAccepted)
    }
}
