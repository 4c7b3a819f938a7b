-- Comes first in every script of this directory. KEYS are the keys that are touched; ARGV[1] is a nonce with which the reply
-- begins.

-- Returns the server's clock in milliseconds since 1970.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Formats a number as digits; tostring() would turn a time into 1.8e+12.
local function digits(number)
  return string.format('%.0f', number)
end

-- Records the IDs whose keys are KEYS from an index on, each unless it is recorded already, with the time in digits, for the
-- given number of milliseconds ('' = forever). Returns the places, from 1, of those that were recorded already.
local function record(first, time, keep)
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

-- Returns the hexadecimal number after a name in a reply of INFO; a plain search takes a third of the time of a pattern.
local function hex(info, name)
  local _, last = string.find(info, name, 1, true)
  return last and string.match(info, '^%x+', last + 1)
end

-- Returns the text that changes when acknowledged writes may be gone: run_id is new in every server process, master_replid
-- after every promotion, and neither alone is enough. Returns nil and an error if Redis does not show it.
local function identity()
  local replication = redis.call('INFO', 'replication')
  if string.find(replication, 'role:slave', 1, true) then
    return nil, 'READONLY this is a replica'
  end
  local run = hex(redis.call('INFO', 'server'), 'run_id:')
  local history = hex(replication, 'master_replid:')
  if not run or not history then
    return nil, 'NOIDENTITY INFO shows no run_id or no master_replid'
  end
  return run .. ':' .. history
end

