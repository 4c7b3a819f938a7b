-- Records IDs, each unless it is recorded already. KEYS: one for each ID. ARGV: 1 nonce, 2 milliseconds to keep ('' =
-- forever).
-- Reply: nonce, the indexes in KEYS, from 1, of those that were recorded already.
return { ARGV[1], record(1, digits(now()), ARGV[2]) }
