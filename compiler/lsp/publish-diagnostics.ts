import type { Connection, TextDocuments } from 'vscode-languageserver/node'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import { diagnose } from './diagnose.ts'
import { pathOf, scriptBeside } from './open-session.ts'
import type { Workspace } from './workspace.ts'

/** After the last key, in ms: a script is checked when its author pauses. */
const QUIET = 150

/** Checks documents as they change, and with a script the tests beside it. */
export function publishDiagnostics(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  workspace: Workspace
): void {
  const timers = new Map<string, NodeJS.Timeout>()
  const check = ({ uri }: TextDocument): void => {
    const document = workspace.document(uri)
    if (document === undefined) return
    try {
      const diagnostics = diagnose(workspace.open(document), uri)
      void connection.sendDiagnostics({ uri, version: document.version, diagnostics })
    } catch (error) {
      // A bug in miraclec: the editor goes on, and its log says why nothing is shown.
      const stack = error instanceof Error ? error.stack : String(error)
      connection.console.error(`miraclec: internal error while checking ${uri}\n${stack}`)
    }
  }
  documents.onDidChangeContent(({ document: changed }) => {
    const path = pathOf(changed.uri)
    const affected = workspace
      .all()
      .filter(({ uri }) => uri === changed.uri || scriptBeside(pathOf(uri)) === path)
    for (const document of affected) {
      clearTimeout(timers.get(document.uri))
      timers.set(
        document.uri,
        setTimeout(() => check(document), QUIET)
      )
    }
  })
  documents.onDidClose(({ document: { uri } }) => {
    clearTimeout(timers.get(uri))
    timers.delete(uri)
    void connection.sendDiagnostics({ uri, diagnostics: [] })
  })
}
