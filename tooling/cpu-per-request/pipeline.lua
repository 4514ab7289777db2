-- wrk: the first argument is how many requests leave in one write
local batch

init = function(arguments)
  local requests = {}
  for i = 1, tonumber(arguments[1]) or 1 do
    requests[i] = wrk.format()
  end
  batch = table.concat(requests)
end

request = function()
  return batch
end
