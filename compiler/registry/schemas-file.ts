import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { SchemaRequest, SubjectSchema } from '../session.ts'

/** A schema as the file beside the script keeps it. */
export interface KeptSchema extends SubjectSchema {
  /** As the script has it, without user and password. */
  readonly registry: string
  readonly subject: string
  /** In the registry; for people. */
  readonly version: number
  readonly id: number
}

/** `orders.schemas.json` of `orders.sql`. */
export function schemasPath(script: string): string {
  return `${script.replace(/\.sql$/i, '')}.schemas.json`
}

/** What was kept; empty where there is no such file, or where it is none. */
export function readKept(script: string): readonly KeptSchema[] {
  const path = schemasPath(script)
  if (!existsSync(path)) return []
  try {
    const { schemas } = JSON.parse(readFileSync(path, 'utf8')) as { schemas?: unknown }
    return Array.isArray(schemas) ? (schemas as readonly unknown[]).filter(isKept) : []
  } catch {
    return []
  }
}

function isKept(value: unknown): value is KeptSchema {
  const { registry, subject, text, type, references } = (value ?? {}) as Record<string, unknown>
  const texts = [registry, subject, text, type]
  return texts.every(one => typeof one === 'string') && Array.isArray(references)
}

export function writeKept(script: string, schemas: readonly KeptSchema[]): void {
  writeFileSync(schemasPath(script), `${JSON.stringify({ schemas }, null, 2)}\n`)
}

export function findKept(
  kept: readonly KeptSchema[],
  { url, subject }: SchemaRequest
): KeptSchema | undefined {
  const registry = withoutUser(url)
  return kept.find(one => one.registry === registry && one.subject === subject)
}

/** No password gets into the file. */
export function withoutUser(url: string): string {
  return url.replace(/\/\/[^/@,]*@/g, '//')
}
