import type { CommentText, Doc, Text } from './doc.ts'
import { makeLineWriter, type PrintedLine } from './line-writer.ts'

const indentWidth = 4

interface Command {
  readonly indent: number
  readonly flat: boolean
  readonly doc: Doc
}

/** Lays a document out within `width` columns, as Wadler's "A prettier printer" does. */
export function printDoc(doc: Doc, width: number): readonly PrintedLine[] {
  const writer = makeLineWriter()
  // An explicit stack: chains of operators make deep documents.
  const stack: Command[] = [{ indent: 0, flat: false, doc }]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { indent, flat, doc } = next
    switch (doc.kind) {
      case 'Text':
        writer.write(doc.text, doc.spaced)
        break
      case 'Comment':
        writer.writeComment(doc, indent)
        break
      case 'Line':
        if (!flat) writer.breakLine(indent, doc.blank)
        break
      case 'Indent':
        stack.push({ indent: indent + indentWidth, flat, doc: doc.body })
        break
      case 'Group': {
        const fits = !doc.broken && (flat || fitsIn(width - writer.column(), doc.body, stack))
        stack.push({ indent, flat: fits, doc: doc.body })
        break
      }
      case 'Sequence':
        for (const part of doc.parts.toReversed()) stack.push({ indent, flat, doc: part })
    }
  }
  return writer.lines
}

/** Whether the body in one line, and what follows up to the next line break, fits. */
function fitsIn(room: number, body: Doc, rest: readonly Command[]): boolean {
  const stack: Pick<Command, 'flat' | 'doc'>[] = [{ flat: true, doc: body }]
  let following = rest.length
  let left = room
  while (left >= 0) {
    const next = stack.pop() ?? rest[--following]
    if (next === undefined) return true
    const { flat, doc } = next
    switch (doc.kind) {
      case 'Line':
        if (!flat) return true
        break
      case 'Text':
      case 'Comment':
        left -= widthOf(doc)
        if (endsLine(doc)) return left >= 0
        break
      case 'Indent':
        stack.push({ flat, doc: doc.body })
        break
      case 'Group':
        stack.push({ flat: flat && !doc.broken, doc: doc.body })
        break
      case 'Sequence':
        for (const part of doc.parts.toReversed()) stack.push({ flat, doc: part })
    }
  }
  return false
}

/** Of a string over several lines: of its first. A comment may be as long as its author wants, code is not broken for it. */
function widthOf(doc: Text | CommentText): number {
  if (doc.kind === 'Comment') return 0
  const firstBreak = doc.text.indexOf('\n')
  return (firstBreak < 0 ? doc.text.length : firstBreak) + (doc.spaced ? 1 : 0)
}

function endsLine(doc: Text | CommentText): boolean {
  return doc.kind === 'Comment' ? doc.ends && !doc.starts : doc.text.includes('\n')
}
