internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// TLS over a byte stream that is no socket, such as a stream of the agent tunnel. The TLS engine wants a
/// channel, so the stream is spliced to one end of a socket pair, and TLS runs on the other.
enum StreamTLS {
    static func connect(
        over stream: any ByteStream, tls: TLSClientContext, serverName: String, group: any EventLoopGroup,
        timeout: Duration
    ) async throws -> any ByteStream {
        var descriptors: [Int32] = [-1, -1]
        guard
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &descriptors)
                == 0
        else {
            let code = errno
            throw StreamError.reset("socketpair: \(String(cString: strerror(code)))")
        }
        let handshake = TLSHandshake(context: tls, serverName: serverName, timeout: timeout)
        let bootstrap = ClientBootstrap(group: group).channelOption(.allowRemoteHalfClosure, value: true)
        let carrier: ChannelStream
        do {
            carrier = try await bootstrap.withConnectedSocket(descriptors[0]) { channel in
                channel.eventLoop.makeCompletedFuture { try ChannelStream.install(on: channel) }
            }
        } catch {
            Self.close(descriptors[1])
            throw error
        }
        let started = try await bootstrap.withConnectedSocket(descriptors[1]) { channel in
            channel.eventLoop.makeCompletedFuture { try handshake.install(on: channel) }
        }
        // Ends by itself when either side closes.
        Task { await StreamSplice.run(stream, carrier) }
        do {
            return try await handshake.finish(started)
        } catch {
            stream.close()
            throw error
        }
    }

    private static func close(_ descriptor: Int32) {
        _ = closeDescriptor(descriptor)
    }
}

private func closeDescriptor(_ descriptor: Int32) -> Int32 { close(descriptor) }
