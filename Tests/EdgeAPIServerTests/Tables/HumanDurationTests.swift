import Testing

@testable import EdgeAPIServer

struct HumanDurationTests {
    @Test(arguments: [
        (-5, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (125, "2m5s"), (599, "9m59s"),
        (600, "10m"), (10_799, "179m"), (10_800, "3h"), (12_000, "3h20m"), (28_799, "7h59m"), (28_800, "8h"),
        (172_799, "47h"), (172_800, "2d"), (180_000, "2d2h"), (691_200, "8d"), (63_071_999, "729d"),
        (63_072_000, "2y"), (66_000_000, "2y33d"), (252_288_000, "8y"),
    ])
    func texts(_ seconds: Int, _ text: String) {
        #expect(HumanDuration.text(.seconds(seconds)) == text)
    }
}
