import EdgeAPI
import EdgeJSON
import Testing

struct QuantityTests {
    @Test(arguments: [
        ("0", "0"), ("1", "1"), ("+1", "1"), ("-1", "-1"), ("007", "7"), ("1000m", "1"), ("0.5", "500m"),
        (".5", "500m"), ("1.", "1"), ("100m", "100m"), ("0.001", "1m"), ("0.0001", "100u"), ("1n", "1n"),
        ("1500", "1500"), ("1000", "1k"), ("1000k", "1M"), ("1234567890", "1234567890"), ("1E", "1E"),
        ("1e3", "1e3"), ("12E6", "12e6"), ("1500e-3", "1500e-3"), ("0.1e1", "1"), ("1.5Gi", "1536Mi"),
        ("1024Ki", "1Mi"), ("1Ki", "1Ki"), ("0.5Ki", "512"), ("1000Mi", "1000Mi"), ("1023", "1023"),
        ("128974848", "128974848"), ("129M", "129M"), ("123Mi", "123Mi"), ("-1.5Gi", "-1536Mi"),
        ("0.1Mi", "104857600m"), ("1Ei", "1Ei"),
    ])
    func canonicalForm(_ text: String, _ canonical: String) throws {
        let quantity = try Quantity(text)
        #expect(quantity.description == canonical)
        #expect(try Quantity(quantity.description) == quantity)
        #expect(try Quantity(quantity.description).description == canonical)
    }

    /// What is finer than a nano is rounded away from zero.
    @Test(arguments: [("0.1n", 1), ("1.5n", 2), ("-0.1n", -1), ("0.00000000001", 1), ("1e-20", 1)])
    func roundsToNanos(_ text: String, _ nanos: Int) throws {
        #expect(try Quantity(text).nanos == Int128(nanos))
    }

    @Test func clampsBinaryQuantities() throws {
        #expect(try Quantity("9223372036854775807Ki").value == .max)
        #expect(try Quantity("99999999999999999999Ei").value == .max)
    }

    @Test(arguments: [
        ("", QuantityError.format), ("1 Gi", .format), ("abc", .format), ("1.5.5", .format), ("1x", .format),
        ("1Mi ", .format), ("1K", .suffix), ("1mm", .suffix), ("1e", .suffix), ("1kK", .suffix),
        ("1e1.5", .format), (".", .number), ("Mi", .number), ("+", .number), ("1e40", .tooLarge),
        ("1000000000000000000000000000000000000000", .tooLarge),
    ])
    func refuses(_ text: String, _ error: QuantityError) {
        #expect(throws: error) { try Quantity(text) }
    }

    @Test(arguments: [
        ("1", 1, 1000), ("1m", 1, 1), ("1001m", 2, 1001), ("1u", 1, 1), ("-1u", -1, -1),
        ("2Ki", 2048, 2_048_000),
        ("0", 0, 0), ("1E", 1_000_000_000_000_000_000, Int64.max),
    ])
    func wholeNumbers(_ text: String, _ value: Int64, _ milliValue: Int64) throws {
        let quantity = try Quantity(text)
        #expect(quantity.value == value)
        #expect(quantity.milliValue == milliValue)
    }

    @Test(arguments: [
        ("1", "1", "2", "0"), ("500m", "1", "1500m", "-500m"), ("1Gi", "1Mi", "1025Mi", "1023Mi"),
        ("0", "1Gi", "1Gi", "-1Gi"), ("1k", "24", "1024", "976"), ("1Ki", "1", "1025", "1023"),
    ])
    func arithmetic(_ left: String, _ right: String, _ sum: String, _ difference: String) throws {
        let (left, right) = (try Quantity(left), try Quantity(right))
        #expect((left + right).description == sum)
        #expect((left - right).description == difference)
    }

    @Test func comparesByNumber() throws {
        #expect(try Quantity("1") == Quantity("1000m"))
        #expect(try Quantity("1Gi") > Quantity("1G"))
        #expect(try Quantity("1").hashValue == Quantity("1e0").hashValue)
        #expect(Quantity(nanos: .max) + Quantity(1) == Quantity(nanos: .max))
        #expect(try Quantity("1500u").roundedUpToMilli().description == "2m")
    }

    @Test(arguments: [
        (JSONValue.int(2), "2"), (.double(0.5), "500m"), (.double(1e20), "100e18"), (.string("1Gi"), "1Gi"),
    ])
    func readsJSON(_ value: JSONValue, _ text: String) throws {
        #expect(try Quantity(value).description == text)
    }
}
