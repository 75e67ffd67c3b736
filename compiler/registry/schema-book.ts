import { openRegistry } from '../../runtime/registry/index.ts'
import { resolveScript } from '../compile.ts'
import type { SchemaRequest, Session, SubjectSchema } from '../session.ts'
import {
  findKept,
  type KeptSchema,
  readKept,
  schemasPath,
  withoutUser,
  writeKept
} from './schemas-file.ts'

/** Which schemas a script is compiled with: those of its file and others of the registry, only those of the file, or the latest. */
export const schemaChoices = ['kept', 'locked', 'latest'] as const
export type SchemaChoice = (typeof schemaChoices)[number]

/** The schemas that a script infers columns from. */
export interface SchemaBook {
  find(request: SchemaRequest): SubjectSchema | string
  /** Keeps them in the file beside the script, as far as they are not there; answers its path, null: nothing was written. */
  save(): string | null
}

/** Rounds of asking: a source may be bound only when another one is. */
const MOST_ROUNDS = 20

/**
 * Finds out which subjects a script asks for, by binding it, and gets them. What is in the file beside the script is not asked for again: so
 * the same script gives the same pipeline, also where nobody reaches the registry.
 */
export async function openSchemas(session: Session, choice: SchemaChoice): Promise<SchemaBook> {
  const path = session.file.path
  const kept = choice === 'latest' ? [] : readKept(path)
  const found = new Map<string, KeptSchema | string>()
  const keyOf = ({ url, subject }: SchemaRequest): string => JSON.stringify([url, subject])
  const missing = new Map<string, SchemaRequest>()
  const find = (request: SchemaRequest): SubjectSchema | string => {
    const key = keyOf(request)
    const known = found.get(key) ?? findKept(kept, request)
    if (known !== undefined) {
      found.set(key, known)
      return known
    }
    missing.set(key, request)
    return 'no registry was asked'
  }
  // Most scripts ask for none: they are not bound twice.
  const mayAsk = /\bINFER\b/i.test(session.file.text)
  for (let round = 0; mayAsk && round < MOST_ROUNDS; round++) {
    missing.clear()
    resolveScript({ ...session, diagnostics: [], options: { ...session.options, schemas: find } })
    if (missing.size === 0) break
    for (const [key, request] of missing) {
      const answer = choice === 'locked' ? notKept(path) : await askRegistry(request)
      found.set(key, answer)
    }
  }
  return {
    find,
    save() {
      const schemas = [...found.values()].filter(one => typeof one !== 'string')
      const before = readKept(path)
      const same = before.length === schemas.length && schemas.every(one => isAmong(one, before))
      if (same) return null
      writeKept(path, schemas)
      return schemasPath(path)
    }
  }
}

function notKept(path: string): string {
  return `${schemasPath(path)} does not have it`
}

function isAmong(schema: KeptSchema, kept: readonly KeptSchema[]): boolean {
  const text = JSON.stringify(schema)
  return kept.some(one => JSON.stringify(one) === text)
}

/** A string says why there is no answer. */
async function askRegistry({
  url,
  subject,
  properties
}: SchemaRequest): Promise<KeptSchema | string> {
  try {
    const { id, version, type, text, references } = await openRegistry(
      { url, properties },
      process.env
    ).latest(subject)
    const shown = references.map(({ name, text: schema }) => ({ name, text: schema }))
    return { registry: withoutUser(url), subject, version, id, type, text, references: shown }
  } catch (error) {
    // What is wrong with an answer is no bug of ours.
    return (error as Error).message
  }
}
