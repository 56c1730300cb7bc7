import Testing

@testable import EdgeSystem

@Suite struct MountInfoTests {
    @Test func readsEveryField() throws {
        let line =
            #"36 35 98:0 /mnt1 /mnt\0402 rw,noatime master:1 shared:7 - ext3 /dev/ro\134ot rw,errors=continue"#
        let mount = try #require(MountInfo(line: line))
        #expect(mount.id == 36)
        #expect(mount.parent == 35)
        #expect(mount.root == "/mnt1")
        #expect(mount.mountPoint == "/mnt 2")
        #expect(mount.options == ["rw", "noatime"])
        #expect(mount.masterGroup == 1)
        #expect(mount.sharedGroup == 7)
        #expect(mount.type == "ext3")
        #expect(mount.source == #"/dev/ro\ot"#)
        #expect(mount.superOptions == ["rw", "errors=continue"])
    }

    @Test(arguments: ["", "1 2 3", "a 35 98:0 / / rw - ext4 x rw", "36 35 98:0 / / rw ext4 /dev/root rw"])
    func refusesOtherForms(line: String) {
        #expect(MountInfo(line: line) == nil)
    }

    @Test func findsTheMountOfAPath() {
        let mounts = MountInfo.parse(
            """
            1 0 0:1 / / rw - ext4 a rw
            2 1 0:2 / /var rw - ext4 b rw
            3 2 0:3 / /var/lib rw - ext4 c rw
            """)
        #expect(MountInfo.containing("/var/lib/x", in: mounts)?.id == 3)
        #expect(MountInfo.containing("/var/library", in: mounts)?.id == 2)
        #expect(MountInfo.containing("/etc", in: mounts)?.id == 1)
    }

    @Test func seesThisProcess() throws {
        #expect(try MountInfo.current().contains { $0.mountPoint == "/proc" && $0.type == "proc" })
    }
}
