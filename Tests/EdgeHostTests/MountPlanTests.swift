import EdgeSystem
import Testing

@testable import EdgeHost

struct MountPlanTests {
    private static let mounts = MountInfo.parse(
        """
        22 1 8:1 / / rw - ext4 /dev/sda1 rw
        30 22 0:25 / /run rw - tmpfs tmpfs rw
        31 30 0:30 / /run/edge/pods rw - tmpfs edge rw
        32 31 0:31 / /run/edge/pods/u1/volumes/m rw - tmpfs tmpfs rw
        33 30 0:32 / /run/edge2/pods rw - tmpfs edge rw
        34 22 8:2 / /var/lib/edge rw - ext4 /dev/sda2 rw
        35 34 8:3 / /var/lib/edge/storage/disk rw - ext4 /dev/sda3 rw
        36 34 8:1 /home /var/lib/edge/agent/pods/u1/volumes/x rw - ext4 /dev/sda1 rw
        37 34 8:1 /home /var/lib/edge/agent/pods/u1/volumes/x rw - ext4 /dev/sda1 rw
        """)

    @Test func takesOffWhatWasMountedLastFirst() {
        let plan = MountPlan(
            Self.mounts, own: ["/run/edge", "/var/lib/edge/agent/pods"], others: ["/var/lib/edge"])
        #expect(
            plan.unmount == [
                "/var/lib/edge/agent/pods/u1/volumes/x", "/var/lib/edge/agent/pods/u1/volumes/x",
                "/run/edge/pods/u1/volumes/m", "/run/edge/pods",
            ])
        #expect(plan.foreign == ["/var/lib/edge/storage/disk"])
    }
}
