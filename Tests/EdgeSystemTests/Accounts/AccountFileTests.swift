import Testing

@testable import EdgeSystem

@Suite struct AccountFileTests {
    @Test func readsPasswdLines() {
        let entries = PasswdEntry.parse(
            "root:x:0:0:root:/root:/bin/sh\n# note\n\nbad\nweb:x:100:101::/srv:\nx:y:z:0:::\n")
        #expect(
            entries == [
                PasswdEntry(name: "root", uid: 0, gid: 0, home: "/root", shell: "/bin/sh"),
                PasswdEntry(name: "web", uid: 100, gid: 101, home: "/srv", shell: ""),
            ])
    }

    @Test func readsGroupLines() {
        #expect(
            GroupEntry.parse("a:x:5:\nb:x:6:one,two\r\nc:x:-1:\n") == [
                GroupEntry(name: "a", gid: 5, members: []),
                GroupEntry(name: "b", gid: 6, members: ["one", "two"]),
            ])
    }
}
