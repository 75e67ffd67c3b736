import type { Figure } from './figure.ts'
import type { LoadedKafka } from './loaded-kafka.ts'

/** What a case may use of the run that it is part of. */
export interface BenchContext {
  /** A real broker with a topic full of records: started and filled once per run, by the first case that asks. */
  kafka(): Promise<LoadedKafka>
  readonly options: BenchOptions
}

/** What the command line says beside the cases. */
export interface BenchOptions {
  /** Of the small ones that programs are compared with. */
  readonly records: number
  /** How often each of those programs runs. */
  readonly rounds: number
  /** Nexmark's events. */
  readonly events: number
  /** Nexmark on a real broker too. */
  readonly broker: boolean
  /** Nexmark's rows are compared with a batch engine's answers. */
  readonly verify: boolean
}

export interface BenchCase {
  readonly title: string
  run(cx: BenchContext): Promise<readonly Figure[]>
}

/** A case's figures. */
export interface CaseResult {
  readonly name: string
  readonly title: string
  readonly figures: readonly Figure[]
}

/** Everything that one run of the bench measured: a result file. */
export interface BenchRun {
  /** Of its end. */
  readonly date: string
  /** What was measured; with `changes`: not quite this commit. */
  readonly commit: string
  readonly machine: Machine
  /** Of what takes part, by its name. */
  readonly versions: Readonly<Record<string, string>>
  readonly options: BenchOptions
  readonly cases: readonly CaseResult[]
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly gigabytes: number
  readonly kernel: string
  /** How many processes wanted a core, as the last minute's average, when it began and when it ended. */
  readonly load: readonly [number, number]
}
