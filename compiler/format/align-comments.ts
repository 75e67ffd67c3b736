import type { PrintedLine } from './line-writer.ts'

/** Blanks between the longest line of code and the comments behind it. */
const distance = 2

/**
 * The lines as text. Comments behind the code of lines that follow each other, equally indented, begin in one column: the one
 * that their author chose, if they did and there is room.
 */
export function alignComments(lines: readonly PrintedLine[]): readonly string[] {
  const texts: string[] = []
  for (let at = 0; at < lines.length;) {
    const end = runEnd(lines, at)
    const run = lines.slice(at, end)
    const widths = run.map(({ code }) => lastLine(code).length)
    const authored = run.map(authoredColumn)
    const common = Math.max(...widths) + distance
    const columns = isAligned(authored, widths) ? authored : run.map(() => common)
    run.forEach(({ code, comment }, i) => {
      const padding = ' '.repeat(Math.max(0, columns[i]! - widths[i]!))
      texts.push(comment === '' ? code : `${code}${padding}${comment}`)
    })
    at = end
  }
  return texts
}

/** Where the comment stood, counted from the line's indentation; -1 if the line is another now. */
function authoredColumn(line: PrintedLine): number {
  const code = lastLine(line.code)
  const isSame = withoutBlanks(line.before) === withoutBlanks(code)
  return isSame ? line.before.length - indentOf(line.before) + indentOf(code) : -1
}

/** Whether all are in one column, but for those whose code is too long for it. */
function isAligned(columns: readonly number[], widths: readonly number[]): boolean {
  const column = Math.min(...columns)
  const isClear = widths.some((width, i) => columns[i] === column && column >= width + distance)
  return (
    isClear &&
    widths.every((width, i) => columns[i] === (column > width ? column : width + distance))
  )
}

/** Behind the lines from `start` on that have comments and the same indentation; at least one line. */
function runEnd(lines: readonly PrintedLine[], start: number): number {
  const hasComment = (line: PrintedLine | undefined): boolean =>
    line !== undefined && line.comment !== ''
  let end = start + 1
  if (!hasComment(lines[start])) return end
  while (hasComment(lines[end]) && indentOf(lines[end]!.code) === indentOf(lines[start]!.code))
    end++
  return end
}

function indentOf(line: string): number {
  return line.search(/\S|$/)
}

function withoutBlanks(code: string): string {
  return code.replace(/\s+/g, '').toLowerCase()
}

/** Of code that ends in a string over several lines. */
function lastLine(code: string): string {
  return code.slice(code.lastIndexOf('\n') + 1)
}
