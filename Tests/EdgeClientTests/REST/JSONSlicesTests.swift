import EdgeJSON
import Testing

@testable import EdgeClient

@Suite struct JSONSlicesTests {
    private func text(_ slice: ArraySlice<UInt8>) -> String { String(decoding: slice, as: UTF8.self) }

    @Test func findsMembers() throws {
        let json = Array(" { \"a\" : {\"x\":\"}\\\"\"} , \"b\":[1,{}], \"c\":null,\"d\":-1.5e3 } ".utf8)
        let members = try JSONSlices.members(of: json[...])
        #expect(members.map(\.key) == ["a", "b", "c", "d"])
        #expect(members.map { text($0.value) } == ["{\"x\":\"}\\\"\"}", "[1,{}]", "null", "-1.5e3 "])
    }

    @Test func findsElements() throws {
        let json = Array("[{\"a\":[1]},\"x,y\",3]".utf8)
        #expect(try JSONSlices.elements(of: json[...]).map(text) == ["{\"a\":[1]}", "\"x,y\"", "3"])
        #expect(try JSONSlices.elements(of: Array("[]".utf8)[...]).isEmpty)
        #expect(try JSONSlices.elements(of: Array("null".utf8)[...]).isEmpty)
        #expect(try JSONSlices.members(of: Array("{}".utf8)[...]).isEmpty)
    }

    @Test(arguments: [
        "", "{", "[1", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{1:2}", "x", "{\"a\":\"b}", "{\"a\":[}",
    ])
    func refuses(json: String) {
        #expect(throws: JSONError.self) { try JSONSlices.members(of: Array(json.utf8)[...]) }
    }
}
