// Is loaded before a pipeline: says on its standard error how long the turns of its event loop were that took 10 ms of CPU or more.
import process from 'node:process'

const LEAST = 10_000
let before = process.threadCpuUsage()
let at = performance.now()
setInterval(() => {
  const now = performance.now()
  const { user, system } = process.threadCpuUsage(before)
  const cpu = user + system
  // Between two looks there is a turn or two; what others took of the core is in the wall clock alone.
  if (cpu >= LEAST)
    process.stderr.write(`turn ${(cpu / 1000).toFixed(1)} ${(now - at).toFixed(1)}\n`)
  before = process.threadCpuUsage()
  at = performance.now()
}, 1).unref()
