import type { Location, Position, Range } from 'vscode-languageserver/node'
import { pathToFileURL } from 'node:url'
import { positionAt, type SourceFile, type Span } from '../source/index.ts'

/** A place as the protocol counts it: lines and UTF-16 code units from 0. */
export function rangeOf({ file, start, end }: Span): Range {
  return { start: placeOf(file, start), end: placeOf(file, end) }
}

/** `uri`: of the file that is open; others are on the disk. */
export function locationOf(span: Span, file: SourceFile, uri: string): Location {
  const isOpen = span.file.path === file.path
  return { uri: isOpen ? uri : pathToFileURL(span.file.path).href, range: rangeOf(span) }
}

function placeOf(file: SourceFile, offset: number): Position {
  const { line, column } = positionAt(file, offset)
  return { line: line - 1, character: column - 1 }
}
