import type { TextDocuments } from 'vscode-languageserver/node'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import { type OpenedDocument, openSession, pathOf } from './open-session.ts'
import { indexScript, type ScriptIndex } from './script-index.ts'

export interface Workspace {
  /** Undefined: it is not open. */
  document(uri: string): TextDocument | undefined
  /** A session of its own for each that asks: what is collected in it is not for others. */
  open(document: TextDocument): OpenedDocument
  /** What is known of a document as it is now. */
  index(document: TextDocument): ScriptIndex
  all(): readonly TextDocument[]
}

/** The open documents. A script and the tests beside it see each other as they are in the editor. */
export function makeWorkspace(documents: TextDocuments<TextDocument>): Workspace {
  const indexes = new Map<string, { readonly key: string; readonly index: ScriptIndex }>()
  const textAt = (path: string): string | null =>
    documents
      .all()
      .find(({ uri }) => pathOf(uri) === path)
      ?.getText() ?? null
  const open = (document: TextDocument): OpenedDocument =>
    openSession(document.uri, document.getText(), textAt)
  documents.onDidClose(({ document }) => indexes.delete(document.uri))
  return {
    document: uri => documents.get(uri),
    all: () => documents.all(),
    open,
    index(document) {
      // Versions of all documents: the script beside a file of tests may have changed.
      const key = documents
        .all()
        .map(({ uri, version }) => `${uri} ${version}`)
        .join('\n')
      const known = indexes.get(document.uri)
      if (known?.key === key) return known.index
      const index = indexScript(open(document))
      indexes.set(document.uri, { key, index })
      return index
    }
  }
}
