-- wrk ... -- FILE: sends the requests of FILE in turn and prints one line of figures.
-- A line of FILE: method, path, headers (name: value|name: value) and body with tabs between.
local ready, parts, n, i = {}, {}, 0, 0

local function fill(text)
  text = text:gsub("{uuid}", function()
    return string.format("%08x-%04x-4%03x-8%03x-%06x%06x", math.random(0, 0xffffffe), math.random(0, 0xffff),
      math.random(0, 0xfff), math.random(0, 0xfff), math.random(0, 0xffffff), math.random(0, 0xffffff))
  end)
  return (text:gsub("{address}", function()
    return string.format("10.%d.%d.%d", math.random(0, 255), math.random(0, 255), math.random(1, 254))
  end))
end

local function made(method, path, names, body)
  local headers = { Host = wrk.headers["Host"] }
  for name, value in names:gmatch("([^:|]+): ([^|]*)") do headers[name] = value end
  return wrk.format(method, path, headers, body ~= "" and body or nil)
end

function init(args)
  math.randomseed(os.time() * 1000 + (os.clock() * 1e6) % 1000)
  for line in io.lines(args[1]) do
    local method, path, names, body = line:match("([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)")
    n = n + 1
    if line:find("{uuid}", 1, true) or line:find("{address}", 1, true) then
      parts[n] = { method, path, names, body }
    else
      ready[n] = made(method, path, names, body)
    end
  end
  i = math.random(0, n - 1)
end

function request()
  i = i % n + 1
  if ready[i] then return ready[i] end
  local p = parts[i]
  return made(p[1], fill(p[2]), fill(p[3]), fill(p[4]))
end

function done(summary, latency)
  local e = summary.errors
  print(string.format("FIGURES %d %d %d %d %d %d %d", summary.requests, summary.duration, summary.bytes,
    e.connect + e.read + e.write + e.timeout, e.status, latency.mean, 0))
  print(string.format("LATENCY %d %d %d", latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
