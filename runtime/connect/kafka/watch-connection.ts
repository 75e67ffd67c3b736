import type { Logger } from '../../observe/log.ts'
import { errorCode, errorText } from './client-config.ts'

const TRANSPORT = -195
const RESOLVE = -193
const ALL_BROKERS_DOWN = -187
const TIMED_OUT = -185

interface Client {
  on(event: 'event.error', listener: (error: unknown) => void): unknown
  on(event: 'event.stats', listener: (stats: { readonly message: string }) => void): unknown
}

/** What librdkafka's statistics say that matters here. */
export interface Statistics {
  readonly type: 'consumer' | 'producer'
  /** Records that wait to be sent or acknowledged. */
  readonly msg_cnt?: number
  readonly brokers: Readonly<Record<string, { readonly state: string }>>
  readonly topics: Readonly<Record<string, TopicStatistics>>
}

export interface TopicStatistics {
  readonly batchsize: { readonly sum: number; readonly cnt: number }
  readonly partitions: Readonly<Record<string, { readonly txbytes: number }>>
}

/**
 * Logs one line when a client loses its last broker and one when it has one again, however often it fails to connect in
 * between; tells `connected`. Other errors of the client are logged as they come.
 */
export function watchConnection(
  client: Client,
  what: string,
  log: Logger,
  connected: (up: boolean, reason: string) => void,
  onStatistics: (statistics: Statistics) => void = () => {}
): void {
  let reason = 'the connection closed'
  let since: number | null = null
  client.on('event.error', error => {
    const code = errorCode(error)
    if (code === TRANSPORT || code === RESOLVE || code === TIMED_OUT) reason = withoutCounts(error)
    else if (code !== ALL_BROKERS_DOWN) log.limited('warn', `${what}: ${withoutCounts(error)}`)
  })
  client.on('event.stats', ({ message }) => {
    const statistics = JSON.parse(message) as Statistics
    onStatistics(statistics)
    const up = isUp(statistics)
    if (up === (since === null)) return
    connected(up, reason)
    if (up) log.log('info', `${what}: the brokers are back`, { seconds: secondsSince(since!) })
    else log.log('warn', `${what}: no broker answers`, { reason })
    since = up ? null : performance.now()
  })
}

/** A producer with nothing to send needs no connection, and brokers close idle ones. */
function isUp({ type, msg_cnt, brokers }: Statistics): boolean {
  if (type === 'producer' && msg_cnt === 0) return true
  return Object.values(brokers).some(({ state }) => state === 'UP')
}

function secondsSince(time: number): number {
  return Math.round((performance.now() - time) / 1000)
}

/** librdkafka appends times and counts, which would make every line a new one. */
function withoutCounts(error: unknown): string {
  return errorText(error).replace(/ \(after \d.*\)$/, '')
}
