import EdgeAPI
import EdgeJSON
import Testing

struct IntOrStringTests {
    /// Surge rounds up, unavailability rounds down.
    @Test(arguments: [
        (IntOrString.int(3), 10, 3, 3), (.string("25%"), 10, 3, 2), (.string("25%"), 4, 1, 1),
        (.string("0%"), 10, 0, 0), (.string("100%"), 7, 7, 7), (.string("1%"), 1, 1, 0),
    ])
    func scales(_ value: IntOrString, _ total: Int, _ up: Int, _ down: Int) {
        #expect(value.scaled(of: total, roundingUp: true) == up)
        #expect(value.scaled(of: total, roundingUp: false) == down)
    }

    @Test(arguments: ["http", "25", "%", "a%"])
    func refusesOtherTexts(_ text: String) {
        #expect(IntOrString.string(text).scaled(of: 10, roundingUp: true) == nil)
    }

    @Test func readsJSON() {
        #expect(IntOrString(.int(80)) == .int(80))
        #expect(IntOrString(.string("http")) == .string("http"))
        #expect(IntOrString(.bool(true)) == nil)
        #expect(IntOrString(nil) == nil)
        #expect(IntOrString.string("25%").value == "25%")
    }
}
