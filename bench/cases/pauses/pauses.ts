import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../runtime/dev/free-port.ts'
import { readMetrics } from '../../../runtime/dev/watch-pipeline.ts'
import { txn130 } from '../../data/transactions.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compileBundle } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'

/** No turn is to be longer, in ms. */
const BAR = 50
/** So many keys, or fewer where `--records` says so. */
const KEYS = 1_000_000
const TOPIC = 'kept'
const SINK_TOPIC = 'paused'
const WATCH = join(import.meta.dirname, 'watch-turns.mjs')
/** Before what happens once in a while is believed to be over, in ms. */
const CALM = 3000

interface Kept {
  readonly what: string
  /** `group`: what its groups begin with: each run reads all records. */
  script(group: string): string
  /** How many sources read the topic. */
  readonly sources: number
}

function source(name: string, group: string): string {
  return `CREATE SOURCE ${name} FROM KAFKA (topic = '${TOPIC}', group_id = '${group}-${name}', auto_offset_reset = 'earliest')
  SCHEMA (transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT);`
}

const kinds: readonly Kept[] = [
  {
    what: 'rows of a table',
    sources: 1,
    script: group => `${source('transactions', group)}
CREATE TABLE kept (transaction_id BIGINT PRIMARY KEY, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT);
INSERT INTO kept SELECT * FROM transactions;`
  },
  {
    what: 'groups',
    sources: 1,
    script: group => `${source('transactions', group)}
CREATE SINK told TO KAFKA (topic = '${SINK_TOPIC}', format = 'upsert') AS
SELECT transaction_id, COUNT(*) AS n, SUM(amount) AS total FROM transactions GROUP BY transaction_id;`
  },
  {
    what: 'rows of a join',
    sources: 2,
    script: group => `${source('a', group)}
${source('b', group)}
CREATE SINK told TO KAFKA (topic = '${SINK_TOPIC}') AS
SELECT a.transaction_id, a.amount, b.status FROM a JOIN b ON a.transaction_id = b.transaction_id;`
  }
]

export const pauses: BenchCase = {
  title:
    'the longest turn of the event loop with 1,000,000 keys (--records: fewer), in CPU of its thread',
  async run(cx) {
    const kafka = await cx.kafka()
    const keys = Math.min(KEYS, cx.options.records)
    await kafka.fill(TOPIC, keys, n => txn130(n))
    await kafka.createTopic(SINK_TOPIC)
    const figures: Figure[] = []
    for (const state of ['memory', 'lmdb'] as const) {
      for (const [i, kept] of kinds.entries()) {
        figures.push(
          ...(await measure(kafka, { ...kept, name: `pauses-${state}-${i}`, keys, state }))
        )
      }
    }
    return figures
  }
}

interface KeptIn extends Kept {
  /** Of the pipeline, whose state no other has. */
  readonly name: string
  readonly keys: number
  readonly state: 'memory' | 'lmdb'
}

/** The longest turn in each part of a pipeline's life. */
async function measure(
  kafka: LoadedKafka,
  { what, script, sources, name, keys, state }: KeptIn
): Promise<readonly Figure[]> {
  using pipeline = compileBundle(
    name,
    `SET commit_interval = '500 ms';\nSET state = '${state}';\n${script(name)}`
  )
  const folder = mkdtempSync(join(tmpdir(), 'miraclec-pauses-'))
  const figures: Figure[] = []
  const note = (when: string, turns: readonly number[]): void => {
    const labels = { name: `${what}, ${state}: ${when}`, unit: 'ms', better: 'less' } as const
    figures.push(bestOf({ ...labels, bar: BAR }, [Math.max(0, ...turns)]))
  }
  try {
    const first = await Run.start(pipeline.path, kafka, folder)
    await first.consumed(keys * sources)
    note('while they come', first.turns())
    if (state === 'memory') {
      await first.checkpoint(folder)
      note('a later checkpoint', first.turns())
    }
    await first.stop()
    const next = await Run.start(pipeline.path, kafka, folder)
    if (state === 'memory') await next.checkpoint(folder)
    else await next.trickle()
    note('the first commits after a restart', next.turns())
    await next.stop()
    return figures
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

class Run {
  readonly #process: MeasuredProcess
  readonly #kafka: LoadedKafka
  readonly #port: number
  #read = 0
  #next = 0

  private constructor(process: MeasuredProcess, kafka: LoadedKafka, port: number) {
    this.#process = process
    this.#kafka = kafka
    this.#port = port
  }

  static async start(path: string, kafka: LoadedKafka, folder: string): Promise<Run> {
    const port = await freePort()
    const words = ['--brokers', kafka.brokers, '--port', String(port), '--state-dir', folder]
    const program = ['--import', WATCH, path, ...words]
    const run = new MeasuredProcess(process.execPath, program)
    await run.logged('"started"')
    const started = new Run(run, kafka, port)
    // Loading the program is a turn, too: see the case `start`.
    started.turns()
    return started
  }

  async consumed(records: number): Promise<void> {
    for (;;) {
      const sources = Object.values((await readMetrics(this.#port))?.sources ?? {})
      if (sources.reduce((sum, one) => sum + one.messages_consumed, 0) >= records) break
      this.#process.requireRunning()
      await sleep(100)
    }
    await sleep(CALM)
  }

  /** A record now and then, until a checkpoint is written and no more happens. */
  async checkpoint(folder: string): Promise<void> {
    const before = lastWritten(folder)
    while (lastWritten(folder) === before) await this.#write()
    await this.trickle()
  }

  async trickle(): Promise<void> {
    for (const end = performance.now() + CALM; performance.now() < end;) await this.#write()
  }

  async #write(): Promise<void> {
    this.#process.requireRunning()
    const value = Buffer.from(txn130(this.#next++)).toString()
    await this.#kafka.write(TOPIC, [{ key: null, value }])
    await sleep(200)
  }

  /** In ms, since the last call: those that were long. */
  turns(): readonly number[] {
    const lines = this.#process.lines().split('\n')
    const turns = lines.slice(this.#read).flatMap(line => {
      const found = /^turn ([\d.]+) ([\d.]+)$/.exec(line)
      return found === null ? [] : [Number(found[1])]
    })
    this.#read = lines.length
    return turns
  }

  stop(): Promise<void> {
    return this.#process.stop()
  }
}

/** When a checkpoint below a folder took its place last, in ms; 0: there is none. */
function lastWritten(folder: string): number {
  const names = readdirSync(folder, { recursive: true }).map(String)
  const times = names
    .filter(name => name.endsWith('.checkpoint'))
    .map(name => statSync(join(folder, name)).ctimeMs)
  return Math.max(0, ...times)
}
