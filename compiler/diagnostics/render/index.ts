import type { Diagnostic } from '../diagnostic.ts'
import { renderGithub } from './github.ts'
import { renderJson } from './json.ts'
import { renderSarif } from './sarif.ts'
import { renderCount, renderText } from './text.ts'

export const diagnosticFormats = ['text', 'json', 'github', 'sarif'] as const
export type DiagnosticFormat = (typeof diagnosticFormats)[number]

/** All diagnostics of a compilation in one of the formats, in the order of the script; text ends in a count. */
export function renderDiagnostics(
  unordered: readonly Diagnostic[],
  format: DiagnosticFormat,
  version: string
): string {
  const startOf = ({ span }: Diagnostic): number => span?.start ?? -1
  const diagnostics = unordered.toSorted((a, b) => startOf(a) - startOf(b))
  switch (format) {
    case 'json':
      return renderJson(diagnostics)
    case 'sarif':
      return renderSarif(diagnostics, version)
    case 'github':
      return diagnostics.map(renderGithub).join('')
    case 'text': {
      const count = renderCount(diagnostics)
      const parts = diagnostics.map(renderText)
      if (count !== null) parts.push(`${count}\n`)
      return parts.join('\n')
    }
  }
}
