import { positionAt, type Span } from '../../source/index.ts'
import { textWidth } from '../../../runtime/observe/text-width.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { maskSecrets, withoutSecrets } from './hide-secrets.ts'

/** Longest part of a source line that a frame shows, in characters. */
const FRAME_WIDTH = 120

/** One diagnostic for people: `path:line:column: error: message [code]`, a frame with carets, detail and hint. */
export function renderText(diagnostic: Diagnostic): string {
  const { severity, message, code, detail, hint, span, related = [] } = withoutSecrets(diagnostic)
  const place = span === null ? '' : `${renderPlace(span)}: `
  const lines = [`${place}${severity}: ${message} [${code}]`]
  if (span !== null) lines.push(...renderFrame(span))
  if (detail !== undefined) lines.push(`  ${detail}`)
  if (hint !== undefined) lines.push(`  hint: ${hint}`)
  for (const other of related) {
    lines.push(`  ${renderPlace(other.span)}: ${other.message}`, ...renderFrame(other.span))
  }
  return lines.map(visible).join('\n') + '\n'
}

function renderPlace(span: Span): string {
  const { line, column } = positionAt(span.file, span.start)
  return `${span.file.path}:${line}:${column}`
}

/** The line that the span starts on, with carets below what the span covers of it. */
function renderFrame(span: Span): string[] {
  const { line, column } = positionAt(span.file, span.start)
  const { text: full, columnOf } = maskSecrets(span.file, line)
  const start = columnOf(column - 1)
  const end = columnOf(column - 1 + span.end - span.start)
  const from = Math.max(0, Math.min(start - FRAME_WIDTH / 2, full.length - FRAME_WIDTH))
  const text = cutLine(full, from)
  const before = visible(text.slice(0, start - from))
  const covered = visible(text.slice(start - from, end - from))
  const margin = String(line)
  // Tabs stay tabs, so that the carets stand below their text whatever a tab's width is.
  const indent = before.replace(/[^\t]+/g, part => ' '.repeat(textWidth(part)))
  const carets = '^'.repeat(Math.max(1, textWidth(covered)))
  return [`  ${margin} | ${text}`, `  ${' '.repeat(margin.length)} | ${indent}${carets}`]
}

/** A part of a long line; an ellipsis stands where it was cut. */
function cutLine(line: string, from: number): string {
  const part = line.slice(from, from + FRAME_WIDTH)
  const start = from > 0 ? '…' : part.slice(0, 1)
  const end = from + FRAME_WIDTH < line.length ? '…' : part.slice(-1)
  return part.length < 2 ? part : start + part.slice(1, -1) + end
}

/** A script is hostile input to the terminal too: control characters are shown, not obeyed. */
function visible(line: string): string {
  return line.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

/** `2 errors, 1 warning`, or null when there is nothing to count. */
export function renderCount(diagnostics: readonly Diagnostic[]): string | null {
  const errors = diagnostics.filter(diagnostic => diagnostic.severity === 'error').length
  const warnings = diagnostics.length - errors
  const parts: string[] = []
  if (errors > 0) parts.push(errors === 1 ? '1 error' : `${errors} errors`)
  if (warnings > 0) parts.push(warnings === 1 ? '1 warning' : `${warnings} warnings`)
  return parts.length === 0 ? null : parts.join(', ')
}
