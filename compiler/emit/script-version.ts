import { createHash } from 'node:crypto'
import type { BoundTest } from '../ir/index.ts'
import type { SourceFile } from '../source/index.ts'
import { version as compilerVersion } from '../version.ts'

/** Hash of compiler and script. TEST statements are no part of it: with one more, the pipeline is the same. */
export function scriptVersion(file: SourceFile, tests: readonly BoundTest[]): string {
  const text = withoutTests(file, tests)
  return createHash('sha256').update(`${compilerVersion}\n${text}`).digest('hex').slice(0, 12)
}

function withoutTests(file: SourceFile, tests: readonly BoundTest[]): string {
  const own = tests.map(({ span }) => span).filter(span => span.file === file)
  const starts = [0, ...own.map(({ end }) => end)]
  const ends = [...own.map(({ start }) => start), file.text.length]
  const pieces = starts.map((start, i) => {
    const piece = file.text.slice(start, ends[i])
    return (i === 0 ? piece : piece.replace(/^\s*;/, '')).trim()
  })
  return pieces.filter(piece => piece !== '').join('\n')
}
