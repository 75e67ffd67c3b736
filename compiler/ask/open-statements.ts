import type { DescribedStatement, ResultColumn, StatementResult } from '#runtime'
import type { QualifiedName, Script, Statement } from '../ast/index.ts'
import { bindStatement, type BoundStatement } from '../bind/index.ts'
import { withoutSecrets } from '../diagnostics/render/hide-secrets.ts'
import { renderText } from '../diagnostics/render/text.ts'
import { statementCount } from '../diagnostics/bind-tables.ts'
import { emitChangeStatement, emitChangeQueryStatement, emitQueryStatement } from '../emit/index.ts'
import { type BoundScript, EMPTY_SCRIPT, verbOf } from '../ir/index.ts'
import { parseScript } from '../parse/index.ts'
import { hasErrors, type Session } from '../session.ts'
import { makeSourceFile, makeSpan } from '../source/index.ts'
import { parametrize, type StatementLiteral } from './parametrize.ts'
import { type RowType, showType, type SqlType, TEXT } from '../types/index.ts'

/** A statement as far as it can be taken without the pipeline. */
export type CompiledStatement =
  | {
      readonly kind: 'query'
      /** The body of a function of `runtime` and `pipeline`: TypeScript. See compiler/emit/emit-statement.ts. */
      readonly code: string
      readonly columns: readonly ResultColumn[]
    }
  | {
      readonly kind: 'change'
      readonly code: string
      readonly verb: 'INSERT' | 'UPDATE' | 'DELETE'
      readonly table: string
      /** The numbers of the literals that `code` takes from its parameters. */
      readonly parameters: readonly number[]
    }
  | Exclude<StatementResult, { kind: 'rows' | 'changed' | 'batch' }>

export interface StatementCompiler {
  /** `literals`: those that may become parameters of the code, by their numbers. */
  compile(text: string, literals?: readonly StatementLiteral[]): CompiledStatement
  /** `open`: where string literals start that stand for values which are not known yet. */
  describe(text: string, open: readonly number[]): DescribedStatement
}

/** The compiler of statements on a running pipeline, which knows its tables by a CREATE TABLE for each. */
export function openStatements(
  tables: readonly string[],
  system: ReadonlyMap<string, RowType>
): StatementCompiler {
  const declared =
    tables.length === 0 ? emptyScript() : parseScript(openSession(`${tables.join(';\n')};`))
  return {
    compile(text, literals = []) {
      const session = openSession(text)
      const statement = parseOne(text, session)
      const bound = statement === null ? null : bindStatement(statement, declared, system, session)
      if (bound === null || hasErrors(session)) return refusal(session)
      return finish(bound, literals, session)
    },
    describe(text, open) {
      const session = openSession(text)
      const statement = parseOne(text, session)
      const types = new Map<number, SqlType>(open.map(start => [start, TEXT]))
      const bound =
        statement === null ? null : bindStatement(statement, declared, system, session, types)
      if (bound === null || hasErrors(session)) return refusal(session)
      const columns = bound.kind === 'Query' ? resultColumns(bound.query.schema) : null
      return { kind: describedKind(bound), columns, open: open.map(start => types.get(start)!) }
    }
  }
}

function emptyScript(): Script {
  const span = makeSpan(makeSourceFile('tables', ''), 0, 0)
  return { kind: 'Script', span, statements: [] }
}

function openSession(text: string): Session {
  const file = makeSourceFile('statement', text)
  return { file, options: { optimize: false, directory: '/' }, diagnostics: [] }
}

function parseOne(text: string, session: Session): Statement | null {
  const { statements } = parseScript(session)
  if (hasErrors(session)) return null
  if (statements.length === 1) return statements[0]!
  session.diagnostics.push(statementCount(makeSpan(session.file, 0, text.length)))
  return null
}

function refusal({ diagnostics, file }: Session): Extract<CompiledStatement, { kind: 'refused' }> {
  const first = withoutSecrets(diagnostics.find(({ severity }) => severity === 'error')!)
  const { code, message, detail, hint, span } = first
  return {
    kind: 'refused',
    code,
    message,
    text: diagnostics.map(renderText).join(''),
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(span?.file === file ? { position: span.start } : {})
  }
}

function describedKind({ kind }: BoundStatement): Exclude<DescribedStatement['kind'], 'refused'> {
  switch (kind) {
    case 'Query':
    case 'Show':
    case 'Describe':
      return 'rows'
    case 'Change':
    case 'ChangeQuery':
      return 'change'
    case 'Alter':
    case 'Drop':
      return 'operation'
  }
}

function resultColumns({ columns }: RowType): readonly ResultColumn[] {
  return columns.map(({ name, type }) => ({ name, type: showType(type), valueType: type }))
}

function finish(
  bound: BoundStatement,
  literals: readonly StatementLiteral[],
  session: Session
): CompiledStatement {
  const script = statementScript(session)
  switch (bound.kind) {
    case 'Query': {
      const columns = resultColumns(bound.query.schema)
      return { kind: 'query', code: emitQueryStatement(bound.query, script), columns }
    }
    case 'Change': {
      const { change, table } = bound
      const { change: shared, used } = parametrize(change, literals)
      const code = emitChangeStatement(shared, table, script, used)
      const parameters = [...used.keys()]
      return { kind: 'change', code, verb: verbOf(change), table: table.name, parameters }
    }
    case 'ChangeQuery': {
      const { verb, table } = bound
      const code = emitChangeQueryStatement(bound, script)
      return { kind: 'change', code, verb, table, parameters: [] }
    }
    case 'Show':
      return { kind: 'show', what: bound.what }
    case 'Describe':
      return { kind: 'describe', name: describedName(bound.name) }
    case 'Drop': {
      const { object, ifExists, name } = bound
      return { kind: 'drop', object, name: lastPart(name), ifExists }
    }
    case 'Alter': {
      const { object, name, settings, names } = bound
      return { kind: 'alter', object, name, settings, names }
    }
  }
}

/** With its schema where that is the pipeline's own: `system.tables` is not a table `tables`. */
function describedName(name: QualifiedName): string {
  const [schema] = name.parts
  const isSystem = name.parts.length === 2 && schema!.name.toLowerCase() === 'system'
  return isSystem ? `system.${lastPart(name)}` : lastPart(name)
}

function lastPart({ parts }: QualifiedName): string {
  return parts.at(-1)!.name
}

/** Emitters ask the script for its name only. */
function statementScript({ file }: Session): BoundScript {
  return Object.freeze({
    ...EMPTY_SCRIPT,
    name: 'statement',
    path: file.path,
    settings: {
      delivery: 'at_least_once',
      commitInterval: 0,
      parallelism: 1,
      state: 'memory',
      windowRetention: 0,
      stateTtl: null
    } as const
  })
}
