import EdgeBase
import EdgeNetlink

@testable import EdgeProxy

/// Walks a ruleset with a packet as the kernel would, register by register. Whatever it does not understand
/// is an error, so that no rule goes untested.
struct PacketTracer {
    struct Packet {
        var source: IPv4Address
        var destination: IPv4Address
        var transport: UInt8
        var destinationPort: UInt16
        var mark: UInt32 = 0
        var state: UInt32 = 8
    }

    enum Outcome: Hashable {
        case sent(to: ProxyTarget, masqueraded: Bool)
        case rejected
        case dropped
    }

    struct Unknown: Error, CustomStringConvertible {
        let description: String
    }

    /// What a chain did.
    private enum Step: Equatable {
        case next, ended, accepted, dropped, rejected, masqueraded
        case translated(ProxyTarget)
    }

    let ruleset: Ruleset
    let hostAddresses: Set<IPv4Address>
    /// What rules have put into dynamic sets.
    private(set) var remembered: [String: Set<NFTKey>] = [:]
    private var choice: UInt32 = 0
    private var greatestModulus: UInt32 = 1

    init(_ ruleset: Ruleset, hostAddresses: Set<IPv4Address>) {
        self.ruleset = ruleset
        self.hostAddresses = hostAddresses
    }

    /// Every outcome that chance allows, each from the same remembered clients.
    mutating func outcomes(_ packet: Packet) throws -> Set<Outcome> {
        var outcomes: Set<Outcome> = []
        let before = remembered
        var number: UInt32 = 0
        greatestModulus = 1
        repeat {
            remembered = before
            outcomes.insert(try outcome(packet, choice: number))
            number += 1
        } while number < greatestModulus
        return outcomes
    }

    /// The outcome when every generator yields `choice` modulo its range.
    mutating func outcome(_ original: Packet, choice: UInt32) throws -> Outcome {
        self.choice = choice
        var packet = original
        let fromHost = hostAddresses.contains(packet.source)
        switch try hook(.nat, fromHost ? .output : .prerouting, &packet) {
        case .translated(let target):
            packet.destination = target.address
            packet.destinationPort = target.port
        case .dropped: return .dropped
        case .next, .accepted: break
        case let step: throw Unknown(description: "\(step) in a NAT chain")
        }
        let toHost = hostAddresses.contains(packet.destination)
        var points: [NFTHook.Point] = fromHost ? [.output] : toHost ? [.input] : [.forward]
        if fromHost, toHost { points.append(.input) }
        for point in points {
            switch try hook(.filter, point, &packet) {
            case .dropped: return .dropped
            case .rejected: return .rejected
            case .next, .accepted: break
            case let step: throw Unknown(description: "\(step) in a filter chain")
            }
        }
        let target = ProxyTarget(packet.destination, packet.destinationPort)
        if toHost, !fromHost { return .sent(to: target, masqueraded: false) }
        let step = try hook(.nat, .postrouting, &packet)
        if packet.mark != original.mark { throw Unknown(description: "a mark that stays: \(packet.mark)") }
        return .sent(to: target, masqueraded: step == .masqueraded)
    }

    private mutating func hook(
        _ kind: NFTHook.Kind, _ point: NFTHook.Point, _ packet: inout Packet
    ) throws -> Step {
        for (name, chain) in ruleset.chains.sorted(by: { $0.key < $1.key })
        where chain.hook?.kind == kind && chain.hook?.point == point {
            let step = try run(name, &packet, depth: 0)
            return step == .ended ? .next : step
        }
        return .next
    }

    private mutating func run(_ name: String, _ packet: inout Packet, depth: Int) throws -> Step {
        guard let chain = ruleset.chains[name], depth < 16 else {
            throw Unknown(description: "chain \(name) is missing or too deep")
        }
        for rule in chain.rules {
            let step = try run(rule, &packet, depth: depth)
            if step != .next { return step }
        }
        return .next
    }

    private mutating func run(_ rule: NFTRule, _ packet: inout Packet, depth: Int) throws -> Step {
        var registers = [UInt8](repeating: 0, count: 64)
        func read(_ register: NFTRegister, _ count: Int) -> [UInt8] {
            Array(registers[Int(register.number) * 4..<Int(register.number) * 4 + count])
        }
        func write(_ bytes: [UInt8], _ register: NFTRegister) {
            // The kernel fills the last register of a value with zeros.
            let padded = bytes + [UInt8](repeating: 0, count: -bytes.count & 3)
            registers.replaceSubrange(
                Int(register.number) * 4..<Int(register.number) * 4 + padded.count, with: padded)
        }
        for expression in rule.expressions {
            switch expression {
            case .payload(.network, offset: 12, length: 4, let register):
                write(packet.source.bytes, register)
            case .payload(.network, offset: 16, let length, let register):
                write(Array(packet.destination.bytes.prefix(Int(length))), register)
            case .payload(.transport, offset: 2, length: 2, let register):
                write(.port(packet.destinationPort), register)
            case .meta(.transportProtocol, let register): write([packet.transport], register)
            case .meta(.mark, let register): write(.hostOrder(packet.mark), register)
            case .meta(.outputInterfaceName, let register):
                let name = hostAddresses.contains(packet.destination) ? "lo" : "eth0"
                write(Array(name.utf8) + [UInt8](repeating: 0, count: 16 - name.utf8.count), register)
            case .setMeta(.mark, let register):
                packet.mark = read(register, 4).withUnsafeBytes { $0.load(as: UInt32.self) }
            case .compare(let register, let comparison, let bytes):
                let equal = read(register, bytes.count) == bytes
                switch comparison {
                case .equal: if !equal { return .next }
                case .notEqual: if equal { return .next }
                default: throw Unknown(description: "\(expression)")
                }
            case .bitwise(let register, let mask, let xor):
                write(
                    zip(read(register, mask.count), zip(mask, xor)).map { $0 & $1.0 ^ $1.1 }, register)
            case .conntrack(.state, nil, let register): write(.hostOrder(packet.state), register)
            case .addressType(let side, let register):
                let address = side == .source ? packet.source : packet.destination
                write(.hostOrder(hostAddresses.contains(address) ? 2 : 1), register)
            case .number(.random, let modulus, let register):
                greatestModulus = max(greatestModulus, modulus)
                write(.hostOrder(choice % modulus), register)
            case .immediate(let bytes, let register): write(bytes, register)
            case .updateSet(.update, let set, let key, nil, _?):
                guard let definition = ruleset.sets[set]?.definition, definition.isDynamic else {
                    throw Unknown(description: "update of \(set)")
                }
                remembered[set, default: []].insert(NFTKey(bytes: read(key, definition.key.length)))
            case .lookup(let reference, let key, let lookup):
                let (definition, elements) = try self.elements(reference)
                let wanted = NFTKey(bytes: read(key, definition.key.length))
                guard let value = elements[wanted] else { return .next }
                switch (lookup, value) {
                case (.member, .none): break
                case (.data(let register), .data(let data)): write(data.bytes, register)
                case (.verdict, .verdict(let verdict)):
                    return try take(verdict, &packet, depth: depth)
                default: throw Unknown(description: "\(expression)")
                }
            case .verdict(let verdict):
                let step = try take(verdict, &packet, depth: depth)
                if step != .next { return step }
            case .translate(.destination, .ipv4, let address, let port?):
                guard let target = IPv4Address(bytes: read(address, 4)) else { continue }
                let number = read(port, 2)
                return .translated(ProxyTarget(target, UInt16(number[0]) << 8 | UInt16(number[1])))
            case .masquerade: return .masqueraded
            case .reject(.tcpReset):
                guard packet.transport == 6 else { throw Unknown(description: "reset of no TCP packet") }
                return .rejected
            case .reject(.icmp(code: 3)): return .rejected
            default: throw Unknown(description: "\(expression)")
            }
        }
        return .next
    }

    private mutating func take(_ verdict: NFTVerdict, _ packet: inout Packet, depth: Int) throws -> Step {
        switch verdict {
        case .drop: return .dropped
        case .accept: return .accepted
        case .jump(let chain):
            let step = try run(chain, &packet, depth: depth + 1)
            return step == .ended ? .next : step
        case .goto(let chain):
            // From the end of a chain that was gone to, a packet comes back to where it was last sent from by
            // a jump.
            let step = try run(chain, &packet, depth: depth + 1)
            return step == .next ? .ended : step
        default: throw Unknown(description: "\(verdict)")
        }
    }

    private func elements(
        _ reference: NFTSetReference
    ) throws -> (NFTSet, [NFTKey: NFTElement.Value]) {
        switch reference {
        case .anonymous(let set, let elements):
            return (set, Dictionary(uniqueKeysWithValues: elements.map { ($0.key, $0.value) }))
        case .named(let name):
            guard let set = ruleset.sets[name] else { throw Unknown(description: "set \(name)") }
            guard set.definition.isDynamic else { return (set.definition, set.elements) }
            let keys = remembered[name] ?? []
            return (set.definition, Dictionary(uniqueKeysWithValues: keys.map { ($0, .none) }))
        }
    }
}
