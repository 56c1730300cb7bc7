internal import EdgeBase

/// Answers a query from the cluster's zone.
struct ZoneResponder {
    enum Outcome: Sendable {
        case reply([UInt8], ResponseCode)
        /// The name leads to `target`, which an upstream server has to be asked for.
        case follow(AliasChain, target: WireName)
        /// Not a name of the cluster's.
        case foreign
    }

    let zone: DNSZone
    /// The size of a reply, in bytes.
    let limit: Int

    func answer(_ query: DNSQuery) -> Outcome {
        var chain = AliasChain()
        var name = query.name
        while true {
            switch zone.find(name) {
            case .foreign:
                return chain.steps.isEmpty ? .foreign : .follow(chain, target: name)
            case .missing:
                return negative(query, name, chain, .nameError)
            case .found(let records):
                guard let target = records.alias else { return positive(query, name, records, chain) }
                guard chain.append(name, target) else {
                    return .reply(query.errorReply(.serverFailure), .serverFailure)
                }
                // Asked for the CNAME itself, RFC 1034 section 3.6.2 ends the search here.
                if query.type == .cname || query.type == .any {
                    return reply(query, chain, .noError) { _ in }
                }
                name = target
            }
        }
    }

    private func positive(
        _ query: DNSQuery, _ name: WireName, _ records: ZoneRecords, _ chain: AliasChain
    ) -> Outcome {
        if name == zone.configuration.domain, let outcome = apex(query, name, chain) { return outcome }
        let types = query.type == .any ? ZoneRecords.types : [query.type]
        var answers: [(type: RecordType, data: [RecordData])] = []
        for type in types {
            let data = records.data(type)
            if !data.isEmpty { answers.append((type, data)) }
        }
        guard !answers.isEmpty else {
            return zone.configuration.owns(name) ? negative(query, name, chain, .noError) : .foreign
        }
        return reply(query, chain, .noError) { writer in
            for (type, data) in answers {
                // Another one first each time spreads the load, as CoreDNS does; the id is random enough.
                let first = Int(query.header.id) % data.count
                for index in data.indices {
                    let item = data[(first + index) % data.count]
                    guard writer.add(.answer, name, type, ttl: zone.configuration.ttl, item) else { return }
                }
            }
            addTargets(of: records, for: query.type, to: &writer)
        }
    }

    /// The addresses of the targets of SRV records, to save the client a question each.
    private func addTargets(of records: ZoneRecords, for type: RecordType, to writer: inout ReplyWriter) {
        guard type == .srv else { return }
        var seen: Set<WireName> = []
        for location in records.locations where seen.insert(location.target).inserted {
            guard let target = zone[location.target] else { continue }
            for type in [RecordType.a, .aaaa] {
                for data in target.data(type) {
                    let fits = writer.add(
                        .additional, location.target, type, ttl: zone.configuration.ttl, data)
                    guard fits else { return }
                }
            }
        }
    }

    /// SOA and NS of the domain.
    private func apex(_ query: DNSQuery, _ name: WireName, _ chain: AliasChain) -> Outcome? {
        let configuration = zone.configuration
        switch query.type {
        case .soa:
            return reply(query, chain, .noError) { writer in
                writer.add(
                    .answer, name, .soa, ttl: configuration.ttl,
                    .authority(configuration.authority(serial: zone.serial)))
            }
        case .ns:
            return reply(query, chain, .noError) { writer in
                writer.add(.answer, name, .ns, ttl: configuration.ttl, .name(configuration.nameServer))
                for address in configuration.nameServerAddresses {
                    writer.add(
                        .additional, configuration.nameServer, address.isIPv4 ? .a : .aaaa,
                        ttl: configuration.ttl, .address(address))
                }
            }
        default: return nil
        }
    }

    /// NXDOMAIN or NODATA, with the SOA that says how long to remember it (RFC 2308 section 3).
    private func negative(
        _ query: DNSQuery, _ name: WireName, _ chain: AliasChain, _ code: ResponseCode
    ) -> Outcome {
        let configuration = zone.configuration
        return reply(query, chain, code) { writer in
            writer.add(
                .authority, configuration.zone(of: name) ?? configuration.domain, .soa,
                ttl: configuration.ttl, .authority(configuration.authority(serial: zone.serial)))
        }
    }

    private func reply(
        _ query: DNSQuery, _ chain: AliasChain, _ code: ResponseCode, _ body: (inout ReplyWriter) -> Void
    ) -> Outcome {
        var writer = ReplyWriter(to: query, limit: limit)
        chain.write(to: &writer, ttl: zone.configuration.ttl)
        body(&writer)
        return .reply(writer.finish(code, authoritative: true), code)
    }
}
