internal import EdgeTransport

/// Connects to one of a Service's endpoints, and tries the others when it does not answer.
struct ServiceDialer: Dialer {
    private static let maximumTries = 3

    let service: ServiceEndpoints
    let tcp: TCPDialer

    func connect(host: String, port: Int) async throws -> any ByteStream {
        var failure: any Error = OutboundFailure("no endpoints available for service \"\(service.name)\"")
        for address in try service.addresses().shuffled().prefix(Self.maximumTries) {
            do { return try await tcp.connect(host: address.host, port: address.port) } catch {
                failure = error
            }
        }
        throw failure
    }
}
