// Is loaded before a pipeline. At the first SIGUSR2, when it has started and read nothing yet, it finds its functions. At each later one it
// says on its standard error what was allocated on V8's heap since the one before, in bytes: all of it, and by the place of the
// function that did it, as sampled; and which inline caches have met several shapes or functions, by the place of theirs.
import { Session } from 'node:inspector'
import process from 'node:process'
import { GCProfiler, getHeapStatistics } from 'node:v8'
import { watchInlineCaches } from './inline-caches.mjs'

/** Bytes between two samples, on average. */
const INTERVAL = 4096
const sampling = {
  samplingInterval: INTERVAL,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true
}

const session = new Session()
session.connect()
let collections = null
let used = 0
let caches = null

function start() {
  session.post('HeapProfiler.startSampling', sampling)
  collections = new GCProfiler()
  collections.start()
  used = getHeapStatistics().used_heap_size
}

/** What is there now and was not then, and what was collected since. */
function allocated() {
  const grown = getHeapStatistics().used_heap_size - used
  return collections
    .stop()
    .statistics.reduce(
      (sum, { beforeGC, afterGC }) =>
        sum + beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize,
      grown
    )
}

/** By `url:line:column` of a function, both from 0; what a builtin does is its caller's. */
function sampled() {
  const places = new Map()
  const visit = ({ callFrame: { url, lineNumber, columnNumber }, selfSize, children }, caller) => {
    const place = url === '' ? caller : `${url}:${lineNumber}:${columnNumber}`
    places.set(place, (places.get(place) ?? 0) + selfSize)
    for (const child of children) visit(child, place)
  }
  session.post('HeapProfiler.stopSampling', (_, { profile }) => visit(profile.head, ''))
  return Object.fromEntries(places)
}

function report() {
  const found =
    collections === null ? {} : { bytes: allocated(), places: sampled(), caches: caches() }
  process.stderr.write(`heap ${JSON.stringify(found)}\n`)
  start()
}

process.on('SIGUSR2', () => {
  if (caches === null) caches = watchInlineCaches(session)
  else report()
})
