// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // Generic code across modules is many times slower without it, see docs/decisions.md.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

// Products of the packages that edge depends on, by short names.
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let hashTree = Target.Dependency.product(name: "HashTreeCollections", package: "swift-collections")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioConcurrency = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

/// A module of edge at its place in the tree; modules that contain others name them in `exclude`.
func module(_ name: String, _ path: String, _ dependencies: [Target.Dependency], exclude: [String] = [])
    -> Target
{
    .target(
        name: name, dependencies: dependencies, path: "Sources/Edge/\(path)", exclude: exclude,
        swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, path: "Tests/\(name)Tests",
        exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "edge",
    products: [
        .executable(name: "edge", targets: ["Edge"]),
        .executable(name: "runtime-bench", targets: ["RuntimeBench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.11.0"),
    ],
    targets: [
        .systemLibrary(name: "CSQLite", path: "Sources/Edge/C/CSQLite"),
        .systemLibrary(name: "CYAML", path: "Sources/Edge/C/CYAML"),
        .systemLibrary(name: "CZlib", path: "Sources/Edge/C/CZlib"),
        .systemLibrary(name: "CArchive", path: "Sources/Edge/C/CArchive"),
        .systemLibrary(name: "CSeccomp", path: "Sources/Edge/C/CSeccomp"),
        .target(
            name: "CEdgeLinux", path: "Sources/Edge/C/CEdgeLinux",
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),

        module("EdgeBase", "Base", [heap]),
        module("EdgeJSON", "JSON", ["EdgeBase", "CYAML"]),
        module("EdgeAPI", "API", ["EdgeBase", "EdgeJSON"]),
        module("EdgeCEL", "CEL", ["EdgeBase", "EdgeJSON", "EdgeAPI"]),
        module(
            "EdgeTransport", "Transport",
            [
                "EdgeBase", "EdgeJSON", "CZlib", nioCore, nioPosix, nioTLS, nioConcurrency, nioSSL, x509,
                asn1, crypto, deque, logging,
            ], exclude: []),
        module("EdgeClient", "Client", ["EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeTransport", deque, logging]),

        module("EdgeStorage", "Server/Storage", ["EdgeBase", "CSQLite", deque, logging]),
        module(
            "EdgeAPIServer", "Server/APIServer",
            [
                "EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeCEL", "EdgeTransport", "EdgeClient", "EdgeStorage",
                nioCore,
                logging,
                crypto,
            ]),
        module(
            "EdgeScheduler", "Server/Scheduler", ["EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeClient", logging]),
        module(
            "EdgeControllers", "Server/Controllers",
            ["EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeClient", logging]),

        module("EdgeSystem", "System", ["EdgeBase", "CEdgeLinux"]),
        module(
            "EdgeRuntime", "Agent/Runtime",
            [
                "EdgeBase", "EdgeSystem", "EdgeJSON", "EdgeTransport", "CEdgeLinux", "CArchive", "CSeccomp",
                nioCore, nioPosix,
                crypto, logging,
            ]),
        module(
            "EdgeKubelet", "Agent/Kubelet",
            [
                "EdgeBase", "EdgeSystem", "EdgeJSON", "EdgeAPI", "EdgeTransport", "EdgeClient", "EdgeNetlink",
                "EdgePodNetwork", "EdgeRuntime", nioCore, nioPosix, logging,
            ]),
        module(
            "EdgeJoin", "Agent/Join",
            ["EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeTransport", "EdgeClient", nioCore, logging]),
        module(
            "EdgeDNS", "Net/DNS",
            ["EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeClient", hashTree, nioCore, nioPosix, logging]),
        module("EdgeNetlink", "Net/Netlink", ["EdgeBase", "CEdgeLinux"]),
        module("EdgePodNetwork", "Net/PodNetwork", ["EdgeBase", "EdgeNetlink"]),
        module("EdgeProxy", "Net/Proxy", ["EdgeBase", "EdgeJSON", "EdgeNetlink"]),

        module("EdgeHost", "Host", ["EdgeBase", "EdgeSystem", "EdgeJSON"]),

        module(
            "EdgeKubectl", "Kubectl",
            ["EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeTransport", "EdgeClient", nioCore, nioPosix]),

        .executableTarget(
            name: "Edge",
            dependencies: [
                "EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeTransport", "EdgeClient", "EdgeStorage",
                "EdgeAPIServer",
                "EdgeScheduler", "EdgeControllers", "CEdgeLinux", "EdgeNetlink", "EdgePodNetwork",
                "EdgeProxy", "EdgeSystem", "EdgeRuntime", "EdgeKubelet", "EdgeJoin", "EdgeDNS", "EdgeHost",
                "EdgeKubectl",
                argumentParser, logging,
                nioCore, nioPosix, signals,
            ],
            path: "Sources/Edge",
            exclude: [
                "C", "Base", "System", "JSON", "API", "CEL", "Transport", "Client", "Server/Storage",
                "Server/APIServer",
                "Server/Scheduler", "Server/Controllers", "Net", "Agent/Runtime", "Agent/Kubelet",
                "Agent/Join", "Host",
                "Kubectl",
            ], swiftSettings: settings),

        .executableTarget(
            name: "RuntimeBench", dependencies: ["EdgeRuntime", "EdgeSystem"], path: "Bench/Runtime",
            swiftSettings: settings),

        .target(
            name: "EdgeFuzzTargets",
            dependencies: ["EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeCEL", "EdgeTransport"],
            path: "Tests/Fuzz/Targets", swiftSettings: settings),
        .testTarget(
            name: "EdgeFuzzTests", dependencies: ["EdgeFuzzTargets"], path: "Tests/EdgeFuzzTests",
            swiftSettings: settings),

        tests("EdgeBase", []),
        tests("EdgeStorage", ["EdgeBase", logging]),
        .target(
            name: "NetTestSupport", dependencies: ["EdgeNetlink"], path: "Tests/EdgeNetlinkTests/Support",
            swiftSettings: settings),
        tests("EdgeNetlink", ["EdgeBase", "NetTestSupport"], exclude: ["Support"]),
        tests("EdgePodNetwork", ["EdgeBase", "EdgeNetlink", "NetTestSupport"]),
        tests("EdgeProxy", ["EdgeBase", "EdgeJSON", "EdgeNetlink", "EdgePodNetwork", "NetTestSupport"]),
        tests("EdgeDNS", ["EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeClient", nioCore, nioPosix, logging]),
        tests("EdgeScheduler", ["EdgeBase", "EdgeJSON", "EdgeAPI"]),
        tests("EdgeControllers", ["EdgeBase", "EdgeJSON", "EdgeAPI"]),
        tests(
            "EdgeAPIServer",
            [
                "EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeCEL", "EdgeTransport", "EdgeClient", "EdgeStorage",
                logging,
            ]),
        tests("EdgeAPI", ["EdgeBase", "EdgeJSON"]),
        tests("EdgeCEL", ["EdgeBase", "EdgeJSON"]),
        tests("EdgeJSON", ["EdgeBase"]),
        tests(
            "EdgeTransport",
            [
                "EdgeBase", "EdgeJSON", nioCore, nioPosix, nioEmbedded, nioSSL, x509, asn1, crypto, logging,
            ]),
        tests(
            "EdgeClient", ["EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeTransport", nioCore, nioPosix, logging]),
        tests(
            "EdgeJoin",
            ["EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeTransport", "EdgeClient", nioCore, nioPosix]),
        tests("EdgeKubectl", ["EdgeBase", "EdgeJSON", "EdgeAPI", "EdgeTransport", "EdgeClient"]),
        tests("EdgeSystem", ["EdgeBase"]),
        tests("EdgeHost", ["EdgeBase", "EdgeSystem", "EdgeJSON"]),
        tests(
            "EdgeRuntime",
            [
                "EdgeBase", "EdgeSystem", "EdgeJSON", nioCore, nioPosix, nioHTTP1, nioSSL, crypto, logging,
            ]),
        tests(
            "EdgeKubelet",
            [
                "EdgeBase", "EdgeSystem", "EdgeJSON", "EdgeAPI", "EdgeTransport", "EdgeClient", "EdgeRuntime",
                nioCore, nioPosix, logging,
            ]),
    ],
    cLanguageStandard: .gnu11
)

// `make fuzz`: libFuzzer brings the main function.
if Context.environment["EDGE_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "EdgeFuzz", dependencies: ["EdgeFuzzTargets"], path: "Tests/Fuzz/Driver",
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
}
