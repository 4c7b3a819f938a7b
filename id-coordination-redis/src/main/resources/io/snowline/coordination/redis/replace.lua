-- Replaces records of a namespace if everything is still as expected, and then records IDs. KEYS: 1 its hash, then one for
-- each ID.
-- ARGV: 1 nonce, 2 identity, 3 expected namespace record ('' = none must be there), 4 namespace record to write ('' = leave
-- it), 5 last millisecond ('' = any time), 6 field of the node ('' = no node), 7 expected node record, 8 node record to write,
-- 9 milliseconds to keep the IDs' records ('' = for ever).
-- Reply: nonce, 1 or 0 for applied or not, identity, time, namespace record, node record (as they are now; nil = none), the
-- places, from 1, of the IDs that were recorded before.
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
if applies then
  local writes = {}
  if ARGV[4] ~= '' then
    namespace = ARGV[4]
    writes = { 'namespace', namespace }
  end
  if withNode then
    node = ARGV[8]
    writes[#writes + 1] = ARGV[6]
    writes[#writes + 1] = node
  end
  redis.call('HSET', key, unpack(writes))
end
local known = applies and record(2, ARGV[9]) or {}
return { ARGV[1], applies and 1 or 0, id, digits(time), namespace, node, known }
