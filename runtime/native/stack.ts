import { SourceMap, type SourceMapPayload } from 'node:module'
import { isSea } from 'node:sea'
import { readShipped } from './shipped-file.ts'

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
    const text = readShipped(isSea() ? 'main.cjs.map' : 'pipeline.mjs.map')
    return new SourceMap(JSON.parse(new TextDecoder().decode(text)) as SourceMapPayload)
  } catch {
    return null
  }
}
