import assert from 'node:assert/strict'
import type {
  AstNode,
  Expression,
  Query,
  Relation,
  Select,
  Statement,
  TypeName
} from '../../../compiler/ast/index.ts'
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts'
import { parseSource } from '../../../compiler/parse/index.ts'
import { makeSourceFile, positionAt } from '../../../compiler/source/index.ts'

export function parse(text: string): readonly Statement[] {
  const { script, diagnostics } = parseSource(makeSourceFile('test.sql', text))
  assert.deepEqual(diagnostics.map(summarize), [], text)
  return script.statements
}

export function parseOne<K extends Statement['kind']>(kind: K, text: string) {
  const [statement, ...more] = parse(text)
  assert.equal(more.length, 0)
  assert.equal(statement?.kind, kind)
  return statement as Extract<Statement, { kind: K }>
}

export function parseSelect(text: string): Select {
  const { body } = parseOne('QueryStatement', text).query
  assert.equal(body.kind, 'Select')
  return body as Select
}

export function parseExpression(text: string): Expression {
  return parseSelect(`SELECT ${text}`).items[0]!.expression
}

export function parseRelation(text: string): Relation {
  return parseSelect(`SELECT * FROM ${text}`).from[0]!
}

export function diagnose(text: string): readonly Diagnostic[] {
  return parseSource(makeSourceFile('test.sql', text)).diagnostics
}

/** `line:column code message`. */
export function summarize({ span, code, message }: Diagnostic): string {
  if (span === null) return `${code} ${message}`
  const { line, column } = positionAt(span.file, span.start)
  return `${line}:${column} ${code} ${message}`
}

/** The tree as nested lists, so that precedence can be read off; spans left out. */
export function show(node: unknown): string {
  if (node === null) return '-'
  if (Array.isArray(node)) return `[${node.map(show).join(' ')}]`
  if (typeof node !== 'object') return String(node)
  const { kind, span: _span, ...fields } = node as AstNode<string> & Record<string, unknown>
  switch (kind) {
    case 'Identifier':
      return String(fields.name)
    case 'QualifiedName':
      return (fields.parts as { name: string }[]).map(part => part.name).join('.')
    case 'Name':
      return show(fields.name)
    case 'NumberLiteral':
      return String(fields.text)
    case 'StringLiteral':
      return `'${String(fields.value)}'`
    case 'TypeName':
      return showType(node as TypeName)
    case 'Query':
      return showQuery(node as Query)
    case 'Call':
      return showCall(fields)
    case undefined:
      return `{${Object.values(fields).map(show).join(' ')}}`
    default:
      return `(${[kind, ...Object.values(fields).map(show)].join(' ')})`
  }
}

function showType({ name, parameters, elements, fields }: TypeName): string {
  const inside = [
    ...parameters,
    ...elements.map(show),
    ...fields.map(field => `${field.name.name} ${show(field.type)}`)
  ]
  return inside.length === 0 ? name : `${name}(${inside.join(', ')})`
}

function showQuery(query: Query): string {
  const isPlain = query.orderBy.length + query.with.length === 0 && query.limit === null
  return isPlain ? show(query.body) : `(Query ${show(query.body)} ...)`
}

function showCall({ name, args }: Record<string, unknown>): string {
  const shown = (args as { name: unknown; value: unknown }[]).map(argument =>
    argument.name === null
      ? show(argument.value)
      : `${show(argument.name)} => ${show(argument.value)}`
  )
  return `${show(name)}(${shown.join(', ')})`
}
