import type { Line } from './writer.ts'

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Source map version 3 (ECMA-426): each line that has a place maps from its first character. */
export function renderSourceMap(
  lines: readonly Line[],
  file: { readonly path: string; readonly text: string }
): string {
  let last = { line: 1, column: 1 }
  const mappings = lines.map(({ depth, place }) => {
    if (place === null) return ''
    const fields = [depth * 2, 0, place.line - last.line, place.column - last.column]
    last = place
    return fields.map(variableLength).join('')
  })
  return JSON.stringify({
    version: 3,
    sources: [file.path],
    sourcesContent: [file.text],
    names: [],
    mappings: mappings.join(';')
  })
}

/** Base64 VLQ: five bits a digit, lowest first, the sign in the lowest bit. */
function variableLength(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1
  let text = ''
  do {
    const digit = rest & 31
    rest >>>= 5
    text += digits[rest > 0 ? digit | 32 : digit]!
  } while (rest > 0)
  return text
}
