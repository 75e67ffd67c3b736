import type { Random } from '../functions/random-value.ts'

export const TTL = 60_000

/** An event of `a` or `b`. */
export interface TtlEvent {
  readonly topic: 'a' | 'b'
  readonly id: number
  readonly k: string | null
  readonly n: number | null
}

/** What happens together, so many ms after what was before. */
export interface TtlStep {
  readonly passed: number
  /** A process ends, and another goes on. */
  readonly restarts: boolean
  readonly events: readonly TtlEvent[]
}

/** What a step tells, as rows, of state that is forgotten when it has not been used for a TTL. */
export interface TtlModel {
  readonly name: string
  readonly select: string
  readonly reads: readonly string[]
  readonly format: 'json' | 'upsert'
  tell(): (step: TtlStep, uses: Uses) => string[]
}

/** When something was used last. */
export interface Use {
  at: number
}

/** The uses of all state that is there. */
export class Uses {
  readonly #uses = new Set<Use>()
  /** Forgotten since the last commit. */
  readonly #leaving = new Set<Use>()
  #now = 0

  use(): Use {
    const use = { at: this.#now }
    this.#uses.add(use)
    return use
  }

  again(use: Use): void {
    use.at = this.#now
  }

  isThere(use: Use): boolean {
    return this.#uses.has(use)
  }

  pass(ms: number): void {
    this.#now += ms
    for (const use of this.#uses) {
      if (use.at + TTL > this.#now) continue
      this.#uses.delete(use)
      this.#leaving.add(use)
    }
  }

  /** Time alone is no reason to commit: records are. */
  commit(): void {
    this.#leaving.clear()
  }

  /** A process that starts counts from then, and has what was committed. */
  restart(): void {
    for (const use of this.#leaving) this.#uses.add(use)
    this.#leaving.clear()
    for (const use of this.#uses) use.at = this.#now
  }
}

interface Group {
  c: number
  total: number | null
  readonly use: Use
}

export const models: readonly TtlModel[] = [
  {
    name: 'groups',
    format: 'upsert',
    reads: ['a'],
    select: 'SELECT k, COUNT(*) AS c, SUM(n) AS total, MAX(id) AS last FROM a GROUP BY k',
    tell() {
      const groups = new Map<string | null, Group>()
      return ({ events }, uses) => {
        const last = new Map<string | null, string>()
        for (const { id, k, n, topic } of events) {
          if (topic !== 'a') continue
          const found = groups.get(k)
          const isThere = found !== undefined && uses.isThere(found.use)
          const group = isThere ? found : { c: 0, total: null, use: uses.use() }
          group.c++
          if (n !== null) group.total = (group.total ?? 0) + n
          uses.again(group.use)
          groups.set(k, group)
          last.set(k, JSON.stringify({ k, c: group.c, total: group.total, last: id }))
        }
        return [...last.values()]
      }
    }
  },
  {
    name: 'distinct',
    format: 'upsert',
    reads: ['a'],
    select: 'SELECT DISTINCT k, n FROM a',
    tell() {
      const seen = new Map<string, Use>()
      return ({ events }, uses) =>
        events.flatMap(({ k, n, topic }) => {
          if (topic !== 'a') return []
          const row = JSON.stringify({ k, n })
          const use = seen.get(row)
          if (use !== undefined && uses.isThere(use)) {
            uses.again(use)
            return []
          }
          seen.set(row, uses.use())
          return [row]
        })
    }
  },
  {
    name: 'join',
    format: 'json',
    reads: ['a', 'b'],
    select: 'SELECT a.id AS aid, b.id AS bid FROM a JOIN b ON a.k = b.k',
    tell() {
      const came: (TtlEvent & { readonly use: Use })[] = []
      return ({ events }, uses) =>
        events.flatMap(event => {
          const { id, k, topic } = event
          const met = came.filter(
            other => other.topic !== topic && k !== null && other.k === k && uses.isThere(other.use)
          )
          came.push({ ...event, use: uses.use() })
          return met.map(other =>
            JSON.stringify(topic === 'a' ? { aid: id, bid: other.id } : { aid: other.id, bid: id })
          )
        })
    }
  },
  {
    // What is kept by its own bound is never forgotten.
    name: 'first two',
    format: 'upsert',
    reads: ['a'],
    select:
      'SELECT k, id, place FROM (SELECT k, id, ROW_NUMBER() OVER (PARTITION BY k ORDER BY id) AS place FROM a) AS t WHERE place <= 2',
    tell() {
      const counts = new Map<string | null, number>()
      return ({ events }) =>
        events.flatMap(({ id, k, topic }) => {
          if (topic !== 'a') return []
          const place = (counts.get(k) ?? 0) + 1
          counts.set(k, place)
          return place > 2 ? [] : [JSON.stringify({ k, id, place })]
        })
    }
  }
]

export function makeTtlSteps(random: Random, count: number): TtlStep[] {
  let id = 0
  const make = (): TtlEvent => ({
    topic: random(2) === 0 ? 'a' : 'b',
    id: id++,
    k: [...'xyzw', null][random(5)]!,
    n: random(5) === 0 ? null : random(4)
  })
  return Array.from({ length: count }, () => ({
    passed: random(3) === 0 ? 0 : (random(6) * TTL) / 4 + random(3),
    restarts: random(6) === 0,
    events: Array.from({ length: random(4) }, make)
  }))
}
