import Testing

@testable import EdgeDNS

@Suite struct ExchangePlanTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var servers = 2
        var first = 0
        var events: [ExchangePlan.Event]
        var actions: [ExchangePlan.Action]
    }

    private static func udp(_ server: Int, edns: Bool = true) -> ExchangePlan.Action {
        .ask(server: server, .datagram, edns: edns)
    }

    private static func answer(_ code: ResponseCode, truncated: Bool = false) -> ExchangePlan.Event {
        .answer(code, isTruncated: truncated)
    }

    private static let cases = [
        Case(testDescription: "no servers", servers: 0, events: [], actions: [.giveUp]),
        Case(testDescription: "an answer", events: [answer(.noError)], actions: [udp(0), .accept]),
        Case(testDescription: "a denial", events: [answer(.nameError)], actions: [udp(0), .accept]),
        Case(
            testDescription: "begins with the server that answered last", first: 1,
            events: [.timeout, answer(.noError)], actions: [udp(1), udp(0), .accept]),
        Case(
            testDescription: "a truncated answer",
            events: [answer(.noError, truncated: true), answer(.noError)],
            actions: [udp(0), .ask(server: 0, .stream, edns: true), .accept]),
        Case(
            testDescription: "no TCP behind a truncated answer",
            events: [answer(.noError, truncated: true), .failure, answer(.noError)],
            actions: [udp(0), .ask(server: 0, .stream, edns: true), udp(1), .accept]),
        Case(
            testDescription: "no EDNS", events: [answer(.formatError), answer(.noError)],
            actions: [udp(0), udp(0, edns: false), .accept]),
        Case(
            testDescription: "failures and refusals",
            events: [answer(.serverFailure), answer(.refused), .failure, .timeout],
            actions: [udp(0), udp(1), udp(0), udp(1), .giveUp]),
        Case(
            testDescription: "one server", servers: 1, events: [.timeout, .timeout],
            actions: [udp(0), udp(0), .giveUp]),
        Case(
            testDescription: "many servers", servers: 8, events: [.timeout, .timeout, .timeout, .timeout],
            actions: [udp(0), udp(1), udp(2), udp(3), .giveUp]),
    ]

    @Test(arguments: cases) func asks(_ item: Case) {
        var plan = ExchangePlan(servers: item.servers, first: item.first)
        var actions = [plan.begin()]
        for event in item.events { actions.append(plan.handle(event)) }
        #expect(actions == item.actions)
    }
}
