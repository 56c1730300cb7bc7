import EdgeBase
import Testing

struct MetricsTextTests {
    @Test func writesFamiliesWithTheirSamples() {
        var text = MetricsText()
        text.family("a_total", "counter")
        text.gauge("b", 0.5)
        text.sample("a_total", [("path", "x\"\\\n")], 3)
        text.counter("c_total", 7)
        #expect(
            text.text == """
                # TYPE a_total counter
                a_total{path="x\\"\\\\\\n"} 3
                # TYPE b gauge
                b 0.5
                # TYPE c_total counter
                c_total 7

                """)
    }

    @Test func writesHistogramsCumulatively() {
        var histogram = Histogram(bounds: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 5] { histogram.add(value) }
        var text = MetricsText()
        text.family("d", "histogram")
        text.histogram("d", [("verb", "GET")], histogram)
        #expect(
            text.text == """
                # TYPE d histogram
                d_bucket{verb="GET",le="0.1"} 2
                d_bucket{verb="GET",le="1"} 3
                d_bucket{verb="GET",le="+Inf"} 4
                d_sum{verb="GET"} 5.65
                d_count{verb="GET"} 4

                """)
        #expect(histogram.count == 4)
    }
}
