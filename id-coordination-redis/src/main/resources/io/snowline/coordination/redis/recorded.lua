-- Tells when an ID was recorded. KEYS: 1 the ID's. ARGV: 1 nonce. Reply: nonce, time (nil = not recorded).
local id, problem = identity()
if not id then
  return redis.error_reply(problem)
end
return { ARGV[1], redis.call('GET', KEYS[1]) }
