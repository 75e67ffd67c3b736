import { type CompletionItem, CompletionItemKind, MarkupKind } from 'vscode-languageserver/node'
import type { ListedFunction } from '../../functions/index.ts'
import type { ClauseParameter } from '../../kafka/index.ts'
import { isReserved, keywordTypes } from '../../parse/index.ts'
import type { Declared } from '../declared.ts'
import type { KnownColumn } from '../known-column.ts'
import { functionText, parameterText, showColumn } from '../subject.ts'

/** A completion without its place. `rank` orders: what the place is about comes before words that fit anywhere. */
export type Item = Pick<CompletionItem, 'label' | 'kind' | 'detail' | 'documentation'> & {
  readonly insert: string
  readonly rank: 1 | 2 | 3 | 4
}

export function columnItem(column: KnownColumn, qualifier: string | null): Item {
  const label = qualifier === null ? column.name : `${qualifier}.${column.name}`
  const name = quoteName(column.name)
  return {
    label,
    kind: CompletionItemKind.Field,
    detail: showColumn(column).slice(column.name.length + 1),
    insert: qualifier === null ? name : `${quoteName(qualifier)}.${name}`,
    rank: 1
  }
}

/** An alias of the query, a table of WITH. */
export function nameItem(name: string): Item {
  return { label: name, kind: CompletionItemKind.Variable, insert: quoteName(name), rank: 2 }
}

const kinds = {
  source: CompletionItemKind.Interface,
  sink: CompletionItemKind.Interface,
  table: CompletionItemKind.Class,
  view: CompletionItemKind.Class,
  model: CompletionItemKind.Module
} as const

export function declaredItem({ name, kind }: Declared): Item {
  return { label: name, kind: kinds[kind], detail: kind, insert: quoteName(name), rank: 2 }
}

export function functionItem(name: string, listed: ListedFunction | null): Item {
  const item = { label: name, kind: CompletionItemKind.Function, insert: name, rank: 3 } as const
  if (listed === null) return item
  return { ...item, detail: listed.signature, documentation: markdown(functionText(listed)) }
}

/** `quoted`: it stands in quotes that the completion has to bring along. */
export function parameterItem(parameter: ClauseParameter, quoted: boolean): Item {
  const { name } = parameter
  return {
    label: name,
    kind: CompletionItemKind.Property,
    documentation: markdown(parameterText(parameter)),
    insert: quoted ? `'${name}'` : name,
    rank: 1
  }
}

export function valueItem(value: string, quoted: boolean): Item {
  const insert = quoted ? `'${value}'` : value
  return { label: value, kind: CompletionItemKind.Value, insert, rank: 1 }
}

export function typeItem(name: string): Item {
  return { label: name, kind: CompletionItemKind.TypeParameter, insert: name, rank: 1 }
}

export function keywordItem(words: string): Item {
  return { label: words, kind: CompletionItemKind.Keyword, insert: words, rank: 4 }
}

function markdown(value: string): { readonly kind: MarkupKind; readonly value: string } {
  return { kind: MarkupKind.Markdown, value }
}

/** In double quotes where it would be read as something else. */
function quoteName(name: string): string {
  const type = keywordTypes.get(name.toUpperCase())
  const isPlain = /^[A-Za-z_][\w$]*$/.test(name) && (type === undefined || !isReserved(type))
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`
}
