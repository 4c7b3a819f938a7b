-- Frees a lock that is held under a token. KEYS: 1 the lock's. ARGV: 1 nonce, 2 token.
-- Reply: nonce, 1 or 0 for freed or not.
if redis.call('GET', KEYS[1]) ~= ARGV[2] then
  return { ARGV[1], 0 }
end
return { ARGV[1], redis.call('DEL', KEYS[1]) }
