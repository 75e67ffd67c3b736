/** A script's text and where it came from. `lineStarts[i]` is the offset of line i + 1. */
export interface SourceFile {
  /** As the user wrote it: shown in diagnostics. */
  readonly path: string
  readonly text: string
  readonly lineStarts: readonly number[]
}

/** Offsets are UTF-16 code units; `end` is behind the last one. */
export interface Span {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

/** Both count from 1; `column` counts UTF-16 code units. */
export interface Position {
  readonly line: number
  readonly column: number
}

export function makeSourceFile(path: string, text: string): SourceFile {
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
    lineStarts.push(at + 1)
  return Object.freeze({ path, text, lineStarts })
}

export function makeSpan(file: SourceFile, start: number, end: number): Span {
  return Object.freeze({ file, start, end })
}

/** The line and column of an offset, by binary search. */
export function positionAt(file: SourceFile, offset: number): Position {
  let low = 0
  let high = file.lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (file.lineStarts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - file.lineStarts[low]! + 1 }
}

/** A line's text without its line break; `line` counts from 1. */
export function lineText(file: SourceFile, line: number): string {
  const start = file.lineStarts[line - 1]!
  const end = file.lineStarts[line] ?? file.text.length + 1
  return file.text.slice(start, end - 1).replace(/\r$/, '')
}

export function spanText(span: Span): string {
  return span.file.text.slice(span.start, span.end)
}
