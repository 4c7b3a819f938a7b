-- Tells whether a lock is held. KEYS: 1 the lock's. ARGV: 1 nonce.
-- Reply: nonce, 1 or 0 for held or not.
return { ARGV[1], redis.call('GET', KEYS[1]) and 1 or 0 }
