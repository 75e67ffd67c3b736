import type { CreateModel, CreateSource, CreateTable, Query, Statement } from '../ast/index.ts'
import type { BoundModel } from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import type { RowType } from '../types/index.ts'
import { originInAst, originInRelation, type Origins } from './column-origin.ts'
import { type KnownColumn, knownColumn, writtenColumn } from './known-column.ts'

/** Something that the script declares and other statements name. */
export interface Declared {
  readonly kind: 'source' | 'sink' | 'table' | 'view' | 'model'
  readonly name: string
  /** Of its name where it is declared. */
  readonly span: Span
  readonly statement: Statement
  readonly columns: readonly KnownColumn[]
}

/** All that the script declares, the first of a name only. What is wrong elsewhere does not matter. */
export function collectDeclared(origins: Origins): readonly Declared[] {
  const found = new Map<string, Declared>()
  const add = (declared: Declared | null): void => {
    if (declared === null) return
    const key = `${declared.kind === 'model'} ${declared.name}`
    if (!found.has(key)) found.set(key, declared)
  }
  for (const statement of origins.statements) add(declare(statement, origins))
  for (const statement of origins.statements) {
    if (statement.kind !== 'Insert') continue
    const { name, span } = statement.target.parts.at(-1)!
    const isKnown = [...found.values()].some(
      other => other.kind !== 'model' && other.name.toLowerCase() === name.toLowerCase()
    )
    if (isKnown) continue
    const columns = tableColumns(name, statement.query, origins)
    add({ kind: 'table', name, span, statement, columns })
  }
  return [...found.values()]
}

function declare(statement: Statement, origins: Origins): Declared | null {
  switch (statement.kind) {
    case 'CreateSource':
      return { kind: 'source', ...named(statement), columns: sourceColumns(statement, origins) }
    case 'CreateSink': {
      const columns = sinkColumns(statement.name.name, statement.query, origins)
      return { kind: 'sink', ...named(statement), columns }
    }
    case 'CreateTable':
      return { kind: 'table', ...named(statement), columns: declaredColumns(statement, origins) }
    case 'CreateTableAs': {
      const columns = tableColumns(statement.name.name, statement.query, origins)
      return { kind: 'table', ...named(statement), columns }
    }
    case 'CreateView': {
      const columns = queryColumns(statement.query, origins).map((column, i) => ({
        ...column,
        name: statement.columns[i]?.name ?? column.name
      }))
      return { kind: 'view', ...named(statement), columns }
    }
    case 'CreateModel':
      return { kind: 'model', ...named(statement), columns: [] }
    default:
      return null
  }
}

type Named = Extract<Statement, { readonly name: { readonly kind: 'Identifier' } }>

function named(statement: Named): Pick<Declared, 'name' | 'span' | 'statement'> {
  const { name, span } = statement.name
  return { name, span, statement }
}

function sourceColumns({ name, schema }: CreateSource, { bound }: Origins): KnownColumn[] {
  const source = bound.sources.find(one => one.name === name.name)
  if (source !== undefined) {
    return source.columns.map((column, i) => knownColumn(source.schema.columns[i]!, column.span))
  }
  if (schema?.kind !== 'Schema') return []
  return schema.elements.flatMap(element => {
    if (element.kind === 'GeneratedColumn') {
      return writtenColumn(element.name.name, null, false, element.name.span)
    }
    if (element.kind !== 'ColumnDefinition') return []
    return writtenColumn(element.name.name, element.type, element.notNull, element.name.span)
  })
}

function declaredColumns({ name, elements }: CreateTable, { bound }: Origins): KnownColumn[] {
  const schema = bound.tables.find(table => table.name === name.name)?.schema
  return elements.flatMap(element => {
    if (element.kind !== 'ColumnDefinition') return []
    const { name: column, type, notNull } = element
    const known = schema?.columns.find(one => one.name === column.name)
    return known === undefined
      ? writtenColumn(column.name, type, notNull, column.span)
      : knownColumn(known, column.span)
  })
}

function tableColumns(name: string, query: Query, origins: Origins): readonly KnownColumn[] {
  const schema = origins.bound.tables.find(table => table.name === name)?.schema
  return schema === undefined ? queryColumns(query, origins) : withOrigins(schema, query, origins)
}

function queryColumns(query: Query, origins: Origins): readonly KnownColumn[] {
  const schema = origins.findings.queries.get(query)?.schema
  return schema === undefined ? [] : withOrigins(schema, query, origins)
}

function withOrigins({ columns }: RowType, query: Query, origins: Origins): KnownColumn[] {
  return columns.map((column, i) => knownColumn(column, originInAst(query, i, origins)))
}

function sinkColumns(name: string, own: Query | null, origins: Origins): readonly KnownColumn[] {
  const sink = origins.bound.sinks.find(one => one.name === name)
  if (sink === undefined || sink.schema === null)
    return own === null ? [] : queryColumns(own, origins)
  const { schema, span, table } = sink
  if (table !== null) {
    const scan = { kind: 'TableScan', table, schema, span } as const
    return schema.columns.map((column, i) =>
      knownColumn(column, originInRelation(scan, i, origins))
    )
  }
  const feeding = origins.statements.find(
    statement => statement.kind === 'Insert' && statement.target.parts.at(-1)!.name === name
  )
  const query = feeding?.kind === 'Insert' ? feeding.query : own
  if (query === null) return schema.columns.map(column => knownColumn(column, null))
  return withOrigins(schema, query, origins)
}

/** The model as its file describes it; null: the file is missing or wrong. */
export function boundModel({ name }: CreateModel, { bound }: Origins): BoundModel | null {
  return bound.models.find(model => model.name === name.name) ?? null
}
