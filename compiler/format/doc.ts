/** A token. Whether a blank stands before it is known already: only lines are left to the printer. */
export interface Text {
  readonly kind: 'Text'
  readonly text: string
  readonly spaced: boolean
}
/** Where a line may end: it does where its group is broken. Blanks are the tokens' own. */
export interface Line {
  readonly kind: 'Line'
  /** An empty line comes with it. */
  readonly blank: boolean
  /** A line ended here in the script. */
  readonly was: boolean
}
/** A comment: `starts` a line of its own, or stands behind what is there; `ends` its line. */
export interface CommentText {
  readonly kind: 'Comment'
  readonly text: string
  readonly starts: boolean
  readonly ends: boolean
  /** An empty line follows it. */
  readonly blank: boolean
  readonly spaced: boolean
  /** What stood before it in its line of the script. */
  readonly before: string
}
export interface Indent {
  readonly kind: 'Indent'
  readonly body: Doc
}
/** Printed in one line if it fits and nothing in it needs a line of its own. */
export interface Group {
  readonly kind: 'Group'
  readonly body: Doc
  readonly broken: boolean
}
export interface Sequence {
  readonly kind: 'Sequence'
  readonly parts: readonly Doc[]
  readonly breaks: boolean
  readonly starts: boolean
  readonly ends: boolean
}
export type Doc = Text | Line | CommentText | Indent | Group | Sequence

export function makeSequence(parts: readonly Doc[]): Sequence {
  const last = parts.length - 1
  const first = parts.findIndex(part => part.kind !== 'Comment' || !part.starts)
  // A comment at the very edge breaks only what is around: `CASE ... END -- why` may stay in one line.
  const breaks = parts.some(
    (part, i) =>
      breaksInside(part) || (i > first && startsLine(part)) || (i < last && endsLine(part))
  )
  return {
    kind: 'Sequence',
    parts,
    breaks,
    starts: parts.length > 0 && startsLine(parts[0]!),
    ends: parts.length > 0 && endsLine(parts[last]!)
  }
}

export function makeIndent(...parts: readonly Doc[]): Indent {
  return { kind: 'Indent', body: makeSequence(parts) }
}

/**
 * `fits`: broken only where it does not fit. `kept`: broken too where one of its own lines ended in the script.
 * `broken`: always.
 */
export function makeGroup(how: 'fits' | 'kept' | 'broken', ...parts: readonly Doc[]): Group {
  const body = makeSequence(parts)
  const broken = how === 'broken' || body.breaks || (how === 'kept' && wasBroken(body))
  return { kind: 'Group', body, broken }
}

/** Whether one of the lines that belong to the group ended in the script. */
function wasBroken(doc: Doc): boolean {
  switch (doc.kind) {
    case 'Line':
      return doc.was
    case 'Indent':
      return wasBroken(doc.body)
    case 'Sequence':
      return doc.parts.some(wasBroken)
    default:
      return false
  }
}

function breaksInside(doc: Doc): boolean {
  if (doc.kind === 'Sequence') return doc.breaks
  if (doc.kind === 'Indent') return breaksInside(doc.body)
  return doc.kind === 'Group' && doc.broken
}

function startsLine(doc: Doc): boolean {
  if (doc.kind === 'Sequence' || doc.kind === 'Comment') return doc.starts
  return (doc.kind === 'Indent' || doc.kind === 'Group') && startsLine(doc.body)
}

function endsLine(doc: Doc): boolean {
  if (doc.kind === 'Comment') return doc.ends && !doc.starts
  if (doc.kind === 'Sequence') return doc.ends
  return (doc.kind === 'Indent' || doc.kind === 'Group') && endsLine(doc.body)
}
