import type { CommentText } from './doc.ts'

/** A printed line: its code, and the comment behind it, which is still to be aligned. */
export interface PrintedLine {
  code: string
  comment: string
  /** What stood before the comment in its line of the script. */
  before: string
}

/** Collects lines. A line break is written with the token behind it, so that the last of several decides on its indentation. */
export interface LineWriter {
  readonly lines: readonly PrintedLine[]
  /** Where the next token would begin. */
  column(): number
  write(text: string, spaced: boolean): void
  writeComment(comment: CommentText, indent: number): void
  /** `blank`: with an empty line. */
  breakLine(indent: number, blank: boolean): void
}

export function makeLineWriter(): LineWriter {
  const lines: PrintedLine[] = []
  let current = startLine(lines, '')
  let pending: { readonly indent: number; readonly blank: boolean } | null = null
  /** Comments behind the last token of the line, and how much of it is before them. */
  let behind: CommentText[] = []
  let codeLength = 0

  const append = (text: string, spaced: boolean): void => {
    if (pending !== null) {
      if (pending.blank) startLine(lines, '')
      current = startLine(lines, ' '.repeat(pending.indent))
      pending = null
    }
    current.code += spaced && current.code.trim() !== '' ? ` ${text}` : text
  }
  const breakLine = (indent: number, blank: boolean): void => {
    // Nothing is above the first line.
    if (current.code === '') return
    if (pending === null && behind.length > 0) moveBehind(current, codeLength, behind)
    behind = []
    pending = { indent, blank: blank || pending?.blank === true }
  }
  return {
    lines,
    breakLine,
    column() {
      if (pending !== null) return pending.indent
      return current.code.length - (current.code.lastIndexOf('\n') + 1)
    },
    write(text, spaced) {
      append(text, spaced)
      behind = []
    },
    writeComment(comment, indent) {
      if (comment.starts) breakLine(indent, false)
      if (behind.length === 0) codeLength = pending === null ? current.code.length : 0
      append(comment.text, comment.spaced)
      behind.push(comment)
      if (comment.ends) breakLine(indent, comment.blank)
    }
  }
}

/** With nothing more to follow in their line, comments are no part of its code: they are aligned with others. */
function moveBehind(line: PrintedLine, codeLength: number, comments: readonly CommentText[]): void {
  const isAlone = line.code.slice(0, codeLength).trim() === ''
  if (isAlone || comments.some(({ text }) => text.includes('\n'))) return
  line.code = line.code.slice(0, codeLength)
  line.comment = comments.map(({ text }) => text).join(' ')
  line.before = comments[0]!.before
}

function startLine(lines: PrintedLine[], code: string): PrintedLine {
  const line = { code, comment: '', before: '' }
  lines.push(line)
  return line
}
