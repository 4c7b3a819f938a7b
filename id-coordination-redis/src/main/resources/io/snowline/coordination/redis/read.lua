-- Reads a namespace. KEYS: 1 its hash. ARGV: 1 nonce.
-- Reply: nonce, identity, time, the hash as fields and values.
local id, problem = identity()
if not id then
  return redis.error_reply(problem)
end
return { ARGV[1], id, digits(now()), redis.call('HGETALL', KEYS[1]) }
