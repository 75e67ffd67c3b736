import type { ListedFunction } from '../functions/index.ts'
import type { BoundModel } from '../ir/index.ts'
import type { ClauseParameter } from '../kafka/index.ts'
import { positionAt, type Span } from '../source/index.ts'
import { showType, type SqlType } from '../types/index.ts'
import type { Declared } from './declared.ts'
import type { KnownColumn } from './known-column.ts'

/** What a place in a script is about: for hovers, and for going to where it is declared. */
export interface Subject {
  /** The words that it is shown for. */
  readonly span: Span
  /** Markdown. */
  readonly text: string
  readonly definition: Span | null
}

/** A list of columns longer than this says nothing more. */
const mostColumns = 40

export function columnSubject(column: KnownColumn, owner: string | null, span: Span): Subject {
  const { span: definition } = column
  const of = owner === null ? 'A column' : `A column of ${code(owner)}`
  return { span, definition, text: `${sql(showColumn(column))}\n${of}${placeOf(definition)}.` }
}

export function relationSubject(
  name: string,
  columns: readonly KnownColumn[],
  definition: Span,
  span: Span
): Subject {
  const text = `${sql(`${name}${showColumns(columns)}`)}\nNamed${placeOf(definition)}.`
  return { span, definition, text }
}

export function declaredSubject(declared: Declared, model: BoundModel | null, span: Span): Subject {
  const { kind, name, columns, span: definition } = declared
  const shown = kind === 'model' ? showModel(name, model) : `${name}${showColumns(columns)}`
  const what = kind.charAt(0).toUpperCase() + kind.slice(1)
  return { span, definition, text: `${sql(shown)}\n${what}${placeOf(definition)}.` }
}

export function functionSubject(entry: ListedFunction, span: Span): Subject {
  return { span, definition: null, text: `${sql(entry.signature)}\n${functionText(entry)}` }
}

export function functionText({ description, example }: ListedFunction): string {
  return `${description}\n\nExample:\n${sql(example)}`
}

export function parameterSubject(parameter: ClauseParameter, span: Span): Subject {
  const text = `**${parameter.name}**\n\n${parameterText(parameter)}`
  return { span, definition: null, text }
}

export function parameterText({ doc, choices }: ClauseParameter): string {
  return choices === undefined ? doc : `${doc}\n\nOne of ${choices.map(code).join(', ')}.`
}

export function typeSubject(type: SqlType, nullable: boolean, span: Span): Subject {
  return { span, definition: null, text: sql(`${showType(type)}${nullable ? '' : ' NOT NULL'}`) }
}

export function showColumn({ name, type, nullable }: KnownColumn): string {
  return `${name}${type === null ? '' : ` ${type}`}${nullable ? '' : ' NOT NULL'}`
}

function showColumns(columns: readonly KnownColumn[]): string {
  if (columns.length === 0) return ''
  const shown = columns.slice(0, mostColumns).map(column => `    ${showColumn(column)}`)
  if (columns.length > mostColumns) shown.push(`    -- and ${columns.length - mostColumns} more`)
  return ` (\n${shown.join(',\n')}\n)`
}

function showModel(name: string, model: BoundModel | null): string {
  if (model === null) return name
  const inputs = model.inputs.map(input => `${input.name} ${input.elementType}[${input.width}]`)
  const { output } = model
  return `${name} (${inputs.join(', ')}) -> ${output.name} ${output.elementType}[${output.width}]`
}

function placeOf(span: Span | null): string {
  return span === null ? '' : `, line ${positionAt(span.file, span.start).line}`
}

function sql(text: string): string {
  return `\`\`\`sql\n${text}\n\`\`\`\n`
}

function code(text: string): string {
  return `\`${text}\``
}
