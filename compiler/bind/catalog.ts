import type {
  CreateModel,
  CreateSink,
  CreateSource,
  CreateTable,
  CreateTableAs,
  CreateView,
  Identifier,
  Insert,
  QualifiedName,
  Script,
  Statement
} from '../ast/index.ts'
import { ambiguousName, duplicateName } from '../diagnostics/bind.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Span } from '../source/index.ts'
import { makeNameIndex, type Match, type NameIndex } from './names.ts'

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
  /** The declaration that a name stands for. */
  find(wanted: Pick<Identifier, 'name' | 'quoted'>): Match<Declaration>
  readonly models: readonly CreateModel[]
  /** Where each INSERT goes. */
  readonly targets: ReadonlyMap<Insert, Declaration>
}

/** Collects the declarations of a script; then INSERTs declare the tables that nobody else did. */
export function collectCatalog(script: Script, report: (diagnostic: Diagnostic) => void): Catalog {
  const declared = makeNameIndex<Declaration>(nameOf)
  const declaredModels = makeNameIndex<ModelDeclaration>(nameOf)
  for (const statement of script.statements) {
    if (!isCreate(statement)) continue
    const { name } = statement
    const first = (statement.kind === 'CreateModel' ? declaredModels : declared).exact(name.name)
    if (first === null) {
      if (statement.kind === 'CreateModel') declaredModels.add(declareModel(statement))
      else declared.add(declare(statement))
    } else if (!statement.ifNotExists) {
      report(duplicateName(kindWords[first.kind], name.name, name.span, first.span))
    }
  }
  const targets = new Map<Insert, Declaration>()
  for (const statement of script.statements) {
    if (statement.kind === 'Insert') {
      const target = targetOf(statement, declared, report)
      if (target.kind === 'Table') target.inserts.push(statement)
      targets.set(statement, target)
    }
  }
  return {
    declarations: declared.values,
    models: declaredModels.values.map(({ statement }) => statement),
    targets,
    find: declared.find
  }
}

const kindWords = {
  Source: 'source',
  Sink: 'sink',
  Table: 'table',
  View: 'view',
  Model: 'model'
} as const

type ModelDeclaration = Declared<'Model'> & { readonly statement: CreateModel }

function declareModel(statement: CreateModel): ModelDeclaration {
  const { name, span } = statement.name
  return { kind: 'Model', name, span, statement }
}

function nameOf({ name }: Declared<string>): string {
  return name
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
  declared: NameIndex<Declaration>,
  report: (diagnostic: Diagnostic) => void
): Declaration {
  const id = insert.target.parts[insert.target.parts.length - 1]!
  const match = declared.find(id)
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
  declared.add(table)
  return table
}

/** `a.b` as it is written. */
export function showName(name: QualifiedName): string {
  return name.parts.map(part => part.name).join('.')
}
