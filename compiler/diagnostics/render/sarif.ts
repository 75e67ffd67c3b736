import { positionAt, type Span } from '../../source/index.ts'
import type { Diagnostic } from '../diagnostic.ts'

/** SARIF 2.1.0 (OASIS): what code-scanning services read. Columns count UTF-16 code units from 1. */
export function renderSarif(diagnostics: readonly Diagnostic[], version: string): string {
  const rules = [...new Set(diagnostics.map(diagnostic => diagnostic.code))].sort()
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'miraclec', version, rules: rules.map(id => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map(diagnostic => renderResult(diagnostic, rules))
      }
    ]
  }
  return JSON.stringify(log, null, 2) + '\n'
}

function renderResult(diagnostic: Diagnostic, rules: readonly string[]): object {
  const { code, severity, message, detail, hint, span, related = [] } = diagnostic
  const text = [message, detail, hint].filter(part => part !== undefined).join('\n')
  return {
    ruleId: code,
    ruleIndex: rules.indexOf(code),
    level: severity,
    message: { text },
    locations: span === null ? [] : [{ physicalLocation: renderLocation(span) }],
    relatedLocations: related.map(other => ({
      message: { text: other.message },
      physicalLocation: renderLocation(other.span)
    }))
  }
}

function renderLocation(span: Span): object {
  const start = positionAt(span.file, span.start)
  const end = positionAt(span.file, span.end)
  return {
    artifactLocation: { uri: encodeURI(span.file.path) },
    region: {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column
    }
  }
}
