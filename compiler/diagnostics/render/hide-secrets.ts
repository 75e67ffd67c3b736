import { lineText, positionAt, type SourceFile } from '../../source/index.ts'
import type { Diagnostic } from '../diagnostic.ts'

/** A string behind a name that says what it is, misspelt too; to the end of the text where it does not end. */
const SECRET =
  /(?:pas+w?o?r?d|passphrase|secret|jaas|key[._]pem|credentials|user[._]info|auth[._]token)[\w.-]*['"`]?\s*=?\s*(?:e?'((?:[^']|'')*)(?:'|$(?![^]))|\$\$([^]*?)(?:\$\$|$(?![^])))/dgi
/** Of a URL: what stands behind the name of its user. */
const PASSWORD = /:\/\/[^\s'"`/@:]*:([^\s'"`/@]+)@/dg
/** A key that is written in several lines has no more. */
const LONGEST = 200
/** What is read at the start of the pipeline is in no script. */
const DEFERRED = /^\$\{.*\}$/
const MASK = '***'

export interface MaskedLine {
  readonly text: string
  /** Where a column of the line is in `text`; both count from 0. */
  columnOf(column: number): number
}

/** The line of a script, counted from 1, as it may be shown. */
export function maskSecrets(file: SourceFile, number: number): MaskedLine {
  const line = lineText(file, number)
  const secrets = secretsOf(file, number)
  let text = ''
  let after = 0
  for (const { start, end } of secrets) {
    text += line.slice(after, start) + MASK
    after = end
  }
  text += line.slice(after)
  return {
    text,
    columnOf(column) {
      let shift = 0
      for (const { start, end } of secrets) {
        if (column >= end) shift += MASK.length - (end - start)
        else if (column > start) return start + shift
      }
      return column + shift
    }
  }
}

/** A diagnostic whose texts quote no secret of its line. */
export function withoutSecrets(diagnostic: Diagnostic): Diagnostic {
  const { span, message, detail, hint } = diagnostic
  if (span === null) return diagnostic
  const { line } = positionAt(span.file, span.start)
  const values = secretsOf(span.file, line).map(({ value }) => value)
  if (values.length === 0) return diagnostic
  const masked = (text: string): string =>
    values.reduce((rest, value) => rest.replaceAll(`'${value}'`, `'${MASK}'`), text)
  return {
    ...diagnostic,
    message: masked(message),
    ...(detail === undefined ? {} : { detail: masked(detail) }),
    ...(hint === undefined ? {} : { hint: masked(hint) })
  }
}

interface Secret {
  readonly value: string
  /** The part of it that is in the line, by columns from 0. */
  readonly start: number
  readonly end: number
}

function secretsOf(file: SourceFile, line: number): readonly Secret[] {
  const from = file.lineStarts[Math.max(0, line - 1 - LONGEST)]!
  const lineStart = file.lineStarts[line - 1]!
  const lineEnd = lineStart + lineText(file, line).length
  const text = file.text.slice(from, file.lineStarts[line + LONGEST] ?? file.text.length)
  const found: Secret[] = []
  for (const match of [...text.matchAll(SECRET), ...text.matchAll(PASSWORD)]) {
    const [start, end] = (match.indices![1] ?? match.indices![2]!).map(at => at + from)
    const value = file.text.slice(start, end)
    if (DEFERRED.test(value) || start! > lineEnd || end! < lineStart) continue
    const place = [Math.max(start!, lineStart) - lineStart, Math.min(end!, lineEnd) - lineStart]
    // A URL may be all of a secret.
    if (found.some(one => place[0]! < one.end && place[1]! > one.start)) continue
    found.push({ value, start: place[0]!, end: place[1]! })
  }
  return found.sort((one, other) => one.start - other.start)
}
