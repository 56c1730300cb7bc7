import Testing

@testable import EdgeSystem

@Suite struct ErrnoTests {
    @Test func namesTheReason() {
        #expect(Errno.noEntry.description == "no such file or directory")
        #expect(SystemError("open", "/x", .noEntry).description == "open /x: no such file or directory")
        #expect(Errno(rawValue: 9999).description == "error 9999")
    }
}
