-- Begins every script of this directory. KEYS are the keys that are touched, ARGV[1] is a nonce that the reply begins with.

-- Returns the server's clock in milliseconds since 1970.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Returns a number in digits; tostring() would make 1.8e+12 of a time.
local function digits(number)
  return string.format('%.0f', number)
end

-- Records the IDs whose keys are KEYS from an index on, each unless it is there already, for so many milliseconds ('' = for
-- ever). Returns the places, from 1, of those that were there.
local function record(first, keep)
  local time = digits(now())
  local known = {}
  for index = first, #KEYS do
    local recorded
    if keep == '' then
      recorded = redis.call('SET', KEYS[index], time, 'NX')
    else
      recorded = redis.call('SET', KEYS[index], time, 'NX', 'PX', keep)
    end
    if not recorded then
      known[#known + 1] = index - first + 1
    end
  end
  return known
end

-- Returns what changes when acknowledged writes may be gone: run_id is new in every server process, master_replid after
-- every promotion, and neither alone is enough. Returns nil and an error where that cannot be told.
local function identity()
  local replication = redis.call('INFO', 'replication')
  if string.match(replication, 'role:(%a+)') == 'slave' then
    return nil, 'READONLY this is a replica'
  end
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  local history = string.match(replication, 'master_replid:(%x+)')
  if not run or not history then
    return nil, 'NOIDENTITY INFO shows no run_id or no master_replid'
  end
  return run .. ':' .. history
end

