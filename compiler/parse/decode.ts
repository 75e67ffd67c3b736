import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { scriptNotUtf8 } from '../diagnostics/parse.ts'
import { makeSourceFile, makeSpan, type SourceFile } from '../source/index.ts'

/** A script's bytes as text; what is not UTF-8 is reported once, where it begins, and replaced by U+FFFD. */
export function decodeScript(
  path: string,
  bytes: Uint8Array,
  diagnostics: Diagnostic[]
): SourceFile {
  try {
    return makeSourceFile(path, new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    const offset = validLength(bytes)
    const file = makeSourceFile(path, new TextDecoder().decode(bytes))
    const start = new TextDecoder().decode(bytes.subarray(0, offset)).length
    diagnostics.push(scriptNotUtf8(offset, encodingOf(bytes), makeSpan(file, start, start + 1)))
    return file
  }
}

/** By its byte order mark. */
function encodingOf([first, second]: Uint8Array): string | null {
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  return isUtf16 ? 'UTF-16' : null
}

/** How many bytes from the start are UTF-8, by bisection over the decoder's own verdict. */
function validLength(bytes: Uint8Array): number {
  let low = 0
  let high = bytes.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (isPrefix(bytes.subarray(0, middle))) low = middle
    else high = middle - 1
  }
  return low - incompleteTail(bytes.subarray(0, low))
}

/** True also for text that ends within a character. */
function isPrefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

function incompleteTail(bytes: Uint8Array): number {
  const whole = Buffer.byteLength(
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true })
  )
  return bytes.length - whole
}
