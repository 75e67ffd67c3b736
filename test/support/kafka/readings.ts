import assert from 'node:assert/strict'
import type { ReadRecord, TestClient, TestRecord } from './client.ts'
import { until } from './until.ts'

/** What `checkWindows` and `checkTotals` look at, of a source `readings` with sensor, n and at. `config`: of the sinks. */
export const windowsAndTotalsWith = (
  config: string
): string => `CREATE SINK windows TO KAFKA (topic = 'windows') ${config} AS
SELECT time_bucket('10 seconds', at) AS window, sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY window, sensor;
CREATE SINK totals TO KAFKA (topic = 'totals', format = 'upsert') ${config} AS
SELECT sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY sensor;`
export const windowsAndTotals = windowsAndTotalsWith('')

/** Everything that a reader of committed records sees has to be there once: a multiset, by the text of its records. */
export type Bag = ReadonlyMap<string, number>

const SENSORS = 200
const START = Date.UTC(2026, 0, 1)
/** Where windows were closed by a leap in time, by how much. */
const GAP = 3_600_000
/** What closes them: neither even nor a multiple of three. */
const CLOSING = -1

/**
 * What sensors say, in the topic `readings`: every record is told by its number, so that what pipelines make of all of them is known.
 * One in a thousand is no JSON, another one comes a minute late; what comes after is up to a second out of order.
 */
export class Readings {
  readonly #client: () => TestClient
  /** The numbers before which windows were closed. */
  readonly #gaps: number[] = []
  readonly #closings: (readonly TestRecord[])[] = []
  #written = 0

  constructor(client: () => TestClient) {
    this.#client = client
  }

  /** How many there are by now. */
  get count(): number {
    return this.#written
  }

  /** As `count`, of those that are JSON, with those that closed windows. */
  get good(): number {
    const { length } = [...this.valuesOf(n => !isBad(n), String)]
    return length + this.#gaps.length * SENSORS
  }

  /** The next ones. */
  async write(records: number): Promise<void> {
    const from = this.#written
    await this.#client().write(
      'readings',
      Array.from({ length: records }, (_, i) => this.#reading(from + i))
    )
    this.#written += records
  }

  /** Records for every partition, so far in the future that they close all windows before. */
  async closeAll(): Promise<void> {
    const at = new Date(this.#timeOf(this.#written) + GAP / 2).toISOString()
    const records = Array.from({ length: SENSORS }, (_, i) => ({
      key: `s${i}`,
      value: JSON.stringify({ sensor: `s${i}`, n: CLOSING, at })
    }))
    await this.#client().write('readings', records)
    this.#closings.push(records)
    this.#gaps.push(this.#written)
  }

  /** Resolves when a group has read all. */
  async committed(group: string): Promise<void> {
    const wanted = this.#written + this.#gaps.length * SENSORS
    // While a transaction is open that somebody left, nobody is told.
    const read = (): Promise<number> =>
      this.#client()
        .committed(group, 'readings')
        .catch(() => -1)
    await until(`${group} has committed ${wanted}`, async () => (await read()) === wanted, 60_000)
  }

  /** Resolves when there are as many windows as there should be. */
  async windowsTold(times = 1): Promise<void> {
    const wanted = times * this.#windows().length
    const isTold = async (): Promise<boolean> =>
      (await this.#client().read('windows')).length >= wanted
    await until(`${wanted} windows are told`, isTold, 120_000)
  }

  /** `windows`: those of 10 s by sensor. `times`: how often all readings were read. */
  async checkWindows(times = 1): Promise<void> {
    const bagOf = (values: Iterable<string>): Bag => countValues(values, times)
    const found = async (topic: string): Promise<Bag> => countValues(await this.#valuesIn(topic))
    assertSameBag('windows', await found('windows'), bagOf(this.#windows()))
    const late = this.valuesOf(isLate, n => this.textOf(n))
    assertSameBag('late rows', await found('readings-late'), bagOf(late))
    const bad = this.valuesOf(isBad, n => this.textOf(n))
    assertSameBag('dead letters', await found('readings-dlq'), bagOf(bad))
  }

  #windows(): string[] {
    const wanted = this.#sumsBy(
      n => !isLate(n),
      n => `${new Date(Math.floor(this.#timeOf(n) / 10_000) * 10_000).toISOString()} ${sensorOf(n)}`
    )
    const rows = [...wanted].map(([key, { count, total }]) => {
      const [window, sensor] = key.split(' ')
      return JSON.stringify({ window, sensor, count, total })
    })
    // The records that closed all windows have one too, which the next ones close.
    return [...rows, ...this.#closings.slice(0, -1).flatMap(records => records.map(closingWindow))]
  }

  /** All that each sensor said. */
  #totals(): { sensor: string; count: number; total: number }[] {
    const closed = this.#gaps.length
    return [...this.#sumsBy(() => true, sensorOf)].map(([sensor, { count, total }]) => ({
      sensor,
      count: count + closed,
      total: total + closed * CLOSING
    }))
  }

  /** `totals`: each sensor is created once, and ends with all that it said. */
  async checkTotals(): Promise<void> {
    const records = await this.#client().read('totals')
    const created = records.filter(({ headers }) => headers['miracledb.op'] === 'c')
    assert.equal(created.length, SENSORS, 'each sensor is created once')
    assertSameBag('totals', lastOf(records), this.#wantedTotals())
  }

  /** Resolves when they are right: a task may have come to another process late, and be behind all others. */
  async totalsTold(): Promise<void> {
    const isTold = async (): Promise<boolean> =>
      differences(lastOf(await this.#client().read('totals')), this.#wantedTotals()).length === 0
    await until('the totals are told', isTold, 60_000)
  }

  #wantedTotals(): Bag {
    return bagOf(this.#totals().map(row => JSON.stringify(row)))
  }

  /** `spread`: how many sensors have said how much, of changing totals: no sensor is twice there, and none is lost. */
  async checkSpread(): Promise<void> {
    assertSameBag('spread', await this.#spread(), this.#wantedSpread())
  }

  /** Resolves when it is right: it is told two stages behind the windows. */
  async spreadTold(): Promise<void> {
    const isTold = async (): Promise<boolean> =>
      differences(await this.#spread(), this.#wantedSpread()).length === 0
    await until('the spread is told', isTold, 60_000)
  }

  #wantedSpread(): Bag {
    const spread = new Map<number, { sensors: number; total: number }>()
    for (const { count, total } of this.#totals()) {
      const { sensors, total: before } = spread.get(count) ?? { sensors: 0, total: 0 }
      spread.set(count, { sensors: sensors + 1, total: before + total })
    }
    return bagOf([...spread].map(([count, row]) => JSON.stringify({ count, ...row })))
  }

  async #spread(): Promise<Bag> {
    return lastOf(await this.#client().read('spread'))
  }

  /** `isIn` says of which readings; those that close windows are none. */
  *valuesOf(isIn: (n: number) => boolean, show: (n: number) => string): Iterable<string> {
    for (let n = 0; n < this.#written; n++) if (isIn(n)) yield show(n)
  }

  textOf(n: number): string {
    return String(this.#reading(n).value)
  }

  async #valuesIn(topic: string): Promise<Iterable<string>> {
    return valuesIn(await this.#client().read(topic))
  }

  #reading(n: number): TestRecord {
    const sensor = sensorOf(n)
    const value = JSON.stringify({ sensor, n, at: new Date(this.#timeOf(n)).toISOString() })
    return { key: sensor, value: isBad(n) ? value.slice(1) : value }
  }

  #timeOf(n: number): number {
    const late = isLate(n) ? 60_000 : n % 7 === 0 ? 900 : 0
    return START + n * 10 + this.#gaps.filter(at => at <= n).length * GAP - late
  }

  #sumsBy(isIn: (n: number) => boolean, keyOf: (n: number) => string) {
    const sums = new Map<string, { count: number; total: number }>()
    for (let n = 0; n < this.#written; n++) {
      if (isBad(n) || !isIn(n)) continue
      const key = keyOf(n)
      let sum = sums.get(key)
      if (sum === undefined) sums.set(key, (sum = { count: 0, total: 0 }))
      sum.count++
      sum.total += n
    }
    return sums
  }
}

export function isBad(n: number): boolean {
  return n % 1000 === 17
}

function isLate(n: number): boolean {
  return n % 1000 === 500
}

export function sensorOf(n: number): string {
  return `s${(n * 7) % SENSORS}`
}

function closingWindow({ value }: TestRecord): string {
  const { sensor, at } = JSON.parse(String(value)) as {
    readonly sensor: string
    readonly at: string
  }
  const window = new Date(Math.floor(Date.parse(at) / 10_000) * 10_000).toISOString()
  return JSON.stringify({ window, sensor, count: 1, total: CLOSING })
}

/** What records of changes leave, by key. */
function lastOf(records: readonly ReadRecord[]): Bag {
  const last = new Map(records.map(({ key, value }) => [key, value]))
  return bagOf([...last.values()].filter(value => value !== null))
}

export function bagOf(values: Iterable<string>): Bag {
  return countValues(values)
}

function countValues(values: Iterable<string>, times = 1): Bag {
  const bag = new Map<string, number>()
  for (const value of values) bag.set(value, (bag.get(value) ?? 0) + times)
  return bag
}

/** With few differences in the message: there may be a million. */
export function assertSameBag(what: string, found: Bag, wanted: Bag): void {
  const wrong = differences(found, wanted)
  const shown = wrong.slice(0, 5).join('\n')
  assert.equal(wrong.length, 0, `${what}: ${wrong.length} of ${wanted.size} are wrong:\n${shown}`)
}

function differences(found: Bag, wanted: Bag): readonly string[] {
  const wrong: string[] = []
  for (const value of new Set([...found.keys(), ...wanted.keys()])) {
    const [is, should] = [found.get(value) ?? 0, wanted.get(value) ?? 0]
    if (is !== should) wrong.push(`${is} times instead of ${should}: ${value}`)
  }
  return wrong
}

export function valuesIn(records: readonly ReadRecord[]): Iterable<string> {
  return records.map(({ value }) => value!)
}
