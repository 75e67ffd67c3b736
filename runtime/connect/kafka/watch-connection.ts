import type { Logger } from '../../observe/log.ts'
import { errorText } from './client-config.ts'
import { explainDenial, type Needs } from './denial.ts'
import type { PartitionStatistics } from './partition-ends.ts'

/** Errors that are an outage's, as the addon words them (it gives no codes): one line tells of all. */
const OUTAGE = new Set([
  'all broker connections are down',
  'broker transport failure',
  'host resolution failure',
  'timed out'
])
/** Syslog's level for errors. */
const ERROR = 3

interface Client {
  on(event: 'event.error' | 'error', listener: (error: unknown) => void): unknown
  on(event: 'event.log', listener: (line: ClientLogLine) => void): unknown
  on(event: 'event.stats', listener: (stats: { readonly message: string }) => void): unknown
}

interface ClientLogLine {
  readonly severity: number
  readonly fac: string
  readonly message: string
}

/** What librdkafka's statistics say that matters here. */
export interface Statistics {
  readonly type: 'consumer' | 'producer'
  /** Records that wait to be sent or acknowledged. */
  readonly msg_cnt?: number
  readonly eos?: { readonly txn_state: string }
  readonly brokers: Readonly<Record<string, { readonly state: string }>>
  readonly topics: Readonly<Record<string, TopicStatistics>>
}

export interface TopicStatistics {
  readonly batchsize: { readonly sum: number; readonly cnt: number }
  readonly partitions: Readonly<Record<string, { readonly txbytes: number } & PartitionStatistics>>
}

/**
 * Logs one line when a client loses its last broker and one when it has one again, however often it fails to connect in
 * between; tells `connected`. Other errors of the client are logged as they come. Answers what further ways to the brokers tell too.
 */
export function watchConnection(
  client: Client,
  what: string,
  log: Logger,
  needs: Needs,
  connected: (up: boolean, reason: string) => void,
  onStatistics: (statistics: Statistics) => void = () => {}
): Outage {
  let reason = 'the connection closed'
  const outage = new Outage(what, log, connected)
  const warn = (text: string): void => {
    const denial = explainDenial(text, needs)
    if (denial === null) log.limited('warn', `${what}: ${text}`)
    else log.limited('warn', `${what}: ${denial.message}`, { hint: denial.hint })
  }
  client.on('event.log', ({ severity, fac, message }) => {
    const text = failureText(message)
    if (fac === 'FAIL') reason = text
    else if (severity <= ERROR) warn(text)
    else log.limited('debug', `${what}: ${text}`)
  })
  client.on('event.error', error => {
    const text = errorText(error)
    if (!OUTAGE.has(text)) warn(text)
  })
  client.on('error', error => warn(errorText(error)))
  client.on('event.stats', ({ message }) => {
    const statistics = JSON.parse(message) as Statistics
    onStatistics(statistics)
    outage.tell(isUp(statistics), reason)
  })
  return outage
}

interface Way {
  readonly way?: string
  readonly isRefusal?: boolean | undefined
}

/** One line when the brokers are gone and one when they are back, and who wants to know is told. */
export class Outage {
  readonly #what: string
  readonly #log: Logger
  readonly #connected: (up: boolean, reason: string) => void
  /** The ways to the brokers that lead nowhere. */
  readonly #down = new Set<string>()
  #since: number | null = null
  #isRefusal = false

  constructor(what: string, log: Logger, connected: (up: boolean, reason: string) => void) {
    this.#what = what
    this.#log = log
    this.#connected = connected
  }

  /** Of several ways each has to lead somewhere. `isRefusal`: brokers answer, and nothing goes on nevertheless. */
  tell(up: boolean, reason: string, { way = 'client', isRefusal = false }: Way = {}): void {
    if (up) this.#down.delete(way)
    else this.#down.add(way)
    const isUp = this.#down.size === 0
    if (isUp === (this.#since === null)) return
    this.#connected(isUp, reason)
    if (isUp) {
      const seconds = secondsSince(this.#since!)
      const back = this.#isRefusal ? 'it goes on' : 'the brokers are back'
      this.#log.log('info', `${this.#what}: ${back}`, { seconds })
    } else {
      const gone = isRefusal ? 'it waits' : 'no broker answers'
      this.#log.log('warn', `${this.#what}: ${gone}`, { reason })
    }
    this.#isRefusal = isRefusal
    this.#since = isUp ? null : performance.now()
  }
}

/** Of a producer that has no transaction open, or has none at all. */
const AT_REST = ['Init', 'Ready', 'ReadyNotAcked', undefined]

/** A producer with nothing to send, and nothing to commit, needs no connection, and brokers close idle ones. */
function isUp({ type, msg_cnt, eos, brokers }: Statistics): boolean {
  if (type === 'producer' && msg_cnt === 0 && AT_REST.includes(eos?.txn_state)) return true
  return Object.values(brokers).some(({ state }) => state === 'UP')
}

function secondsSince(time: number): number {
  return Math.round((performance.now() - time) / 1000)
}

/** Without the thread's name, and without the times and counts that would make every line a new one. */
export function failureText(line: string): string {
  return line.replace(/^\[thrd:[^\]]*\]: /, '').replace(/ \(after \d.*$/, '')
}
