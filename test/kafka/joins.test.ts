import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestRecord } from '../support/kafka/client.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const orders = compileExecutable(
  'paid',
  `SET commit_interval = '120 ms';
CREATE SOURCE orders FROM KAFKA (topic = 'orders', group_id = 'paid', auto_offset_reset = 'earliest')
  SCHEMA (id INT, amount INT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND);
CREATE SOURCE payments FROM KAFKA (topic = 'payments', group_id = 'paid', auto_offset_reset = 'earliest')
  SCHEMA (order_id INT, paid INT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND);
CREATE SINK paid TO KAFKA (topic = 'paid', linger_ms = 1) AS
SELECT o.id, o.amount, p.paid FROM orders o LEFT JOIN payments p
  ON o.id = p.order_id AND p.at BETWEEN o.at AND o.at + INTERVAL '20' SECOND;
CREATE SINK balance TO KAFKA (topic = 'balance', format = 'upsert', linger_ms = 1) AS
SELECT o.id % 10 AS digit, COUNT(*) AS count, SUM(p.paid) AS paid FROM orders o JOIN payments p ON o.id = p.order_id
GROUP BY o.id % 10;`
)
after(() => orders.remove())

const ORDERS = 12_000
const START = Date.UTC(2026, 0, 1)
/** Of three orders the first is paid twice, the second too late, and the third never. */
const paidAfter = [[1000, 9000], [30_000], []] as const

const iso = (ms: number): string => new Date(ms).toISOString()

function order(id: number): TestRecord {
  const value = JSON.stringify({ id, amount: id, at: iso(START + id * 100) })
  return { key: String(id), value }
}

function payments(from: number, to: number): TestRecord[] {
  const all: { readonly at: number; readonly id: number }[] = []
  // What is due in these orders' time, so that each topic is in the order of its times.
  for (let id = Math.max(0, from - 400); id < to; id++) {
    for (const wait of paidAfter[id % 3]!) all.push({ at: START + id * 100 + wait, id })
  }
  const due = all.filter(({ at }) => at >= START + from * 100 && at < START + to * 100)
  due.sort((a, b) => a.at - b.at)
  return due.map(({ at, id }) => ({
    key: String(id),
    value: JSON.stringify({ order_id: id, paid: 1, at: iso(at) })
  }))
}

/** One per partition, far behind everything. */
function lastOnes(of: (id: number, at: string) => object): TestRecord[] {
  return Array.from({ length: 40 }, (_, i) => {
    const id = 1_000_000 + i
    return { key: String(id), value: JSON.stringify(of(id, iso(START + 1e8))) }
  })
}

interface Paid {
  readonly id: number
  readonly paid: number | null
}

// Both sources are members of one group, as they are without a group_id.
describeOnKafka('joins', ({ client, broker }) => {
  test('kill -9 at any moment joins no rows twice in state and loses none', async () => {
    for (const topic of ['orders', 'payments']) await client().createTopic(topic, 3)
    for (const topic of ['paid', 'balance']) await client().createTopic(topic, 1)
    const words = ['--brokers', broker().brokers]
    const share = ORDERS / 6
    const writeShare = async (round: number): Promise<void> => {
      const [from, to] = [round * share, (round + 1) * share]
      const ids = Array.from({ length: share }, (_, i) => order(from + i))
      await Promise.all([
        client().write('orders', ids),
        client().write('payments', payments(from, to))
      ])
    }
    await writeShare(0)
    for (let round = 1; round < 6; round++) {
      const victim = new RunningPipeline(orders, words)
      await victim.logged('partitions assigned')
      const writing = writeShare(round)
      await sleep([60, 190, 330, 480, 270][round - 1])
      assert.equal(await victim.exit('SIGKILL'), null)
      await writing
    }
    await client().write('payments', payments(ORDERS, ORDERS + 400))
    await client().write(
      'orders',
      lastOnes((id, at) => ({ id, amount: 0, at }))
    )
    await client().write(
      'payments',
      lastOnes((id, at) => ({ order_id: -id, paid: 0, at }))
    )
    const last = await new RunningPipeline(orders, words).ready()
    const all = ORDERS + 40
    await until('all is through', async () => (await client().committed('paid', 'orders')) === all)
    const wanted = new Map<string, number>()
    for (let id = 0; id < ORDERS; id++) {
      const times = id % 3 === 0 ? 2 : 1
      wanted.set(`${id} ${id % 3 === 0 ? 1 : null}`, times)
    }
    const told = async (): Promise<Map<string, number>> => {
      const counts = new Map<string, number>()
      for (const { value } of await client().read('paid')) {
        const { id, paid } = JSON.parse(value!) as Paid
        if (id < ORDERS) counts.set(`${id} ${paid}`, (counts.get(`${id} ${paid}`) ?? 0) + 1)
      }
      return counts
    }
    await until('all is told', async () => (await told()).size === wanted.size)
    assert.equal(await last.exit('SIGTERM'), 0, last.text())

    // A row may be told again after a crash, but never another one.
    for (const [row, times] of await told()) {
      assert.ok(times >= (wanted.get(row) ?? Infinity), `${row} was told ${times} times`)
    }
    const balance = new Map(
      (await client().read('balance')).map(({ value }) => {
        const row = JSON.parse(value!) as { digit: number; count: number }
        return [row.digit, row.count] as const
      })
    )
    const counted = new Map<number, number>()
    for (let id = 0; id < ORDERS; id++) {
      const { length } = paidAfter[id % 3]!
      if (length > 0) counted.set(id % 10, (counted.get(id % 10) ?? 0) + length)
    }
    assert.deepEqual([...balance].sort(), [...counted].sort())
  })
})
