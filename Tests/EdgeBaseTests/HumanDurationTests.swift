import EdgeBase
import Testing

@Suite struct HumanDurationTests {
    @Test(arguments: [
        (-5, "<invalid>"), (-2, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"),
        (125, "2m5s"), (599, "9m59s"), (600, "10m"),
        (10799, "179m"), (10800, "3h"), (12000, "3h20m"), (11100, "3h5m"), (28799, "7h59m"), (28800, "8h"),
        (172799, "47h"),
        (172800, "2d"), (180000, "2d2h"), (691199, "7d23h"), (691200, "8d"), (63071999, "729d"),
        (63072000, "2y"), (63158400, "2y1d"), (66_000_000, "2y33d"), (252288000, "8y"),
    ])
    func tells(seconds: Int, text: String) {
        #expect(HumanDuration.text(.seconds(seconds)) == text)
    }
}
