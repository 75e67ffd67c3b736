import { positionAt } from '../../source/index.ts'
import type { Diagnostic } from '../diagnostic.ts'

/** Workflow commands of GitHub Actions: one line per diagnostic, shown at its place in the pull request. */
export function renderGithub(diagnostic: Diagnostic): string {
  const { severity, message, code, detail, hint, span } = diagnostic
  const properties = [`title=${escapeProperty(code)}`]
  if (span !== null) {
    const start = positionAt(span.file, span.start)
    const end = positionAt(span.file, span.end)
    properties.unshift(
      `file=${escapeProperty(span.file.path)}`,
      `line=${start.line}`,
      `endLine=${end.line}`,
      `col=${start.column}`,
      `endColumn=${end.column}`
    )
  }
  const text = [message, detail, hint].filter(part => part !== undefined).join('\n')
  return `::${severity} ${properties.join(',')}::${escapeMessage(text)}\n`
}

// The escapes of the runner's own toolkit: a percent sign first, or it would escape the others' escapes.
function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
