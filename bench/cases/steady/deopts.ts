import type { SourceMap } from 'node:module'

/** Optimised code that V8 has taken back. */
export interface Deopt {
  /** The function, and V8's reason. */
  readonly text: string
  /** In the source; as V8 says it where that is not known. */
  readonly place: string
  /** Of a function of Node's, with nothing of ours inlined into it or around it. */
  readonly isNodes: boolean
}

/** Reads what `--trace-deopt --trace-deopt-verbose` has written. `sources`: of the bundle. */
export function readDeopts(trace: string, sources: SourceMap): readonly Deopt[] {
  return trace.split('\n').flatMap((line, i, lines) => {
    // Other lines of V8 may stand before it, without an end.
    const [, reason, name] =
      /bailout \(kind: deopt.*?, reason: (.*?)\): .*?<JSFunction (.*?)\(sfi/.exec(line) ?? []
    if (reason === undefined) return []
    // Innermost first. Of a deoptimisation that waits until the function goes on, V8 says no place.
    const next = lines[i + 1] ?? ''
    const places = next.includes(';;; deoptimize at')
      ? (next.match(/(?<=at <).*?(?=>)/g) ?? [])
      : []
    const text = `${name!.trim() || 'a function without a name'}: ${reason}`
    const isNodes = places.length > 0 && places.every(place => place.startsWith('node:'))
    return [{ text, place: placeOf(places[0] ?? '', sources), isNodes }]
  })
}

function placeOf(place: string, sources: SourceMap): string {
  const [, line, column] = /^file:.*pipeline\.mjs:(\d+):(\d+)$/.exec(place) ?? []
  if (line === undefined) return place
  // V8 counts from 1, the map from 0.
  const entry = sources.findEntry(Number(line) - 1, Number(column) - 1)
  return 'originalSource' in entry ? `${entry.originalSource}:${entry.originalLine + 1}` : place
}
