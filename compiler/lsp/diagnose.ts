import { DiagnosticSeverity, type Diagnostic as Published } from 'vscode-languageserver/node'
import { checkScript } from '../compile.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { hasErrors } from '../session.ts'
import { makeSpan, type SourceFile } from '../source/index.ts'
import type { OpenedDocument } from './open-session.ts'
import { locationOf, rangeOf } from './range.ts'

/** What `miraclec check` says of a document, as an editor shows it. */
export function diagnose({ file, session }: OpenedDocument, uri: string): Published[] {
  checkScript(session)
  const own = session.diagnostics.filter(({ span }) => span === null || span.file === file)
  const published = own.map(diagnostic => publish(diagnostic, file, uri))
  // Errors of the script are shown there; here is said why the tests are not checked.
  if (session.file !== file && hasErrors(session) && own.length === 0) {
    published.push(brokenScript(session.file.path, file))
  }
  return published
}

function publish(diagnostic: Diagnostic, file: SourceFile, uri: string): Published {
  const { code, severity, message, detail, hint, span, related = [] } = diagnostic
  const published: Published = {
    range: rangeOf(span ?? makeSpan(file, 0, 0)),
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: 'miraclec',
    message: [message, detail, hint].filter(part => part !== undefined).join('\n')
  }
  if (related.length === 0) return published
  const relatedInformation = related.map(other => ({
    message: other.message,
    location: locationOf(other.span, file, uri)
  }))
  return { ...published, relatedInformation }
}

function brokenScript(path: string, file: SourceFile): Published {
  return {
    range: rangeOf(makeSpan(file, 0, 0)),
    severity: DiagnosticSeverity.Information,
    source: 'miraclec',
    message: `${path} has errors: the tests are checked when they are gone`
  }
}
