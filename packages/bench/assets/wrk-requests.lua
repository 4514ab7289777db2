-- wrk script. Arguments: a file of requests, each after a line with its length; how many leave in one write; how many threads.
local batches = {}
local at = 0

local function next_batch()
  at = at % #batches + 1
  return batches[at]
end

-- In the state that all threads are made by, one after the other.
local threads = 0
setup = function(thread)
  threads = threads + 1
  thread:set("number", threads)
end

init = function(arguments)
  local depth = tonumber(arguments[2])
  local file = assert(io.open(arguments[1], "rb"))
  local requests = {}
  for line in function() return file:read("*l") end do
    requests[#requests + 1] = file:read(tonumber(line))
  end
  file:close()
  -- Whoever waits for the last thread to be ready sees it go.
  if number == tonumber(arguments[3]) then os.remove(arguments[1]) end
  local differ = false
  for first = 1, #requests, depth do
    local batch = table.concat(requests, "", first, math.min(first + depth - 1, #requests))
    differ = differ or #batches > 0 and batch ~= batches[1]
    batches[#batches + 1] = batch
  end
  -- wrk asks a global `request` each time, but `wrk.format` once; what is always the same is not worth a call for each.
  if differ then request = next_batch else wrk.format = next_batch end
end
