import type { Diagnostic } from '../diagnostic.ts'
import { withoutSecrets } from './hide-secrets.ts'
import { renderGithub } from './github.ts'
import { renderJson } from './json.ts'
import { renderSarif } from './sarif.ts'
import { renderCount, renderText } from './text.ts'

export const diagnosticFormats = ['text', 'json', 'github', 'sarif'] as const
export type DiagnosticFormat = (typeof diagnosticFormats)[number]

/** All diagnostics of a compilation in one of the formats, in the order of its files; text ends in a count. */
export function renderDiagnostics(
  unordered: readonly Diagnostic[],
  format: DiagnosticFormat,
  version: string
): string {
  const diagnostics = inOrder(unordered).map(withoutSecrets)
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

/** Phases report one after the other: by file as they come, and by position. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ span }) => span?.file))]
  const fileOf = ({ span }: Diagnostic): number => files.indexOf(span?.file)
  const startOf = ({ span }: Diagnostic): number => span?.start ?? -1
  return diagnostics.toSorted((a, b) => fileOf(a) - fileOf(b) || startOf(a) - startOf(b))
}
