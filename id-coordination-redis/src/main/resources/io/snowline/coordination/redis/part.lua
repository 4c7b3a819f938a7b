-- Reads the namespace record and some node records. KEYS: 1 the namespace's hash. ARGV: 1 nonce, then the fields.
-- Reply: nonce, identity, time, the fields that exist, each followed by its value.
local id, problem = identity()
if not id then
  return redis.error_reply(problem)
end
local found = {}
for index = 2, #ARGV do
  local value = redis.call('HGET', KEYS[1], ARGV[index])
  if value then
    found[#found + 1] = ARGV[index]
    found[#found + 1] = value
  end
end
return { ARGV[1], id, digits(now()), found }
