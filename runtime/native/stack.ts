import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { join } from 'node:path'
import { isSea } from 'node:sea'
import { openPayload, readEntry } from './payload.ts'

/** A place in the bundle, as V8 prints it at the end of a stack frame. */
const FRAME = /(?:file:\/\/)?(?:\/\S*\/)?(?:main\.cjs|pipeline\.mjs):(\d+):(\d+)/g

/**
 * Rewrites the bundle's places in a stack trace to those in the SQL and in the runtime's source. Reads the source map when
 * it is called (some ms): for errors that nobody expected, not for records.
 */
export function mapStack(stack: string, map: SourceMap | null = openMap()): string {
  if (map === null) return stack
  return stack.replace(FRAME, (place, line: string, column: string) => {
    // Not findOrigin, which adds the distance to the mapped place: a line of generated code is longer than its SQL.
    const entry = map.findEntry(Number(line) - 1, Number(column) - 1)
    if (!('originalSource' in entry)) return place
    return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
  })
}

/** Null where there is none: a bundle whose map was not shipped still runs. */
function openMap(): SourceMap | null {
  try {
    const text = isSea()
      ? readEntry(openPayload(), 'main.cjs.map')
      : readFileSync(join(import.meta.dirname, 'pipeline.mjs.map'))
    return text === null
      ? null
      : new SourceMap(JSON.parse(text.toString('utf8')) as SourceMapPayload)
  } catch {
    return null
  }
}
