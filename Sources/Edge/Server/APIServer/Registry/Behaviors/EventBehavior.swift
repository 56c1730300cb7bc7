internal import EdgeAPI
internal import EdgeStorage

/// Events reach the disk in batches.
struct EventBehavior: Behavior {
    func durability(new: APIObject, old: APIObject?) -> Mutation.Durability { .batched }
}
