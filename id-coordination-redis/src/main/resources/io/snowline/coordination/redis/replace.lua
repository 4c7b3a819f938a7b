-- Replaces records of a namespace if everything is still as expected, and then records IDs. KEYS: 1 its hash, then one for
-- each ID.
-- ARGV: 1 nonce, 2 identity, 3 expected namespace record ('' = none must be there), 4 namespace record to write ('' = leave
-- it), 5 last millisecond ('' = any time), 6 field of the node ('' = no node), 7 expected node record, 8 node record to write,
-- 9 milliseconds to keep the IDs' records ('' = forever).
-- Reply, if it was applied: nonce, 1, time, the places, from 1, of the IDs that were recorded before.
-- Otherwise: nonce, 0, time, identity, namespace record, node record (as they are; nil = none).
local function matches(stored, expected)
  if expected == '' then
    return not stored
  end
  return stored == expected
end

local id, problem = identity()
if not id then
  return redis.error_reply(problem)
end
local key, withNode = KEYS[1], ARGV[6] ~= ''
local time = now()
local namespace = redis.call('HGET', key, 'namespace')
local node = withNode and redis.call('HGET', key, ARGV[6])

local applies = id == ARGV[2]
  and matches(namespace, ARGV[3])
  and (not withNode or matches(node, ARGV[7]))
  and (ARGV[5] == '' or time <= tonumber(ARGV[5]))
if not applies then
  return { ARGV[1], 0, digits(time), id, namespace, node }
end
local writes = {}
if ARGV[4] ~= '' then
  writes = { 'namespace', ARGV[4] }
end
if withNode then
  writes[#writes + 1] = ARGV[6]
  writes[#writes + 1] = ARGV[8]
end
redis.call('HSET', key, unpack(writes))
return { ARGV[1], 1, digits(time), record(2, digits(time), ARGV[9]) }
