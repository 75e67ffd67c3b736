import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  FrameCounts,
  FrameDefinition,
  OverDefinition,
  OverPlace
} from '../../../runtime/contract/index.ts'
import { OverState } from '../../../runtime/over/index.ts'
import { makeRandom } from '../../support/functions/random-value.ts'
import { KeptState, type Place, places } from '../../support/kept-state.ts'

type Row = readonly [key: string | null, time: number, id: number]

/** What is in a frame, as a list. */
class Listed {
  ids: number[] = []
}

const counts: FrameCounts<Row, Listed> = {
  make: () => new Listed(),
  add: (listed, [, , id]) => void listed.ids.push(id),
  remove(listed, [, , id]) {
    assert.equal(listed.ids.shift(), id, 'rows leave in the order in which they came')
  },
  save: ({ ids }) => [ids],
  load: ([ids]) => Object.assign(new Listed(), { ids: [...(ids as number[])] })
}

type Bounds = readonly [FrameDefinition['unit'], start: number | null, end: number | null]

function frame([unit, start, end]: Bounds): FrameDefinition<Row> {
  return { unit, start, end, last: true, counts }
}

const defaults: OverDefinition<Row> = {
  name: 'o',
  layout: 'o',
  columns: ['key', 'time', 'id'],
  sources: ['s'],
  timeOf: ([, time]) => time,
  lag: 1,
  compare: ([, a], [, b]) => a - b,
  valuesOf: ([key]) => [key],
  keyOf: ([key]) => key,
  waits: { rows: 0, ms: 0 },
  behind: 0,
  heads: 1,
  frames: [],
  forgets: Infinity,
  ttl: Infinity,
  line: 1
}

/** A state and what its changelog holds: from that, or what a store has of it, it can be made anew. */
class Harness implements AsyncDisposable {
  readonly #kept: KeptState<OverState<Row>>
  readonly #place: Place

  constructor(place: Place, parts: Partial<OverDefinition<Row>>) {
    const definition = { ...defaults, ...parts }
    this.#place = place
    this.#kept = new KeptState(place, makeRandom(1), () => new OverState(definition))
  }

  get state(): OverState<Row> {
    return this.#kept.state
  }

  /** How many records its changelog has. */
  get records(): number {
    return this.#kept.records().size
  }

  /** How many of them are of partitions. */
  get partitions(): number {
    return [...this.#kept.records().keys()].filter(key => key.startsWith('[1,')).length
  }

  /** What `read` makes of each row that is told. */
  close<T>(watermark: number, read: (place: OverPlace<Row>) => T, now = 0): T[] {
    return Array.from(this.state.close(watermark, now), read)
  }

  commit(): void {
    this.#kept.commit()
    if (this.#place !== 'memory') return
    const saved = Array.from(this.state.encoded(), ({ key, row }) => [String(key), String(row)])
    const logged = Array.from(this.#kept.records(), ([key, row]) => [key, String(row)])
    assert.deepEqual(logged.sort(), saved.sort(), 'the changelog has what the state holds')
  }

  async restart(): Promise<void> {
    this.commit()
    await this.#kept.restart()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kept[Symbol.asyncDispose]()
  }
}

const times = [1, 4, 4, 4, 9, 10, 10, 15, 30, 31, 31, 31, 50, 90, 91]
const rows: readonly Row[] = times.flatMap((time, i): Row[] => [
  ['a', time, 2 * i],
  [i % 3 === 0 ? null : 'b', time, 2 * i + 1]
])

const frames: readonly Bounds[] = [
  ['ROWS', -2, 0],
  ['ROWS', null, -2],
  ['ROWS', -4, -3],
  ['RANGE', null, 0],
  ['RANGE', -5, 0],
  ['RANGE', null, -5],
  ['RANGE', -20, -5],
  ['RANGE', 0, 0],
  ['ROWS', 1, 2],
  ['RANGE', 3, 20]
]

/** The ids in a frame, from the beginning. */
function expected([unit, start, end]: Bounds, row: Row): number[] {
  const own = rows.filter(([key]) => key === row[0])
  const at = own.findIndex(([, , id]) => id === row[2])
  return own
    .filter((other, i) => {
      const distance = unit === 'ROWS' ? i - at : other[1] - row[1]
      return (start === null || distance >= start) && (end === null || distance <= end)
    })
    .map(([, , id]) => id)
}

for (const place of places) {
  for (const bounds of frames) {
    for (const restarts of [false, true]) {
      test(`${bounds.join(' ')}${restarts ? ', started again after each row' : ''}, ${place}`, async () => {
        const [unit, , end] = bounds
        const ahead = Math.max(end ?? 0, 0)
        const waits = unit === 'ROWS' ? { rows: ahead, ms: 0 } : { rows: 0, ms: ahead }
        await using harness = new Harness(place, { frames: [frame(bounds)], waits })
        let told = 0
        for (const row of [...rows, null]) {
          if (row !== null) harness.state.insert(row)
          if (restarts) await harness.restart()
          const watermark = row === null ? 1000 : row[1]
          harness.close(watermark, place => {
            told++
            const ids = expected(bounds, place.row)
            assert.deepEqual((place.counted(0) as Listed).ids, ids, `of ${place.row[2]}`)
            assert.equal(place.first(0)?.[2], ids[0])
            assert.equal(place.last(0)?.[2], ids.at(-1))
          })
          if (restarts) await harness.restart()
        }
        const partitions = new Set(rows.map(([key]) => key)).size
        assert.equal(told, rows.length - waits.rows * partitions)
      })
    }
  }

  test(`ranks and rows before it go on after a restart, ${place}`, async () => {
    await using harness = new Harness(place, { behind: 2, heads: 0 })
    const told: unknown[] = []
    for (const row of rows.filter(([key]) => key === 'a').slice(0, 5)) {
      harness.state.insert(row)
      await harness.restart()
      harness.close(row[1], () => null)
    }
    harness.state.insert(['a', 100, 99])
    for (let watermark = 9; watermark <= 101; watermark++) {
      await harness.restart()
      told.push(
        ...harness.close(watermark, place => {
          const { number, rank, denseRank } = place
          return [place.row[1], number, rank, denseRank, place.away(-2)?.[2]]
        })
      )
    }
    assert.deepEqual(told, [
      [9, 5, 5, 3, 4],
      [100, 6, 6, 4, 6]
    ])
  })

  test(`of frames that begin with the partition no rows are kept, of a frame of rows as many as it has, ${place}`, async () => {
    const sizes: number[] = []
    for (const bounds of frames.slice(0, 4)) {
      await using harness = new Harness(place, {
        frames: [{ ...frame(bounds), last: false }],
        heads: 0
      })
      for (let i = 0; i < 300; i++) {
        harness.state.insert(['a', i, i])
        harness.close(i, () => null)
        harness.commit()
      }
      // One of them waits, one record is the partition's.
      sizes.push(harness.records - 2)
    }
    assert.deepEqual(sizes, [3, 2, 5, 0])
  })

  test(`a partition is gone when time has passed the frame of its last row, ${place}`, async () => {
    await using harness = new Harness(place, {
      frames: [frame(['RANGE', -20, 0])],
      heads: 0,
      forgets: 20
    })
    harness.state.insert(['a', 100, 1])
    harness.state.insert(['b', 110, 2])
    harness.close(115, () => null)
    await harness.restart()
    harness.close(120, () => null)
    assert.equal(harness.state.size, 4)
    harness.close(121, () => null)
    assert.equal(harness.state.size, 2)
    // A row that waits keeps its partition.
    harness.state.insert(['b', 200, 3])
    harness.close(131, () => null)
    assert.equal(harness.state.size, 3)
    assert.deepEqual(
      harness.close(201, place => (place.counted(0) as Listed).ids),
      [[3]]
    )
    harness.close(1000, () => null)
    harness.commit()
    assert.equal(harness.records, 0)
  })

  test(`a partition that no row comes into ends: what waits for rows behind it is told, and it begins anew, ${place}`, async () => {
    await using harness = new Harness(place, { waits: { rows: 1, ms: 0 }, ttl: 60 })
    const read = (place: OverPlace<Row>) => [place.row[2], place.number, place.away(1)?.[2]]
    harness.state.insert(['a', 1, 1])
    harness.state.insert(['a', 2, 2])
    assert.deepEqual(harness.close(3, read, 1000), [[1, 1, 2]])
    assert.deepEqual(harness.close(3, read, 1059), [])
    // When it was used before a restart nobody knows.
    await harness.restart()
    assert.deepEqual(harness.close(3, read, 1060), [])
    assert.deepEqual(harness.close(3, read, 1120), [[2, 2, undefined]])
    harness.commit()
    assert.equal(harness.records, 0)
    harness.state.insert(['a', 4, 3])
    harness.state.insert(['a', 5, 4])
    assert.deepEqual(harness.close(6, read, 2000), [[3, 1, 4]])
    // One whose time has not come keeps it.
    harness.state.insert(['a', 50, 5])
    assert.deepEqual(harness.close(7, read, 3000), [])
    assert.deepEqual(harness.close(51, read, 3001), [[4, 2, 5]])
  })

  test(`where a row comes behind others that are complete, after a restart too, it is late, ${place}`, async () => {
    await using harness = new Harness(place, { frames: [frame(['RANGE', -20, 0])] })
    harness.state.insert(['a', 100, 1])
    harness.close(101, () => null)
    await harness.restart()
    assert.equal(harness.state.closed, 101)
  })

  test(`a partition stays one, however its equal keys look, ${place}`, async () => {
    await using harness = new Harness(place, {
      frames: [frame(['ROWS', -1, 0])],
      keyOf: ([key]) => String(key).toLowerCase()
    })
    const told: unknown[] = []
    for (const [i, key] of [...'AaAa'].entries()) {
      harness.state.insert([key, i, i])
      const ids = harness.close(i + 1, place => [...(place.counted(0) as Listed).ids])
      await harness.restart()
      told.push(ids)
    }
    assert.deepEqual(told, [[[0]], [[0, 1]], [[1, 2]], [[2, 3]]])
    assert.equal(harness.partitions, 1)
  })
}
