// What Swift's Glibc module lacks of sched.h and linux/sched.h.

enum CLONE {
    static let newNetwork: Int32 = 0x4000_0000
}

@_silgen_name("setns")
func linuxSetns(_ descriptor: Int32, _ kind: Int32) -> Int32

@_silgen_name("unshare")
func linuxUnshare(_ flags: Int32) -> Int32
