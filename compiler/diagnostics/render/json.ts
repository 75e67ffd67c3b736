import { positionAt, type Position, type Span } from '../../source/index.ts'
import type { Diagnostic } from '../diagnostic.ts'

interface Place {
  readonly file: string
  readonly start: Position & { readonly offset: number }
  readonly end: Position & { readonly offset: number }
}

/** `{"diagnostics": [...]}`, positions from 1, offsets in UTF-16 code units from 0. */
export function renderJson(diagnostics: readonly Diagnostic[]): string {
  const list = diagnostics.map(({ span, related = [], ...rest }) => ({
    ...rest,
    place: span === null ? null : placeOf(span),
    related: related.map(other => ({ message: other.message, place: placeOf(other.span) }))
  }))
  return JSON.stringify({ diagnostics: list }, null, 2) + '\n'
}

function placeOf({ file, start, end }: Span): Place {
  return {
    file: file.path,
    start: { ...positionAt(file, start), offset: start },
    end: { ...positionAt(file, end), offset: end }
  }
}
