-- wrk script. Arguments: a file of requests, each after a line with its length; how many leave in one write.
local batches = {}
local at = 0

init = function(arguments)
  local depth = tonumber(arguments[2])
  local file = assert(io.open(arguments[1], "rb"))
  local requests = {}
  for line in function() return file:read("*l") end do
    requests[#requests + 1] = file:read(tonumber(line))
  end
  file:close()
  for first = 1, #requests, depth do
    batches[#batches + 1] = table.concat(requests, "", first, math.min(first + depth - 1, #requests))
  end
end

request = function()
  at = at % #batches + 1
  return batches[at]
end
