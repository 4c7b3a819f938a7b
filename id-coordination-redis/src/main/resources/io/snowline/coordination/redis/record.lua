-- Records IDs, each unless it is there already. KEYS: one for each ID. ARGV: 1 nonce, 2 milliseconds to keep ('' = for ever).
-- Reply: nonce, the indexes in KEYS, from 1, of those that were there.
return { ARGV[1], record(1, digits(now()), ARGV[2]) }
