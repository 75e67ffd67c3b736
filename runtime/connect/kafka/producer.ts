import type { KafkaNative } from '../../native/index.ts'
import { errorCode } from './client-config.ts'

type Producer = InstanceType<KafkaNative['Producer']>

export const QUEUE_FULL = -184
const TIMED_OUT = -185
/** A flush is waited for in steps of at most so many ms: each holds one of the few threads that polls need too. */
const LONGEST_STEP = 500
/** The first steps of a flush that takes its usual time are not worth a check. */
const CHECKED_STEP = 50

/** Counts the failures that a producer has reported. */
export type CountReports = () => number

/**
 * Resolves when everything produced so far is acknowledged, or its failure reported, however long that takes; rejects when
 * `check`, which is asked now and then, finds that waiting makes no sense.
 */
export async function flushProducer(
  producer: Producer,
  reports: CountReports,
  check: () => Promise<void> = async () => {}
): Promise<void> {
  // librdkafka looks every 10 ms whether all is acknowledged, and at the end of a step: the first ones are short.
  let wait = 1
  while (await flushStep(producer, Math.ceil(wait))) {
    wait = Math.min(wait * 1.5, LONGEST_STEP)
    if (wait >= CHECKED_STEP) await check()
  }
  // librdkafka's threads hand failures to the event loop, which calls back for a hundred of them per turn: they are all
  // here when a turn brings none.
  for (let seen = -1; seen !== reports();) {
    seen = reports()
    await new Promise(resolve => setImmediate(resolve))
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** True: some records are still on their way. */
function flushStep(producer: Producer, wait: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    producer.flush(wait, error => {
      if (!error) resolve(false)
      else if (errorCode(error) === TIMED_OUT) resolve(true)
      else reject(error)
    })
  })
}

/** Without another flush: who wanted one has had it. A producer that never connected has nothing to close. */
export async function disconnectProducer(producer: Producer): Promise<void> {
  if (!producer.isConnected()) return
  await new Promise(resolve => producer.disconnect(1, resolve))
}
