import EdgeTransport
import Testing

@testable import EdgeAPIServer

@Suite struct ProxyPathTests {
    @Test(
        arguments: [
            ("web", false, "web", ""), ("web:80", false, "web", "80"), ("http:web:80", false, "web", "80"),
            ("https:web:", true, "web", ""), (":web:http", false, "web", "http"),
        ])
    func names(_ text: String, _ isEncrypted: Bool, _ name: String, _ port: String) throws {
        let parsed = try #require(ProxyName(text))
        #expect((parsed.isEncrypted, parsed.name, parsed.port) == (isEncrypted, name, port))
    }

    @Test(arguments: ["", ":80", "ftp:web:80", "http:web:80:x"])
    func badNames(_ text: String) { #expect(ProxyName(text) == nil) }

    @Test(
        arguments: [
            ("/api/v1/namespaces/d/pods/p/proxy", "", "/api/v1/namespaces/d/pods/p/proxy"),
            ("/api/v1/namespaces/d/pods/p/proxy/", "/", "/api/v1/namespaces/d/pods/p/proxy"),
            ("/api/v1/namespaces/d/pods/p/proxy/a%2Fb/c/", "/a%2Fb/c/", "/api/v1/namespaces/d/pods/p/proxy"),
            ("//api/v1/nodes/n/proxy/x//y", "/x//y", "//api/v1/nodes/n/proxy"),
        ])
    func paths(_ path: String, _ target: String, _ prefix: String) throws {
        let segments = try #require(HTTPTarget(path)).segments
        let info = RequestInfo(method: "GET", path: path, segments: segments)
        let parsed = ProxyPath(path: path, segments: segments.count, remainder: info.remainder.count)
        #expect(parsed.target == target)
        #expect(parsed.prefix == prefix)
    }

    @Test(
        arguments: [
            ("/login", "/p/login"), ("/p/login", "/p/login"), ("http://10.0.0.1:80/x?y", "/p/x?y"),
            ("https://elsewhere/x", "https://elsewhere/x"), ("next", "next"), ("//other/x", "//other/x"),
        ])
    func locations(_ location: String, _ expected: String) {
        let path = ProxyPath(path: "/p/here", segments: 2, remainder: 1)
        #expect(path.location(location, host: "10.0.0.1:80") == expected)
    }
}
