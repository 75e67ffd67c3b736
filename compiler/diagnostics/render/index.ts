import type { Diagnostic } from '../diagnostic.ts'
import { renderGithub } from './github.ts'
import { renderJson } from './json.ts'
import { renderSarif } from './sarif.ts'
import { renderCount, renderText } from './text.ts'

export const diagnosticFormats = ['text', 'json', 'github', 'sarif'] as const
export type DiagnosticFormat = (typeof diagnosticFormats)[number]

/** All diagnostics of a compilation in one of the formats; text ends in a count. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  format: DiagnosticFormat,
  version: string
): string {
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
