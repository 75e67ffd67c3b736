import type {
  CreateModel,
  CreateSink,
  CreateSource,
  CreateTable,
  CreateTableAs,
  CreateView,
  Insert,
  QualifiedName,
  Script,
  Statement
} from '../ast/index.ts'
import { ambiguousName, duplicateName } from '../diagnostics/bind.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Span } from '../source/index.ts'
import { matchName } from './names.ts'

interface Declared<Kind extends string> {
  readonly kind: Kind
  readonly name: string
  readonly span: Span
}
export type SourceDeclaration = Declared<'Source'> & { readonly statement: CreateSource }
export type SinkDeclaration = Declared<'Sink'> & { readonly statement: CreateSink }
export type ViewDeclaration = Declared<'View'> & { readonly statement: CreateView }
/** `statement` is null for a table that INSERTs create. */
export type TableDeclaration = Declared<'Table'> & {
  readonly statement: CreateTable | CreateTableAs | null
  readonly inserts: Insert[]
}
export type Declaration = SourceDeclaration | SinkDeclaration | ViewDeclaration | TableDeclaration

/** The names that a script declares, wherever they stand in it. */
export interface Catalog {
  readonly declarations: readonly Declaration[]
  readonly models: readonly CreateModel[]
  /** Where each INSERT goes. */
  readonly targets: ReadonlyMap<Insert, Declaration>
}

/** Collects the declarations of a script; then INSERTs declare the tables that nobody else did. */
export function collectCatalog(script: Script, report: (diagnostic: Diagnostic) => void): Catalog {
  const declarations: Declaration[] = []
  const models: CreateModel[] = []
  for (const statement of script.statements) {
    if (!isCreate(statement)) continue
    const { name } = statement
    const taken = statement.kind === 'CreateModel' ? models.map(declareModel) : declarations
    const first = taken.find(other => other.name === name.name)
    if (first === undefined) {
      if (statement.kind === 'CreateModel') models.push(statement)
      else declarations.push(declare(statement))
    } else if (!statement.ifNotExists) {
      report(duplicateName(kindWords[first.kind], name.name, name.span, first.span))
    }
  }
  const targets = new Map<Insert, Declaration>()
  for (const statement of script.statements) {
    if (statement.kind === 'Insert') {
      const target = targetOf(statement, declarations, report)
      if (target.kind === 'Table') target.inserts.push(statement)
      targets.set(statement, target)
    }
  }
  return { declarations, models, targets }
}

const kindWords = {
  Source: 'source',
  Sink: 'sink',
  Table: 'table',
  View: 'view',
  Model: 'model'
} as const

function declareModel({ name }: CreateModel): Declared<'Model'> {
  return { kind: 'Model', name: name.name, span: name.span }
}

type Create = CreateSource | CreateSink | CreateTable | CreateTableAs | CreateView | CreateModel

function isCreate(statement: Statement): statement is Create {
  return (
    statement.kind === 'CreateSource' ||
    statement.kind === 'CreateSink' ||
    statement.kind === 'CreateTable' ||
    statement.kind === 'CreateTableAs' ||
    statement.kind === 'CreateView' ||
    statement.kind === 'CreateModel'
  )
}

function declare(statement: Exclude<Create, CreateModel>): Declaration {
  const { name, span } = statement.name
  switch (statement.kind) {
    case 'CreateSource':
      return { kind: 'Source', name, span, statement }
    case 'CreateSink':
      return { kind: 'Sink', name, span, statement }
    case 'CreateView':
      return { kind: 'View', name, span, statement }
    default:
      return { kind: 'Table', name, span, statement, inserts: [] }
  }
}

function targetOf(
  insert: Insert,
  declarations: Declaration[],
  report: (diagnostic: Diagnostic) => void
): Declaration {
  const id = insert.target.parts[insert.target.parts.length - 1]!
  const match = matchName(id, declarations, declaration => declaration.name)
  if (match.kind === 'Found') return match.value
  if (match.kind === 'Ambiguous') {
    report(
      ambiguousName(
        id.name,
        match.values.map(value => value.name),
        id.span
      )
    )
  }
  const table: TableDeclaration = {
    kind: 'Table',
    name: id.name,
    span: id.span,
    statement: null,
    inserts: []
  }
  declarations.push(table)
  return table
}

/** `a.b` as it is written. */
export function showName(name: QualifiedName): string {
  return name.parts.map(part => part.name).join('.')
}
