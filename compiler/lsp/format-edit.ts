import type { TextEdit } from 'vscode-languageserver/node'
import { formatScript } from '../format/index.ts'
import { makeSpan, type SourceFile } from '../source/index.ts'
import { rangeOf } from './range.ts'

/** The change that formats a document: from the first to the last difference, so that the rest keeps its place. */
export function formatEdits(file: SourceFile): TextEdit[] {
  const formatted = formatScript(file)
  if (formatted.kind === 'Wrong' || formatted.text === file.text) return []
  const [before, after] = [file.text, formatted.text]
  const most = Math.min(before.length, after.length)
  let start = 0
  while (start < most && before[start] === after[start]) start++
  let end = 0
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++
  // A line break of two characters is not cut in half.
  while (before[start - 1] === '\r') start--
  while (end > 0 && before.at(-end) === '\n' && before.at(-1 - end) === '\r') end--
  const range = rangeOf(makeSpan(file, start, before.length - end))
  return [{ range, newText: after.slice(start, after.length - end) }]
}
