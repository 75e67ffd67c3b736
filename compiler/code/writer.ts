import { js, type Code } from './code.ts'

/** A line of generated code and the place in the SQL that it is there for. */
export interface Line {
  readonly depth: number
  readonly text: string
  readonly place: Place | null
}

/** A position in a source file, both from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Collects lines; blocks are nested callbacks, so that the generator's indentation mirrors the output's. */
export interface Writer {
  readonly lines: readonly Line[]
  line(code: Code, place?: Place | null): void
  /** A comment line; anything that could end it is left out. */
  comment(text: string): void
  blank(): void
  /** `open`, the body, indented, and `close`; null: nothing closes it. */
  nest(open: Code, body: () => void, close: Code | null): void
  /** `head {`, the body, `}`. */
  block(head: Code, body: () => void, place?: Place | null): void
  /** `if (test) {`, the body, and where there is one `} else {` with the other. */
  if(test: Code, body: () => void, otherwise?: (() => void) | null): void
  /** Lines that `body` writes are there for `place`, unless they say another. */
  at<T>(place: Place, body: () => T): T
  /** A statement that is written before the next line of this block, if there is one, and unless another one takes its place; null: none. */
  before(statement: Code | null): void
  /** Collects what `body` writes, without writing it. */
  capture(body: () => void): readonly Line[]
  /** Writes captured lines here. */
  insert(lines: readonly Line[]): void
}

export function makeWriter(): Writer {
  let lines: Line[] = []
  let depth = 0
  let current: Place | null = null
  let next: Code | null = null
  const add = (text: string, place: Place | null): void => void lines.push({ depth, text, place })
  const push = (text: string, place: Place | null): void => {
    if (next !== null) add(next.text, current)
    next = null
    add(text, place)
  }
  const indented = (body: () => void): void => {
    depth++
    body()
    next = null
    depth--
  }
  return {
    get lines() {
      return lines
    },
    line: (code, place = current) => push(code.text, place),
    comment: text => add(`// ${plain(text)}`, null),
    blank: () => add('', null),
    nest(open, body, close) {
      push(open.text, current)
      indented(body)
      if (close !== null) push(close.text, null)
    },
    block(head, body, place = current) {
      push(`${head.text} {`, place)
      indented(body)
      push('}', null)
    },
    if(test, body, otherwise = null) {
      push(js`if (${test}) {`.text, current)
      indented(body)
      if (otherwise !== null) {
        push('} else {', null)
        indented(otherwise)
      }
      push('}', null)
    },
    at(place, body) {
      const outer = current
      current = place
      const result = body()
      current = outer
      return result
    },
    before: statement => void (next = statement),
    capture(body) {
      const outer = { lines, next }
      lines = []
      next = null
      body()
      const captured = lines
      ;({ lines, next } = outer)
      // Relative to where they will be inserted.
      return captured.map(line => ({ ...line, depth: line.depth - depth }))
    },
    insert(captured) {
      for (const line of captured) {
        if (next !== null) add(next.text, current)
        next = null
        lines.push({ ...line, depth: line.depth + depth })
      }
    }
  }
}

/** Text for a comment: one line, without what JavaScript takes for a line's end. */
function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
}

export function renderLines(lines: readonly Line[]): string {
  return lines.map(({ depth, text }) => (text === '' ? '' : '  '.repeat(depth) + text)).join('\n')
}
