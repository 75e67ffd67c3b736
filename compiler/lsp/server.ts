import {
  type CompletionItem,
  type Connection,
  createConnection,
  type InitializeResult,
  MarkupKind,
  type Range,
  type TextDocumentPositionParams,
  TextDocuments,
  TextDocumentSyncKind
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { makeSpan } from '../source/index.ts'
import { version } from '../version.ts'
import { complete } from './completion/complete.ts'
import type { Item } from './completion/items.ts'
import { findPlace } from './completion/place.ts'
import { findSubject } from './find-subject.ts'
import { formatEdits } from './format-edit.ts'
import { locationOf, rangeOf } from './range.ts'
import { publishDiagnostics } from './publish-diagnostics.ts'
import type { Subject } from './subject.ts'
import { documentSymbols } from './symbols.ts'
import { makeWorkspace, type Workspace } from './workspace.ts'

/** Serves an editor until it says `exit`, which ends the process. */
export function serve(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
  const connection = createConnection(input, output)
  const documents = new TextDocuments(TextDocument)
  const workspace = makeWorkspace(documents)
  connection.onInitialize(initialize)
  answer(connection, workspace)
  publishDiagnostics(connection, documents, workspace)
  documents.listen(connection)
  connection.listen()
}

function initialize(): InitializeResult {
  return {
    serverInfo: { name: 'miraclec', version },
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      hoverProvider: true,
      completionProvider: { triggerCharacters: ['.', "'", '('] },
      definitionProvider: true,
      documentFormattingProvider: true,
      documentSymbolProvider: true
    }
  }
}

function answer(connection: Connection, workspace: Workspace): void {
  const subjectAt = ({ textDocument, position }: TextDocumentPositionParams): Subject | null => {
    const document = workspace.document(textDocument.uri)
    if (document === undefined) return null
    return findSubject(workspace.index(document), document.offsetAt(position))
  }
  connection.onHover(params => {
    const subject = subjectAt(params)
    if (subject === null) return null
    const contents = { kind: MarkupKind.Markdown, value: subject.text }
    return { contents, range: rangeOf(subject.span) }
  })
  connection.onDefinition(params => {
    const definition = subjectAt(params)?.definition ?? null
    const document = workspace.document(params.textDocument.uri)
    if (definition === null || document === undefined) return null
    return locationOf(definition, workspace.index(document).file, document.uri)
  })
  connection.onCompletion(({ textDocument, position }) => {
    const document = workspace.document(textDocument.uri)
    if (document === undefined) return []
    const opened = workspace.open(document)
    const place = findPlace(opened.file, document.offsetAt(position))
    if (place === null) return []
    const range = rangeOf(makeSpan(opened.file, place.start, place.end))
    const items = complete(place, opened, workspace.index(document))
    return items.map(item => completionItem(item, range))
  })
  connection.onDocumentFormatting(({ textDocument }) => {
    const document = workspace.document(textDocument.uri)
    return document === undefined ? [] : formatEdits(workspace.open(document).file)
  })
  connection.onDocumentSymbol(({ textDocument }) => {
    const document = workspace.document(textDocument.uri)
    return document === undefined ? [] : documentSymbols(workspace.index(document))
  })
}

function completionItem({ insert, rank, ...shown }: Item, range: Range): CompletionItem {
  const textEdit = { range, newText: insert }
  return { ...shown, sortText: `${rank}${shown.label.toLowerCase()}`, textEdit }
}
