import NIOCore
import Testing

@testable import EdgeTransport

@Suite struct HTTPPieceReaderTests {
    private static func text(_ body: HTTPBodyPieces, limit: Int) -> String {
        var reader = HTTPPieceReader(body)
        var text = ""
        while !reader.isAtEnd {
            var buffer = ByteBuffer()
            reader.fill(&buffer, limit: limit)
            #expect((1...limit).contains(buffer.readableBytes))
            text += String(buffer: buffer)
        }
        return text
    }

    @Test(arguments: [1, 2, 3, 5, 8, 1000])
    func listsAreJoinedByCommas(limit: Int) {
        for (elements, wanted) in [
            ([], "[]"), (["a"], "[a]"), (["a", "bb"], "[a,bb]"), (["abc", "de", "fghij"], "[abc,de,fghij]"),
        ] {
            let body = HTTPBodyPieces(
                head: Array("[".utf8), elements: elements.map { Array($0.utf8) }, tail: Array("]".utf8))
            #expect(body.count == wanted.utf8.count)
            #expect(Self.text(body, limit: limit) == wanted)
        }
    }

    @Test(arguments: [1, 4, 7, 1000])
    func otherPiecesFollowDirectly(limit: Int) {
        let body = HTTPBodyPieces(["one ", "two ", "three"].map { Array($0.utf8) })
        #expect(Self.text(body, limit: limit) == "one two three")
    }
}
