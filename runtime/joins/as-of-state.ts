import type {
  AsOfDefinition,
  KeyedState,
  Spill,
  StateChange,
  TableKey,
  TableRow
} from '../contract/index.ts'
import { layoutFingerprint } from '../state/fingerprint.ts'
import { KeyMap } from '../state/key-map.ts'
import { KeySet } from '../state/key-set.ts'
import { decodeRow, encodeRow } from '../state/state-codec.ts'
import { takeSome } from '../state/take-some.ts'
import { TOLD_AT_ONCE } from '../state/told-at-once.ts'
import {
  type AsOfItem,
  type AsOfItems,
  AsOfMemory,
  type Kept,
  type Waiting
} from './as-of-items.ts'
import { StoredAsOf } from './stored-as-of.ts'
import type { Version } from './version-list.ts'

/** How a saved item begins. */
const Saved = Object.freeze({ waiting: 0, version: 1, end: 2 })

/**
 * The left rows that wait until all versions up to their time have come, and the versions that a left row may still ask for. A row
 * costs a place in a queue, and a binary search among the versions of its key.
 */
export class AsOfState<
  Left extends TableRow = TableRow,
  Right extends TableRow = TableRow
> implements KeyedState {
  readonly definition: AsOfDefinition<Left, Right>
  /** The watermarks of both sides up to which rows were told. */
  readonly closed: [left: number, right: number] = [-Infinity, -Infinity]
  readonly spill: Spill
  readonly #memory = new AsOfMemory<Left, Right>()
  #items: AsOfItems<Left, Right> = this.#memory
  readonly #changed = new KeySet<AsOfItem<Left, Right>>()
  #nextNumber = 1
  /** What a restart has read so far, by number. */
  #read = new KeyMap<number, AsOfItem<Left, Right>>()

  constructor(definition: AsOfDefinition<Left, Right>) {
    this.definition = definition
    this.spill = this.#makeSpill()
  }

  #makeSpill(): Spill {
    let stored!: StoredAsOf<Left, Right>
    return {
      into: store => {
        stored = new StoredAsOf(store, (number, record) => this.#decode(number, decodeRow(record)))
        this.#items = stored
        this.#nextNumber = stored.lastNumber + 1
      },
      unsaved: () => this.#changed.size,
      put: (key, row) => {
        const number = decodeRow(key)[0] as number
        stored.put(number, row)
        this.#raise(number)
      },
      settled: () => stored.settled(),
      trim: rows => stored.trim(rows)
    }
  }

  #raise(number: number): void {
    this.#nextNumber = Math.max(this.#nextNumber, number + 1)
  }

  get name(): string {
    return this.definition.name
  }

  get fingerprint(): string {
    return layoutFingerprint(this.definition.layout)
  }

  get reached(): readonly number[] {
    return this.closed
  }

  reach([left, right]: readonly number[]): void {
    this.closed[0] = left!
    this.closed[1] = right!
  }

  get size(): number {
    return this.#items.size + this.#read.size
  }

  wait(row: Left, key: TableKey, time: number): void {
    this.#enter(this.#waitingRow(this.#nextNumber++, row, key, time))
  }

  /** `mark`: the watermark of the version's partition; `row` null: nothing is valid from then on. */
  addVersion(row: Right | null, key: TableKey, time: number, mark: number): void {
    // Left rows before that were told already, or would have been if it were not for another partition.
    const from = Math.max(time, mark - this.definition.right.lag + 1)
    this.#enter(this.#version(this.#nextNumber++, { row, key, from }))
  }

  /** All that is valid ends. */
  endVersions(time: number, mark: number): void {
    for (const key of [...this.#items.keys()]) this.addVersion(null, key, time, mark)
  }

  #waitingRow(number: number, row: Left, key: TableKey, time: number): Waiting<Left> {
    const { strict, right } = this.definition
    const at = time + right.lag - (strict ? 1 : 0)
    return { kind: 'waiting', number, at, row, key, time, stored: false, gone: false }
  }

  #version(number: number, version: Version<Right>): Kept<Right> {
    const at = version.from + (this.definition.strict ? 1 : 0)
    return { kind: 'version', number, at, ...version, stored: false, gone: false }
  }

  #enter(item: AsOfItem<Left, Right>): void {
    this.#link(item)
    this.#changed.add(item)
  }

  #link(item: AsOfItem<Left, Right>): void {
    const items = this.#items
    items.came(item)
    if (item.kind === 'waiting') return items.waiting.push(item)
    items.open(item.key).add(item, replaced => this.#leave(replaced))
    items.replacing.push(item)
  }

  #leave(item: AsOfItem<Left, Right>): void {
    item.gone = true
    this.#items.left(item)
    if (item.stored) this.#changed.add(item)
    else this.#changed.delete(item)
  }

  /** Tells the rows for which no version can come any more, by their time, and forgets the versions that none will ask for. Stops now and then. */
  *expire(leftMark: number, rightMark: number): Generator<void> {
    const [left, right] = [latest(leftMark), latest(rightMark)]
    this.closed[0] = Math.max(left, this.closed[0])
    this.closed[1] = Math.max(right, this.closed[1])
    const { definition } = this
    const { waiting, replacing } = this.#items
    let passed = 0
    while (waiting.next <= right) {
      this.#tell(waiting.pop())
      if (++passed % TOLD_AT_ONCE === 0) yield
    }
    const told = right - definition.right.lag + (definition.strict ? 1 : 0)
    const first = Math.min(told, left - definition.left.lag) + 1
    while (replacing.next <= first) {
      this.#replace(replacing.pop())
      if (++passed % TOLD_AT_ONCE === 0) yield
    }
  }

  #tell(item: Waiting<Left>): void {
    this.#leave(item)
    const { strict, outer, meets, told } = this.definition
    const row = this.#items.versions(item.key)?.find(item.time, strict)?.row ?? null
    if (row !== null && meets(item.row, row)) told(item.row, row)
    else if (outer) told(item.row, null)
  }

  /** Nobody asks for what was before a version; of a deleted row nobody asks at all. */
  #replace({ key, from, number }: Kept<Right>): void {
    const list = this.#items.versions(key)
    const item = list?.find(from, false) ?? null
    // It may have left.
    if (item?.number !== number) return
    list!.dropBefore(item, before => this.#leave(before))
    if (item.row !== null) return
    list!.dropFirst()
    this.#leave(item)
    if (list!.isEmpty) this.#items.close(key)
  }

  // Statements change tables, and nothing of a table comes here but what its source brings.
  begin(): void {}
  end(): void {}

  takeChanges(limit = Infinity): StateChange[] {
    const { name } = this
    return takeSome(this.#changed, limit, item => {
      item.stored = true
      return { table: name, key: encodeRow([item.number]), row: item.gone ? null : saved(item) }
    })
  }

  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    for (const item of this.#memory) {
      // A checkpoint has it from now on: should it leave before the changelog ever had it, that has to be told.
      item.stored = true
      yield { key: encodeRow([item.number]), row: saved(item) }
    }
  }

  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    const number = decodeRow(keyBytes)[0] as number
    if (rowBytes === null) this.#read.delete(number)
    else this.#read.set(number, this.#decode(number, decodeRow(rowBytes)))
    this.#raise(number)
  }

  #decode(number: number, [kind, ...values]: TableRow): AsOfItem<Left, Right> {
    const { left, right } = this.definition
    if (kind === Saved.end) {
      const [key, from] = values as [TableKey, number]
      return this.#version(number, { row: null, key, from })
    }
    if (kind === Saved.version) {
      const [from, ...rest] = values
      const row = rest as unknown as Right
      return this.#version(number, { row, key: right.keyOf(row)!, from: from as number })
    }
    const row = values as unknown as Left
    return this.#waitingRow(number, row, left.keyOf(row)!, left.timeOf(row)!)
  }

  /** Only now: what the changelog has on the way may be in each other's way. */
  restored(): void {
    for (const item of this.#read.values()) {
      item.stored = true
      this.#link(item)
    }
    this.#read = new KeyMap()
  }
}

/** Of a source that was dropped nothing comes any more. */
function latest(mark: number): number {
  return Math.min(mark, Number.MAX_VALUE)
}

function saved(item: AsOfItem<TableRow, TableRow>): Uint8Array {
  if (item.kind === 'waiting') return encodeRow([Saved.waiting, ...item.row])
  const { row, key, from } = item
  return row === null ? encodeRow([Saved.end, key, from]) : encodeRow([Saved.version, from, ...row])
}
