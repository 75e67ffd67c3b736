import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync
} from 'node:fs'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import type { BackendHost, StateBackend, StateStore, StoreHead } from '../contract/index.ts'
import { Damage } from './damage.ts'
import { fileDamage, lengthenFile } from './file-damage.ts'
import { type BinaryDatabase, LmdbMap } from './lmdb-map.ts'

const FILE = 'state.mdb'
/** While it is there the file may be incomplete on the disk: it says since which start of the machine. */
const OPENED = 'state.opened'
/** What stands there where it is not to be trusted. */
const DAMAGED = 'damaged'
/** Of the layout of the file: what another version wrote is made anew. */
const VERSION = 'miraclec lmdb 1'
const BOOT_ID = '/proc/sys/kernel/random/boot_id'
/** No state has more maps; a table has one for each index. Those that are not opened cost a few bytes. */
const MAPS_PER_STATE = 128
const OWNER = Buffer.from('owner')
const FORMAT = Buffer.from('format')

/**
 * States in one LMDB file. It is a copy of what the changelogs have, so nothing waits for the disk: a crash of the process leaves it as
 * it was at the last `write`, and after a crash of the machine it is made anew.
 */
export class LmdbBackend implements StateBackend {
  readonly #folder: string
  readonly #host: BackendHost
  readonly #damage: Damage
  readonly #root: RootDatabase<Buffer, Buffer>
  readonly #facts: LmdbMap
  readonly #maps = new Map<string, Map<string, LmdbMap>>()
  /** Tells this process from another one that has the file open. */
  readonly #owner = Buffer.from(randomUUID())
  #isClosed = false

  constructor(folder: string, states: number, host: BackendHost) {
    this.#folder = folder
    this.#host = host
    this.#damage = new Damage(host)
    this.#root = openFile(join(folder, FILE), states * MAPS_PER_STATE + 1)
    this.#facts = this.#openStored('facts')
    this.#root.transactionSync(() => {
      const format = this.#facts.get(FORMAT)
      if (format !== undefined && Buffer.from(format).toString() !== VERSION)
        throw new Error('it is of another version')
      this.#facts.put(FORMAT, Buffer.from(VERSION))
      this.#facts.put(OWNER, this.#owner)
    })
    this.#lengthen()
  }

  #openMap(name: string): BinaryDatabase {
    return this.#root.openDB(name, { encoding: 'binary', keyEncoding: 'binary', cache: false })
  }

  store(state: string): StateStore {
    const maps = this.#maps.get(state) ?? new Map<string, LmdbMap>()
    this.#maps.set(state, maps)
    return {
      map: name => {
        const known = maps.get(name) ?? this.#openStored(`${prefixOf(state)}${name}`)
        maps.set(name, known)
        return known
      },
      write: work => this.write(work)
    }
  }

  #openStored(name: string): LmdbMap {
    return new LmdbMap(this.#openMap(name), this.#damage)
  }

  head(state: string): StoreHead | null {
    const text = this.#facts.get(headKey(state))
    return text === undefined ? null : (JSON.parse(Buffer.from(text).toString()) as StoreHead)
  }

  write(work: () => void, heads: ReadonlyMap<string, StoreHead> = new Map()): void {
    this.#onDisk(() => {
      this.#root.transactionSync(() => {
        this.#requireOwner()
        work()
        for (const [state, head] of heads) {
          this.#facts.put(headKey(state), Buffer.from(JSON.stringify(head)))
        }
      })
      this.#lengthen()
    })
  }

  /** Another process may write by now: LMDB lets one at a time. */
  #lengthen(): void {
    lengthenFile(join(this.#folder, FILE), lengthen => this.#root.transactionSync(lengthen))
  }

  /** Another process writes what it has committed, and that is more than this one has. */
  #requireOwner(): void {
    const owner = this.#facts.get(OWNER)
    if (owner !== undefined && this.#owner.equals(owner)) return
    throw this.#host.refused(
      `another process has taken over ${join(this.#folder, FILE)}`,
      'Each process needs a --state-dir of its own.'
    )
  }

  #explain(error: unknown): unknown {
    if (!isOfTheSystem(error)) return this.#damage.explain(error)
    // LMDB has said so itself on a line that it did not end: the next one is the log's.
    process.stderr.write('\n')
    return this.#host.refused(
      `the state can't be written to ${this.#folder}: ${(error as Error).message}`,
      'What is committed is in its changelogs: mend the disk, or give another folder with --state-dir, then start again.'
    )
  }

  clear(state: string): void {
    this.write(() => {
      this.#facts.remove(headKey(state))
      const prefix = prefixOf(state)
      for (const name of [...this.#root.getKeys()].map(key => key.toString())) {
        if (name.startsWith(prefix)) this.#openMap(name.replace(/\0$/, '')).clearSync()
      }
    })
  }

  distrust(): void {
    this.#onDisk(() => writeFileSync(join(this.#folder, OPENED), DAMAGED))
  }

  #onDisk(work: () => void): void {
    try {
      work()
    } catch (error) {
      throw this.#explain(error)
    }
  }

  async close(isWhole: boolean): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const maps of this.#maps.values()) for (const map of maps.values()) map.close()
    await this.#root.close()
    if (isWhole) this.#onDisk(() => this.#closeWhole())
  }

  #closeWhole(): void {
    const file = openSync(join(this.#folder, FILE), 'r+')
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    // Other than rmSync this says why it can't.
    unlinkSync(join(this.#folder, OPENED))
  }
}

/** Whether the operating system refused something: LMDB says so by its number, Node by its name. */
function isOfTheSystem(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'number' ? code > 0 : /^E[A-Z0-9]+$/.test(String(code))
}

/** What the names of its maps begin with. */
function prefixOf(state: string): string {
  return `${encodeURIComponent(state)} `
}

function headKey(state: string): Buffer {
  return Buffer.from(`head of ${state}`)
}

/** Rows are asked for in no order: what stands beside one is not read ahead. The package's types leave it out. */
const RANDOM = { noReadAhead: true }

function openFile(path: string, maps: number): RootDatabase<Buffer, Buffer> {
  return open<Buffer, Buffer>({
    path,
    encoding: 'binary',
    keyEncoding: 'binary',
    cache: false,
    noSync: true,
    overlappingSync: false,
    ...RANDOM,
    maxDbs: maps
  })
}

/** Opens what is there, or, where it can't be trusted, a new file in its place. */
export function openLmdb(
  folder: string,
  states: readonly string[],
  host: BackendHost
): LmdbBackend {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const damage = whyDistrusted(folder)
    if (damage !== null) replace(folder, damage, host)
    writeOpened(folder)
    return openOrReplace(folder, states.length, host)
  } catch (error) {
    throw host.refused(
      `no state can be kept in ${folder}: ${(error as Error).message}`,
      'Give another folder with --state-dir.'
    )
  }
}

function openOrReplace(folder: string, states: number, host: BackendHost): LmdbBackend {
  try {
    return new LmdbBackend(folder, states, host)
  } catch (error) {
    if (isOfTheFolder(error)) throw error
    replace(folder, (error as Error).message, host)
    return new LmdbBackend(folder, states, host)
  }
}

/** Nothing that a new file would change. */
function isOfTheFolder(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message: string }
  return /EACCES|EPERM|EROFS|ENOSPC/.test(String(code)) || /denied|read-only|space/i.test(message)
}

function replace(folder: string, reason: string, host: BackendHost): void {
  host.warn('the local state is made anew', reason)
  for (const name of [FILE, `${FILE}-lock`]) rmSync(join(folder, name), { force: true })
}

function whyDistrusted(folder: string): string | null {
  const opened = readIfThere(join(folder, OPENED))
  const boot = bootId()
  if (opened === DAMAGED) return 'it was found to be damaged'
  if (opened !== null && opened !== boot) return 'the machine was started again meanwhile'
  return fileDamage(join(folder, FILE))
}

/** Is on the disk before anything is written to the file. */
function writeOpened(folder: string): void {
  const path = join(folder, OPENED)
  const file = openSync(path, 'w', 0o600)
  try {
    writeSync(file, bootId())
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Without one nothing is trusted that was not closed. */
function bootId(): string {
  return readIfThere(BOOT_ID)?.trim() ?? randomUUID()
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
