import { printable } from '../observe/printable.ts'
import { padText, textWidth } from '../observe/text-width.ts'
import type { Check } from './check.ts'

const verdicts = { ok: 'ok', failed: 'FAILED', unknown: '?' } as const

/** A line for each, with its fix below, and one that says how it came out. */
export function renderChecks(checks: readonly Check[]): string {
  const rows = checks.map(({ verdict, what, subject, says }) =>
    [verdicts[verdict], what, subject, says].map(printable)
  )
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => textWidth(row[column]!))))
  const lines = rows.flatMap((row, i) => {
    const cells = row.map((cell, column) => padText(cell, widths[column] ?? 0, 'right'))
    const { fix } = checks[i]!
    const below = fix === null ? [] : [`${' '.repeat(widths[0]! + 2)}fix: ${printable(fix)}`]
    return [cells.join('  ').trimEnd(), ...below]
  })
  return `${lines.join('\n')}\n\n${summary(checks)}\n`
}

function summary(checks: readonly Check[]): string {
  const count = (verdict: Check['verdict']): number =>
    checks.filter(check => check.verdict === verdict).length
  const open = count('unknown') === 0 ? '' : `; ${count('unknown')} could not be checked`
  const bad = count('failed')
  return bad === 0
    ? `Nothing is in the way${open}. Nothing was changed.`
    : `${bad} of ${checks.length} failed${open}. Nothing was changed.`
}
