import { loadPart } from '../native/index.ts'
import type { WatchPart } from '../observe/watch-part.ts'

/** What shows people and Prometheus how a pipeline is: loaded when somebody first looks. */
export function loadWatch(): WatchPart {
  return loadPart<WatchPart>('watch.cjs')
}
