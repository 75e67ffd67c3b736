import type { Clock, ErrorPolicy } from '../contract/index.ts'

const LONGEST = 60_000

/**
 * Waits before the next try after `attempt` in vain: `retry_backoff_ms`, doubled with each, at most a minute. Up to a fifth more or
 * less, so that pipelines that failed together do not come back together.
 */
export async function backOff(
  { retryBackoff }: ErrorPolicy,
  attempt: number,
  clock: Clock,
  random: () => number
): Promise<void> {
  const wait = Math.min(retryBackoff * 2 ** (attempt - 1), LONGEST)
  await clock.sleep(Math.round(wait * (0.8 + 0.4 * random())))
}
