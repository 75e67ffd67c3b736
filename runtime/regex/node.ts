import type { CharacterSet } from './character-set.ts'

/** Whether a part of a pattern takes as much text as it can, or as little; null where it has no choice. */
export type Preference = 'longest' | 'shortest' | null

/** A place between two characters. */
export type Place =
  | 'textStart'
  | 'textEnd'
  | 'lineStart'
  | 'lineEnd'
  | 'wordStart'
  | 'wordEnd'
  | 'wordBoundary'
  | 'noWordBoundary'

/** What a pattern means, before it is made to match. */
export type RegexNode =
  | { readonly kind: 'Characters'; readonly set: CharacterSet }
  | { readonly kind: 'Sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'Choice'; readonly branches: readonly RegexNode[] }
  | {
      readonly kind: 'Repeat'
      readonly item: RegexNode
      readonly min: number
      /** Infinity: any number of times. */
      readonly max: number
      /** Null for `{m}`, which leaves the choice to what it repeats. */
      readonly prefer: Preference
    }
  /** A capturing group; counted from 1. */
  | { readonly kind: 'Group'; readonly item: RegexNode; readonly index: number }
  | { readonly kind: 'At'; readonly place: Place }
  | {
      readonly kind: 'Look'
      readonly item: RegexNode
      readonly behind: boolean
      readonly negated: boolean
    }

export const EMPTY: RegexNode = Object.freeze({ kind: 'Sequence', items: [] })

/** How a pattern is read: PostgreSQL's flags. */
export interface RegexOptions {
  /** i */
  readonly ignoreCase: boolean
  /** x: white space and comments are not part of the pattern. */
  readonly expanded: boolean
  /** n and p: `.` and `[^...]` do not match a newline. */
  readonly newlineStops: boolean
  /** n and w: `^` and `$` match at each line. */
  readonly newlineAnchors: boolean
  /** q: the pattern is plain text. */
  readonly literal: boolean
}

/** A pattern that can't be compiled. Its message completes "the pattern is no regular expression: ...". */
export class RegexError extends Error {
  override readonly name = 'RegexError'
}
