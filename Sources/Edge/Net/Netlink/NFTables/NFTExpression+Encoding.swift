extension NFTExpression {
    /// Appends `{ name, data { ... } }` of one expression. `resolve` says under which name and transaction id
    /// a set stands.
    func write(
        to list: inout NetlinkWriter, resolve: (NFTSetReference) -> (name: String, id: UInt32?)
    ) {
        switch self {
        case .payload(let base, let offset, let length, let register):
            list.expression("payload") { data in
                data.attribute(1, networkOrder: register.kernelNumber)
                data.attribute(2, networkOrder: base.rawValue)
                data.attribute(3, networkOrder: offset)
                data.attribute(4, networkOrder: length)
            }
        case .meta(let key, let register):
            list.expression("meta") { data in
                data.attribute(2, networkOrder: key.rawValue)
                data.attribute(1, networkOrder: register.kernelNumber)
            }
        case .setMeta(let key, let register):
            list.expression("meta") { data in
                data.attribute(2, networkOrder: key.rawValue)
                data.attribute(3, networkOrder: register.kernelNumber)
            }
        case .compare(let register, let comparison, let bytes):
            list.expression("cmp") { data in
                data.attribute(1, networkOrder: register.kernelNumber)
                data.attribute(2, networkOrder: comparison.rawValue)
                data.nested(3) { $0.attribute(NFTA.Data.value, bytes) }
            }
        case .bitwise(let register, let mask, let xor):
            list.expression("bitwise") { data in
                data.attribute(1, networkOrder: register.kernelNumber)
                data.attribute(2, networkOrder: register.kernelNumber)
                data.attribute(3, networkOrder: UInt32(mask.count))
                data.attribute(6, networkOrder: UInt32(0))
                data.nested(4) { $0.attribute(NFTA.Data.value, mask) }
                data.nested(5) { $0.attribute(NFTA.Data.value, xor) }
            }
        case .lookup(let reference, let key, let lookup):
            let (name, id) = resolve(reference)
            list.expression("lookup") { data in
                data.attribute(2, networkOrder: key.kernelNumber)
                switch lookup {
                case .member: break
                case .notMember: data.attribute(5, networkOrder: UInt32(1))
                case .data(let register): data.attribute(3, networkOrder: register.kernelNumber)
                // NFT_REG_VERDICT
                case .verdict: data.attribute(3, networkOrder: UInt32(0))
                }
                data.attribute(1, string: name)
                if let id { data.attribute(4, networkOrder: id) }
            }
        case .immediate(let bytes, let register):
            list.expression("immediate") { data in
                data.attribute(1, networkOrder: register.kernelNumber)
                data.nested(2) { $0.attribute(NFTA.Data.value, bytes) }
            }
        case .verdict(let verdict):
            list.expression("immediate") { data in
                data.attribute(1, networkOrder: UInt32(0))
                data.nested(2) { $0.verdict(verdict) }
            }
        case .number(let generator, let modulus, let register):
            list.expression("numgen") { data in
                data.attribute(1, networkOrder: register.kernelNumber)
                data.attribute(2, networkOrder: modulus)
                data.attribute(3, networkOrder: generator.rawValue)
                data.attribute(4, networkOrder: UInt32(0))
            }
        default: writeAction(to: &list)
        }
    }

    /// The expressions that act on the packet, its connection or a set.
    private func writeAction(to list: inout NetlinkWriter) {
        switch self {
        case .translate(let translation, let family, let address, let port):
            list.expression("nat") { data in
                data.attribute(1, networkOrder: translation.rawValue)
                data.attribute(2, networkOrder: UInt32(family.rawValue))
                data.attribute(3, networkOrder: address.kernelNumber)
                if let port { data.attribute(5, networkOrder: port.kernelNumber) }
            }
        case .masquerade:
            // NF_NAT_RANGE_PROTO_RANDOM_FULLY
            list.expression("masq") { $0.attribute(1, networkOrder: UInt32(0x10)) }
        case .conntrack(let key, let direction, let register):
            list.expression("ct") { data in
                data.attribute(2, networkOrder: key.rawValue)
                data.attribute(1, networkOrder: register.kernelNumber)
                if let direction { data.attribute(3, direction.rawValue) }
            }
        case .setConntrack(let key, let register):
            list.expression("ct") { data in
                data.attribute(2, networkOrder: key.rawValue)
                data.attribute(4, networkOrder: register.kernelNumber)
            }
        case .addressType(let side, let register):
            list.expression("fib") { data in
                // NFT_FIB_RESULT_ADDRTYPE
                data.attribute(3, networkOrder: side.rawValue)
                data.attribute(2, networkOrder: UInt32(3))
                data.attribute(1, networkOrder: register.kernelNumber)
            }
        case .counter:
            list.expression("counter") { data in
                data.attribute(1, networkOrder: UInt64(0))
                data.attribute(2, networkOrder: UInt64(0))
            }
        case .reject(let rejection):
            list.expression("reject") { data in
                switch rejection {
                case .icmp(let code):
                    data.attribute(1, networkOrder: UInt32(0))
                    data.attribute(2, code)
                case .tcpReset:
                    data.attribute(1, networkOrder: UInt32(1))
                    data.attribute(2, UInt8(0))
                }
            }
        case .log(let prefix): list.expression("log") { $0.attribute(2, string: prefix) }
        case .limit(let packets, let seconds, let burst):
            list.expression("limit") { data in
                data.attribute(1, networkOrder: packets)
                data.attribute(2, networkOrder: seconds)
                data.attribute(3, networkOrder: burst)
                data.attribute(4, networkOrder: UInt32(0))
            }
        case .updateSet(let update, let set, let key, let register, let timeout):
            list.expression("dynset") { data in
                data.attribute(4, networkOrder: key.kernelNumber)
                if let register { data.attribute(5, networkOrder: register.kernelNumber) }
                data.attribute(3, networkOrder: update.rawValue)
                if let timeout { data.attribute(6, networkOrder: UInt64(timeout) * 1000) }
                data.attribute(1, string: set)
            }
        case .noTrack: list.expression("notrack") { _ in }
        default: break
        }
    }
}

extension NetlinkWriter {
    fileprivate mutating func expression(_ name: String, _ body: (inout NetlinkWriter) -> Void) {
        nested(NFTA.listElement) { element in
            element.attribute(NFTA.Expression.name, string: name)
            element.nested(NFTA.Expression.data, body)
        }
    }

    /// An NFTA_DATA_VERDICT.
    mutating func verdict(_ verdict: NFTVerdict) {
        nested(NFTA.Data.verdict) { data in
            data.attribute(NFTA.Verdict.code, networkOrder: verdict.code)
            if let chain = verdict.chain { data.attribute(NFTA.Verdict.chain, string: chain) }
        }
    }
}
