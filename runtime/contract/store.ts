/** Records by key, in the order of the bytes of their keys. */
export interface ByteMap {
  /** How many records there are. */
  readonly size: number
  /** Undefined: there is no such record. Throws what `BackendHost` says where what it finds is not what was put there. */
  get(key: Uint8Array): Uint8Array | undefined
  /**
   * The records from `from` on whose keys are before `end`, in their order; null: up to the last. `atOnce`: so many of them may be in
   * memory, where somebody reads many ranges side by side.
   */
  range(from: Uint8Array, end: Uint8Array | null, atOnce?: number): Iterable<ByteEntry>
  /** The key of the last record; undefined: there is none. */
  lastKey(): Uint8Array | undefined
  put(key: Uint8Array, value: Uint8Array): void
  /** Answers whether there was such a record. */
  remove(key: Uint8Array): boolean
  clear(): void
}

export interface ByteEntry {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** What a state has outside of memory: as it was at a commit. */
export interface StateStore {
  /** Maps of one name are one map. */
  map(name: string): ByteMap
  /** As `write` of the backend: for what a state puts there itself, and makes anew at each start. */
  write(work: () => void): void
}

/** What a store says of a state in it. */
export interface StoreHead {
  /** The identity of the pipeline's state: another cluster's has another. */
  readonly state: string
  /** Of the state's layout. */
  readonly fingerprint: string
  /** What the changelog has before this offset is in it; what is behind may be. */
  readonly offset: number
  /** When that was its end, in ms of the wall clock. */
  readonly written: number
}

/** Where states are that do not have to be in memory as a whole. */
export interface StateBackend {
  store(name: string): StateStore
  /** Null: it has nothing of this state. */
  head(name: string): StoreHead | null
  /**
   * All that `work` puts is there afterwards, or nothing of it. `heads`: what is true then. Throws where there is no room, and where
   * another process has taken over.
   */
  write(work: () => void, heads?: ReadonlyMap<string, StoreHead>): void
  /** Forgets a state; to be called before its store is asked for. */
  clear(name: string): void
  /** Nothing of it is believed any more: who opens it next finds nothing. */
  distrust(): void
  /** `isWhole`: it may be trusted after a power cut too. */
  close(isWhole: boolean): Promise<void>
}

/** What a backend has of the pipeline that opens it: it is in a part of its own, whose classes are not the pipeline's. */
export interface BackendHost {
  warn(message: string, reason: string): void
  /** What is thrown where something is not what was put there: StoreDamaged. */
  damaged(message: string): Error
  /** What is thrown where nothing can be kept: an EnvironmentError. */
  refused(message: string, hint: string | null): Error
}

/** `folder` is the pipeline's alone. Throws where nothing can be kept there. */
export type OpenBackend = (
  folder: string,
  states: readonly string[],
  host: BackendHost
) => StateBackend
