-- Records IDs, each unless it is there already. KEYS: one for each ID. ARGV: 1 nonce, 2 milliseconds to keep ('' = for ever).
-- Reply: nonce, then the indexes in KEYS, from 1, of those that were there.
local time = digits(now())
local reply = { ARGV[1] }
for index, key in ipairs(KEYS) do
  local recorded
  if ARGV[2] == '' then
    recorded = redis.call('SET', key, time, 'NX')
  else
    recorded = redis.call('SET', key, time, 'NX', 'PX', ARGV[2])
  end
  if not recorded then
    reply[#reply + 1] = index
  end
end
return reply
