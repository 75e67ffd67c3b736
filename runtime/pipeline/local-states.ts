import type {
  KeyedState,
  PipelineDefinition,
  StateBackend,
  StateChange
} from '../contract/index.ts'
import { loadBackend } from '../native/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { StoreDamaged } from '../observe/store-damaged.ts'
import { type CheckpointOptions, Checkpoints } from './checkpoints.ts'
import { SpilledStates, type SpillOptions } from './spilled-states.ts'

type Ends = ReadonlyMap<string, number>

export interface LocalOptions extends CheckpointOptions, SpillOptions {}

/** What the local disk has of the states: the rows themselves, copies of what is in memory, or nothing. */
export class LocalStates {
  readonly #checkpoints: Checkpoints | null
  /** Null: all states are in memory. */
  readonly #spilled: SpilledStates | null

  /** `folder`: null: the pipeline has none. */
  constructor(
    definition: PipelineDefinition,
    folder: string | null,
    states: () => readonly KeyedState[],
    options: LocalOptions
  ) {
    const isEmpty = definition.tables.length + definition.stages.length === 0
    const isSpilled = definition.backend === 'lmdb' && !isEmpty
    this.#spilled = isSpilled
      ? new SpilledStates(openBackend(definition, folder, options), states, options)
      : null
    this.#checkpoints =
      folder === null || isEmpty || isSpilled ? null : new Checkpoints(folder, states, options)
  }

  /** Removes what a crash left half-written. */
  clean(): void {
    this.#checkpoints?.clean()
  }

  /** States are as the local disk has them. Answers where the changelogs go on. `tell`: see Checkpoints. */
  async restore(
    identity: string | null,
    tell: (state: string, rows: number, bytes: number) => void
  ): Promise<Ends> {
    if (this.#spilled !== null) return this.#spilled.restore(identity)
    if (identity === null || this.#checkpoints === null) return new Map()
    return this.#checkpoints.restore(identity, tell)
  }

  /** A record of a state's changelog, in its order. */
  read(state: KeyedState, change: StateChange): void {
    if (this.#spilled === null) state.restore(change.key, change.row)
    else this.#spilled.read(change)
  }

  /** All records of a state have been given. */
  readAll(state: KeyedState): void {
    if (this.#spilled === null) state.restored?.()
    else this.#spilled.readAll()
  }

  /** What the changelogs have now is in the states. */
  async restored(identity: string, ends: () => Promise<Ends>): Promise<void> {
    this.#spilled?.restored(identity, await ends())
  }

  /** These changes are committed. `ends` asks for the ends of the changelogs. */
  async committed(
    changes: readonly StateChange[],
    now: number,
    identity: string,
    ends: () => Promise<Ends>
  ): Promise<void> {
    await this.#spilled?.committed(changes, now, identity, ends)
    await this.#checkpoints?.committed(now, identity, ends)
  }

  /** See SpilledStates. */
  get isCrowded(): boolean {
    return this.#spilled?.isCrowded === true
  }

  /** See SpilledStates. */
  trim(): void {
    this.#spilled?.trim()
  }

  /** See SpilledStates. */
  shrink(): void {
    this.#spilled?.shrink()
  }

  /** What is there is wrong, and is not to be read again. */
  distrust(): void {
    this.#spilled?.distrust()
  }

  /** Everything is committed: a restart finds it at once. `ends`: null: nobody knows them. */
  async close(identity: string, ends: () => Promise<Ends | null>): Promise<void> {
    if (this.#spilled === null && this.#checkpoints === null) return
    const found = await ends()
    if (found === null) return
    await this.#spilled?.close(identity, found)
    await this.#checkpoints?.last(identity, found)
  }

  async discard(): Promise<void> {
    await this.#spilled?.discard()
    await this.#checkpoints?.discard()
  }
}

function openBackend(
  { tables, stages }: PipelineDefinition,
  folder: string | null,
  { log, openBackend: open = loadBackend }: SpillOptions
): StateBackend {
  if (folder === null) {
    throw new EnvironmentError(
      'its state is on the disk, and there is no place for it',
      'Say with --state-dir where it may be.'
    )
  }
  const names = [...tables, ...stages].map(({ name }) => name)
  return open(folder, names, {
    warn: (message, reason) => log.log('warn', message, { reason }),
    damaged: message => new StoreDamaged(message),
    refused: (message, hint) => new EnvironmentError(message, hint)
  })
}
