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
    const origin = map.findOrigin(Number(line), Number(column))
    if (!('fileName' in origin) || origin.fileName === undefined) return place
    return `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`
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
