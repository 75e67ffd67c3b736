import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { bundlePipeline } from '../../../compiler/bundle/index.ts'
import { compileFixture, openScriptFolder, writeModels } from '../compile-fixture.ts'
import type { FixtureModel } from '../fixtures.ts'

/** How long a pipeline may take to be ready, or to end, on a machine that is busy, in ms. */
const LONGEST_WAIT = 180_000
const MIRACLEC = join(import.meta.dirname, '../../../compiler/miraclec')

export interface Executable {
  readonly path: string
  /** Deletes it. */
  remove(): void
}

/** Compiles a script with the command that people use. */
export function compileExecutable(
  name: string,
  script: string,
  models: Readonly<Record<string, FixtureModel>> = {}
): Executable {
  const folder = mkdtempSync(join(tmpdir(), 'miraclec-test-'))
  writeModels(folder, models)
  const source = join(folder, `${name}.sql`)
  writeFileSync(source, script)
  execFileSync(MIRACLEC, ['compile', source, '-o', folder], { stdio: 'pipe', encoding: 'utf8' })
  return {
    path: join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true })
  }
}

/** A script with a bug that no script can have: `upper` of a text fails. */
export async function compileWithBug(name: string, script: string): Promise<Executable> {
  const folder = openScriptFolder(Buffer.from(script), {}, `${name}.sql`)
  const { typescript, ...emitted } = compileFixture(folder, true).compiled.pipeline
  const source = typescript.replace('.toUpperCase()', '.noSuchMethod()')
  if (source === typescript) throw new Error('the bug is not planted')
  const { directory } = folder
  const input = { ...emitted, name, source }
  const { main: path } = await bundlePipeline(input, { directory, format: 'executable' })
  return { path, remove: () => folder[Symbol.dispose]() }
}

export type LogLine = Readonly<Record<string, unknown>> & { readonly message: string }

/** The document of `/api/v1/kafka/metrics`. */
export interface KafkaMetrics {
  readonly sources: Readonly<
    Record<
      string,
      {
        readonly messages_consumed: number
        readonly bytes_consumed: number
        readonly lag: number
        readonly consumer_group: string
        readonly partitions: number[]
      }
    >
  >
  readonly sinks: Readonly<
    Record<
      string,
      {
        readonly messages_produced: number
        readonly bytes_produced: number
        readonly compression_ratio: number
        readonly errors: number
      }
    >
  >
}

/** Who fetches and who sends, where the run of the tests says so: see .ci/test.mjs. */
function chosenWays(): Record<string, string> {
  const given = ['MIRACLEC_FETCH', 'MIRACLEC_PRODUCE'].map(name => [name, process.env[name]])
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as never
}

/** Of a process that was killed the last line may be half of one. */
function readLogLine(line: string): LogLine {
  const isWhole = line.startsWith('{') && line.endsWith('}')
  return isWhole ? (JSON.parse(line) as LogLine) : { message: line }
}

/** A pipeline's process: its log, its HTTP answers, its end. */
export class RunningPipeline {
  static readonly #all = new Set<ChildProcess>()
  readonly log: LogLine[] = []
  readonly #child: ChildProcess
  readonly #exited: Promise<number | null>

  /** Without any environment, as on a machine that has nothing. */
  constructor(
    { path }: Executable,
    words: readonly string[],
    environment: Record<string, string> = {}
  ) {
    const cache = { XDG_CACHE_HOME: join(tmpdir(), 'miraclec-test-cache') }
    const env = { ...cache, ...chosenWays(), ...environment }
    this.#child = spawn(path, ['--port', '0', ...words], { stdio: ['ignore', 'pipe', 'pipe'], env })
    this.#exited = once(this.#child, 'close').then(([code]) => code as number | null)
    createInterface({ input: this.#child.stderr! }).on('line', line => {
      this.log.push(readLogLine(line))
    })
    RunningPipeline.#all.add(this.#child)
  }

  /** Ends those that a test which failed has left: they would keep the test's process alive. */
  static killAll(): void {
    for (const child of RunningPipeline.#all) child.kill('SIGKILL')
    RunningPipeline.#all.clear()
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Resolves with the first line that says so; rejects if the process ends before. */
  async logged(text: string): Promise<LogLine> {
    for (;;) {
      const line = this.log.find(({ message }) => message.includes(text))
      if (line !== undefined) return line
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`ended without "${text}":\n${this.text()}`)
      await sleep(20)
    }
  }

  /** As `work`; where that fails, this one's log is told with it. */
  async beside<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
      throw new Error(`${String(error)}; the pipeline's log:\n${this.text()}`)
    })
  }

  text(): string {
    return this.log.map(line => JSON.stringify(line).slice(0, 500)).join('\n')
  }

  /** Resolves when it has partitions to read. */
  async ready(): Promise<this> {
    await this.#soon('ready', this.#whenReady())
    return this
  }

  async #whenReady(): Promise<void> {
    await this.logged('started')
    while ((await this.get('/health/ready')).status !== 200) await sleep(20)
  }

  /** A test that waits for ever says nothing: what does not come soon is told with the log. */
  async #soon<T>(what: string, work: Promise<T>): Promise<T> {
    const over = new AbortController()
    const { signal } = over
    const late = sleep(LONGEST_WAIT, null, { signal }).then(() => {
      throw new Error(`not ${what} after ${LONGEST_WAIT} ms:\n${this.text()}`)
    })
    try {
      return await Promise.race([work, late])
    } finally {
      late.catch(() => {})
      over.abort()
    }
  }

  async get(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
    const { metrics } = await this.logged('started')
    const response = await fetch(new URL(path, String(metrics)))
    return { status: response.status, body: await response.json() }
  }

  async port(): Promise<number> {
    const { metrics } = await this.logged('started')
    return Number(new URL(String(metrics)).port)
  }

  /** As it comes, whatever its type. */
  async page(path: string): Promise<{ readonly text: string; readonly type: string | null }> {
    const { metrics } = await this.logged('started')
    const response = await fetch(new URL(path, String(metrics)))
    return { text: await response.text(), type: response.headers.get('content-type') }
  }

  async metrics(): Promise<KafkaMetrics> {
    return (await this.get('/api/v1/kafka/metrics')).body as KafkaMetrics
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** The exit code; null after a signal that ends at once. */
  async exit(signal?: NodeJS.Signals): Promise<number | null> {
    if (signal !== undefined) this.kill(signal)
    return this.#soon('ended', this.#exited)
  }
}
