import type { Logger } from '../observe/log.ts'
import type { Pipeline } from '../pipeline/start-pipeline.ts'

/** How long a drain may take, in ms. */
const DRAIN_TIMEOUT = 30_000
/** How long a drain waits for brokers that are away, in ms. */
const AWAY_TIMEOUT = 5000
/** How often a drain looks whether they are, in ms. */
const AWAY_INTERVAL = 250

/**
 * The first SIGTERM or SIGINT drains; the second ends the process at once, and so does a drain that hangs, or waits for brokers that
 * are away. Before `current` is there nothing was read, and there is nothing to drain. Who started the process over a channel of Node's,
 * as `miraclec run` and `dev` do, and is gone without a word, wants it to end too.
 */
export function takeSignals(
  log: Logger,
  current: () => Pipeline | null
): { readonly first: Promise<undefined>; release(): void } {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  // Without a handler the kernel ends the process: process.exit would wait for the client's threads.
  const release = (): void => {
    process.off('SIGTERM', take).off('SIGINT', take).off('disconnect', left)
  }
  const left = (): void => drain({ reason: 'the process that started it is gone' })
  const take = (signal: NodeJS.Signals): void => drain({ signal })
  const drain = (fields: Readonly<Record<string, string>>): void => {
    release()
    if (current() === null) {
      log.log('info', 'stopped before it had started', fields)
      process.kill(process.pid, 'SIGTERM')
      // The first process of a container is not ended by that.
      process.exit(0)
    }
    log.log('info', 'draining', fields)
    setTimeout(() => {
      log.log('error', 'the drain takes too long: what is not committed will come again')
      process.exit(3)
    }, DRAIN_TIMEOUT).unref()
    endWhileAway(log, current)
    resolve(undefined)
  }
  process.on('SIGTERM', take).on('SIGINT', take).on('disconnect', left)
  process.channel?.unref()
  return { first: promise, release }
}

/** Nothing more can be sent or committed then, whatever the pipeline is at. They may be restarting, so it waits a little. */
function endWhileAway(log: Logger, current: () => Pipeline | null): void {
  let since = performance.now()
  setInterval(() => {
    const snapshot = current()?.snapshot()
    const ends = [...(snapshot?.sources ?? []), ...(snapshot?.sinks ?? [])]
    const away = ends.find(({ trouble }) => trouble !== null)
    if (away === undefined) since = performance.now()
    else if (performance.now() - since >= AWAY_TIMEOUT) {
      const fields = { of: away.name, reason: away.trouble }
      log.log('error', 'stopped while cut off: what is not committed will come again', fields)
      process.exit(3)
    }
  }, AWAY_INTERVAL).unref()
}
