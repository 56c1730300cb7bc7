// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // Cross-module generics cost 26 times as much without it, see docs/decisions.md.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

let package = Package(
    name: "edge",
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0")
    ],
    targets: [
        .target(
            name: "EdgeBase", dependencies: [.product(name: "HeapModule", package: "swift-collections")],
            path: "Sources/Edge/Base", swiftSettings: settings),
        .target(
            name: "EdgeJSON", dependencies: ["EdgeBase"], path: "Sources/Edge/JSON", swiftSettings: settings),
    ]
)
