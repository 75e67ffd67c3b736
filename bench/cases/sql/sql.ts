import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../runtime/dev/free-port.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure } from '../../harness/figure.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'
import { type LoadFigures, loadSql, post } from '../../harness/sql-load.ts'

const ROUNDS = 3
const ROWS = 100_000
const TOKEN = 'bench'
/** Statements in a request that holds many: about 1.5 MB. */
const BATCH = 20_000
const TOPIC = 'sql-changes'

const script = `CREATE TABLE accounts (id BIGINT PRIMARY KEY, owner TEXT, balance BIGINT, status TEXT);
CREATE SINK changes TO KAFKA (topic = '${TOPIC}', linger_ms = 5) FROM TABLE accounts;`

/** UPDATE of one row of 100,000, each change a record of the sink and of the table's changelog before it is answered. */
export const sql: BenchCase = {
  title: 'UPDATE statements over HTTP on a table of 100,000 rows',
  async run(cx) {
    const kafka = await cx.kafka()
    await kafka.createTopic(TOPIC)
    using pipeline = compilePipeline('accounts', script)
    const folder = mkdtempSync(join(tmpdir(), 'miraclec-sql-'))
    const port = await freePort()
    const words = ['--brokers', kafka.brokers, '--port', String(port), '--state-dir', folder]
    const process = new MeasuredProcess(pipeline.path, words, { MIRACLEC_TOKEN: TOKEN })
    try {
      await process.logged('"started"')
      await fill(port)
      const measure = async (connections: number, statements: number): Promise<LoadFigures[]> => {
        const rounds: LoadFigures[] = []
        for (let round = 0; round < ROUNDS; round++) {
          const times = { warmUp: round === 0 ? 3000 : 500, duration: 4000 }
          const body = () => ({ text: updates(statements), statements })
          rounds.push(await loadSql({ port, token: TOKEN, connections, ...times, body }, process))
        }
        return rounds
      }
      const batches = await measure(3, BATCH)
      return [
        ...figures('one by one, 1 connection', 'statements/s', 1, await measure(1, 1)),
        ...figures('one by one, 64 connections', 'statements/s', 1, await measure(64, 1), 2000),
        ...figures('one by one, 200 connections', 'statements/s', 1, await measure(200, 1), 2000),
        ...figures('batches', 'K statements/s', 1000, batches, 200),
        onOneCore(batches)
      ]
    } finally {
      await process.stop('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** What 200,000 statements a second take of a core: on a machine that others share the rate says less than this. */
function onOneCore(loads: readonly LoadFigures[]): Figure {
  const name = 'batches: CPU of 200,000 statements'
  const seconds = loads.map(load => load.cpuMicroseconds / 5)
  return bestOf({ name, unit: 'CPU-s', better: 'less', bar: 1 }, seconds)
}

async function fill(port: number): Promise<void> {
  for (let from = 0; from < ROWS; from += BATCH) {
    const inserts = Array.from({ length: BATCH }, (_, i) => {
      const id = from + i
      return `INSERT INTO accounts VALUES (${id}, 'owner ${id}', 0, 'new')`
    })
    await post(inserts.join(';'), { port, token: TOKEN })
  }
}

let seed = 1

/** xorshift32. */
function random(): number {
  seed ^= seed << 13
  seed ^= seed >>> 17
  seed ^= seed << 5
  return seed >>> 0
}

function updates(count: number): string {
  const statements = Array.from({ length: count }, () => {
    const [balance, id] = [random() % 1_000_000, random() % ROWS]
    return `UPDATE accounts SET balance = ${balance}, status = 'active' WHERE id = ${id}`
  })
  return statements.join(';\n')
}

function figures(
  name: string,
  unit: string,
  scale: number,
  loads: readonly LoadFigures[],
  bar?: number
): Figure[] {
  const rate = { name, unit, better: 'more' } as const
  const cpu = { name: `${name}: CPU`, unit: 'CPU-us/statement', better: 'less' } as const
  const latency = { name: `${name}: answer after`, unit: 'ms', better: 'less' } as const
  return [
    bestOf(
      bar === undefined ? rate : { ...rate, bar },
      loads.map(load => load.perSecond / scale)
    ),
    bestOf(
      cpu,
      loads.map(load => load.cpuMicroseconds)
    ),
    bestOf(
      latency,
      loads.map(load => load.latency)
    )
  ]
}
