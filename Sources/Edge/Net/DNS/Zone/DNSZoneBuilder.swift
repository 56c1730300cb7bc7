internal import EdgeAPI
internal import EdgeBase
internal import HashTreeCollections

/// Turns object changes into zones. Each change touches the records of the Services it is about and no others;
/// the table shares what did not change with the zones made before.
struct DNSZoneBuilder {
    let configuration: ZoneConfiguration
    private var services: [ServiceName: ServiceEntry] = [:]
    private var slices: [ObjectKey: SliceEntry] = [:]
    private var slicesOfService: [ServiceName: Set<ObjectKey>] = [:]
    private var namespaces: Set<String> = []
    private var servicesInNamespace: [String: Int] = [:]
    private var published: [ServiceName: ServiceRecords] = [:]
    private var pointers: [IPAddress: [ServiceName: [ReversePointer]]] = [:]
    private var table: DNSZone.Table
    private var serial: UInt32 = 0
    private var changed: Set<ServiceName> = []

    init(_ configuration: ZoneConfiguration) {
        self.configuration = configuration
        table = DNSZone.Table(uniqueKeysWithValues: configuration.staticRecords.map { ($0.key, $0.value) })
    }

    // MARK: Objects in

    /// Takes over one change of a Service, EndpointSlice or Namespace. An object that cannot be decoded counts
    /// as deleted and its error is returned.
    mutating func apply(_ change: ObjectChange) -> (any Error)? {
        let key = change.object.key
        let isGone = change.kind == .deleted
        do {
            switch key.resource {
            case Service.resource:
                let name = ServiceName(namespace: key.namespace, name: key.name)
                set(name, nil)
                if !isGone { set(name, ServiceEntry(try Service(decoding: change.object))) }
            case EndpointSlice.resource:
                set(key, nil)
                if !isGone { set(key, SliceEntry(try EndpointSlice(decoding: change.object))) }
            case Namespace.resource:
                setNamespace(key.name, exists: !isGone)
            default: break
            }
            return nil
        } catch {
            return error
        }
    }

    mutating func set(_ name: ServiceName, _ entry: ServiceEntry?) {
        let previous = services.updateValue(entry, forKey: name)
        changed.insert(name)
        let difference = (entry == nil ? 0 : 1) - (previous == nil ? 0 : 1)
        guard difference != 0 else { return }
        servicesInNamespace[name.namespace, default: 0] += difference
        if servicesInNamespace[name.namespace] == 0 { servicesInNamespace[name.namespace] = nil }
        updateNamespace(name.namespace)
    }

    mutating func set(_ key: ObjectKey, _ entry: SliceEntry?) {
        if let previous = slices.updateValue(entry, forKey: key) {
            slicesOfService[previous.service]?.remove(key)
            if slicesOfService[previous.service]?.isEmpty == true { slicesOfService[previous.service] = nil }
            changed.insert(previous.service)
        }
        if let entry {
            slicesOfService[entry.service, default: []].insert(key)
            changed.insert(entry.service)
        }
    }

    mutating func setNamespace(_ name: String, exists: Bool) {
        if exists { namespaces.insert(name) } else { namespaces.remove(name) }
        updateNamespace(name)
    }

    /// `<namespace>.svc.<domain>` exists with the namespace, or with a Service that was heard of before it.
    private mutating func updateNamespace(_ name: String) {
        guard let wireName = configuration.services.prefixed(by: name) else { return }
        let exists = namespaces.contains(name) || servicesInNamespace[name] != nil
        table[wireName] = exists ? ZoneRecords() : nil
    }

    // MARK: Zone out

    /// The zone of all that has been taken over.
    mutating func build() -> DNSZone {
        for name in changed { publish(name) }
        changed = []
        serial &+= 1
        return DNSZone(configuration: configuration, table: table, serial: serial)
    }

    private mutating func publish(_ name: ServiceName) {
        let keys = (slicesOfService[name] ?? []).sorted()
        let records = services[name].map { service in
            ServiceRecords(service, slices: keys.compactMap { slices[$0] }, in: configuration)
        }
        let previous = published[name]
        guard records != previous else { return }
        published[name] = records
        for old in previous?.forward.keys.filter({ records?.forward[$0] == nil }) ?? [] { table[old] = nil }
        for (wireName, new) in records?.forward ?? [:] where previous?.forward[wireName] != new {
            table[wireName] = new
        }
        let oldReverse = previous?.reverse ?? [:]
        let newReverse = records?.reverse ?? [:]
        for address in oldReverse.keys where newReverse[address] == nil {
            setPointers(address, of: name, nil)
        }
        for (address, new) in newReverse where oldReverse[address] != new {
            setPointers(address, of: name, new)
        }
    }

    /// Several Services may name one address: all chosen names answer, or else all made-up ones.
    private mutating func setPointers(_ address: IPAddress, of name: ServiceName, _ new: [ReversePointer]?) {
        pointers[address, default: [:]][name] = new
        let all = (pointers[address] ?? [:]).values.joined()
        let wireName = ReverseName.name(of: address)
        guard !all.isEmpty else {
            pointers[address] = nil
            table[wireName] = nil
            return
        }
        let chosen = all.filter(\.isExplicit)
        let names = Set((chosen.isEmpty ? Array(all) : chosen).map(\.name))
        table[wireName] = ZoneRecords(
            pointers: names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) })
    }
}

extension Dictionary {
    /// Sets or removes; returns what was there.
    fileprivate mutating func updateValue(_ value: Value?, forKey key: Key) -> Value? {
        if let value { return updateValue(value, forKey: key) }
        return removeValue(forKey: key)
    }
}
