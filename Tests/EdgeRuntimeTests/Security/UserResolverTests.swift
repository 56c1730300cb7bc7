import EdgeSystem
import Testing

@testable import EdgeRuntime

@Suite struct UserResolverTests {
    private static let passwd = PasswdEntry.parse(
        "root:x:0:0::/root:/bin/sh\nweb:x:1001:1002::/srv:/bin/sh\n")
    private static let groups = GroupEntry.parse("root:x:0:\nstaff:x:50:web\nweb:x:1002:\nextra:x:2001:web\n")

    struct Case: Sendable {
        var name = ""
        var uid: UInt32?
        var gid: UInt32?
        var supplemental: [UInt32] = []
        var policy = UserSelection.SupplementalGroupsPolicy.merge
        var expected: (UInt32, UInt32, [UInt32])
    }

    @Test(arguments: [
        Case(expected: (0, 0, [0])),
        Case(name: "web", expected: (1001, 1002, [50, 1002, 2001])),
        Case(name: "1001", expected: (1001, 1002, [50, 1002, 2001])),
        Case(name: "web:staff", expected: (1001, 50, [50, 2001])),
        Case(name: "7:8", expected: (7, 8, [8])),
        Case(name: "7", expected: (7, 0, [0])),
        Case(name: "web", uid: 5, expected: (5, 0, [0])),
        Case(name: "web:staff", uid: 1001, expected: (1001, 1002, [50, 1002, 2001])),
        Case(name: "web", gid: 9, supplemental: [3], expected: (1001, 9, [3, 9, 50, 2001])),
        Case(name: "web", supplemental: [3], policy: .strict, expected: (1001, 1002, [3, 1002])),
    ])
    func resolves(test: Case) throws {
        var selection = UserSelection()
        selection.name = test.name
        selection.uid = test.uid
        selection.gid = test.gid
        selection.supplementalGroups = test.supplemental
        selection.policy = test.policy
        let user = try ResolvedUser.resolve(selection, passwd: Self.passwd, groups: Self.groups)
        #expect(user.uid == test.expected.0)
        #expect(user.gid == test.expected.1)
        #expect(user.groups == test.expected.2)
    }

    @Test(arguments: ["nobody", "web:nogroup"])
    func refusesUnknownNames(name: String) {
        var selection = UserSelection()
        selection.name = name
        #expect(throws: RuntimeError.self) {
            try ResolvedUser.resolve(selection, passwd: Self.passwd, groups: Self.groups)
        }
    }
}
