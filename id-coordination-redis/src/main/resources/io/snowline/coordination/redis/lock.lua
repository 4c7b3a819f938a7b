-- Takes a lock if it is free. KEYS: 1 the lock's. ARGV: 1 nonce, 2 token, 3 milliseconds to expiry.
-- Reply: nonce, 1 or 0 for taken or not.
return { ARGV[1], redis.call('SET', KEYS[1], ARGV[2], 'NX', 'PX', ARGV[3]) and 1 or 0 }
