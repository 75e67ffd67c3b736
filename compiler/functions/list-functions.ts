import { showType } from '../types/index.ts'
import { aggregates } from './aggregates.ts'
import { catalogue } from './catalogue.ts'
import type { FunctionEntry } from './entry.ts'
import { windowFunctions } from './window-functions.ts'
import { showWindowTable, windowTables } from './window-tables.ts'

/** What `miraclec functions` prints of an entry. */
export interface ListedFunction {
  readonly name: string
  readonly signature: string
  readonly description: string
  readonly example: string
}

export function listFunctions(): readonly ListedFunction[] {
  const functions = catalogue.map(entry => ({
    name: entry.name,
    signature: showSignatures(entry),
    description: entry.doc,
    example: entry.example
  }))
  const ofMany = aggregates.map(({ name, aliases, doc, example }) => ({
    name,
    signature: [[name, ...aliases].join(', '), 'of many rows'].join(' '),
    description: doc,
    example
  }))
  const overRows = windowFunctions.map(({ name, doc, example }) => ({
    name,
    signature: `${name} OVER rows around`,
    description: doc,
    example
  }))
  const inFrom = Object.values(windowTables).map(table => ({
    name: table.name.toLowerCase(),
    signature: `${showWindowTable(table)} in FROM`,
    description: table.doc,
    example: table.example
  }))
  return [...functions, ...ofMany, ...overRows, ...inFrom]
}

function showSignatures({ name, symbol, signatures, generic, aliases }: FunctionEntry): string {
  const title = symbol ?? [name, ...aliases].join(', ')
  const overloads = signatures.map(({ params, rest, result }) => {
    const args = [...params.map(showType), ...(rest === null ? [] : [`${showType(rest)}...`])]
    return `(${args.join(', ')}) -> ${showType(result)}`
  })
  const shapes = generic?.shown.map(({ params, result }) => `(${params}) -> ${result}`) ?? []
  return [title, ...new Set([...overloads, ...shapes])].join(' ')
}
