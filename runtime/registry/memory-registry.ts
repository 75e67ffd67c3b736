import type { Registry, SchemaText } from '../contract/index.ts'
import { RegistryFailure } from './registry-failure.ts'

export interface MemoryRegistry extends Registry {
  /** Puts a schema where a test wants it. */
  put(subject: string, id: number, schema: SchemaText): void
}

/** A registry in memory, which takes everything: for tests of scripts. */
export function makeMemoryRegistry(): MemoryRegistry {
  const schemas = new Map<number, SchemaText>()
  const subjects = new Map<string, number[]>()
  const notFound = (what: string): RegistryFailure =>
    new RegistryFailure('not-found', what, 'not found')
  const put = (subject: string, id: number, schema: SchemaText): void => {
    schemas.set(id, schema)
    subjects.set(subject, [...(subjects.get(subject) ?? []), id])
  }
  const idOf = (subject: string, { type, text }: SchemaText): number | undefined =>
    subjects.get(subject)?.find(id => {
      const known = schemas.get(id)!
      return known.type === type && known.text === text
    })
  return {
    put,
    async schema(id) {
      const schema = schemas.get(id)
      if (schema === undefined) throw notFound(`schema ${id}`)
      return schema
    },
    async latest(subject) {
      const ids = subjects.get(subject) ?? []
      const id = ids.at(-1)
      if (id === undefined) throw notFound(`subject "${subject}"`)
      return { ...schemas.get(id)!, id, version: ids.length }
    },
    async register(subject, schema) {
      const known = idOf(subject, schema)
      if (known !== undefined) return known
      // One id for one schema, whatever its subjects are.
      const same = [...schemas].find(
        ([, { type, text }]) => type === schema.type && text === schema.text
      )
      const id = same?.[0] ?? Math.max(0, ...schemas.keys()) + 1
      put(subject, id, schema)
      return id
    },
    async lookup(subject, schema) {
      const id = idOf(subject, schema)
      if (id === undefined) throw notFound(`subject "${subject}"`)
      return id
    },
    objection: async () => null
  }
}
