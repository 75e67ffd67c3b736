import type {
  CallExpression,
  Identifier,
  Property,
  Statement,
  StringLiteral
} from '../ast/index.ts'
import { matchName } from '../bind/index.ts'
import type { Span } from '../source/index.ts'
import { boundModel, type Declared } from './declared.ts'
import type { Node } from './locate.ts'
import { findParameter, findSetting } from './parameters.ts'
import { findDeclared } from './scope.ts'
import type { ScriptIndex } from './script-index.ts'
import { columnSubject, declaredSubject, parameterSubject, type Subject } from './subject.ts'

type StatementOf<Kind extends string> = Extract<Statement, { kind: Kind }>
type TestStep<Kind extends string> = Extract<StatementOf<'Test'>['steps'][number], { kind: Kind }>

/** What a name outside of a query is about: what a statement declares or acts on, or a column in one of its lists. */
export function statementSubject(
  name: Identifier,
  holder: Node,
  path: readonly Node[],
  index: ScriptIndex
): Subject | null {
  const statement = path[0] as Statement
  if (statement.kind === 'Set') {
    const setting = findSetting(name.name)
    return setting === null ? null : parameterSubject(setting, name.span)
  }
  if (namesModel(name, holder)) return modelSubject(name.name, name.span, index)
  const isQualified = path.at(-2)?.kind === 'QualifiedName'
  const isDeclaration = holder === statement && 'name' in statement && statement.name === name
  if (isQualified || isDeclaration) {
    const declared = findDeclared(name, index.declared)
    return declared === null ? null : declaredSubject(declared, null, name.span)
  }
  const owner = ownerOf(holder, statement, index)
  if (owner === null) return null
  const match = matchName(name, owner.columns, column => column.name)
  return match.kind === 'Found' ? columnSubject(match.value, owner.name, name.span) : null
}

function namesModel(name: Identifier, holder: Node): boolean {
  if (holder.kind === 'TestModel') return (holder as TestStep<'TestModel'>).model === name
  if (holder.kind === 'CreateModel') return true
  return holder.kind === 'Drop' && (holder as StatementOf<'Drop'>).object === 'MODEL'
}

/** Whose columns a list of names in a statement means. */
function ownerOf(holder: Node, statement: Statement, { declared }: ScriptIndex): Declared | null {
  if (holder.kind === 'TestInput') {
    return findDeclared((holder as TestStep<'TestInput'>).source.parts.at(-1)!, declared)
  }
  if (holder.kind === 'TestExpect') {
    return findDeclared((holder as TestStep<'TestExpect'>).target.parts.at(-1)!, declared)
  }
  switch (statement.kind) {
    case 'Insert':
    case 'Update':
      return findDeclared(statement.target.parts.at(-1)!, declared)
    case 'CreateSource':
    case 'CreateTable':
      return findDeclared(statement.name, declared)
    default:
      return null
  }
}

/** What a place that is no name is about: the name of a property, or the model that `predict` asks. */
export function literalSubject(
  path: readonly Node[],
  offset: number,
  index: ScriptIndex
): Subject | null {
  const property = path.findLast(node => node.kind === 'Property') as Property | undefined
  if (property !== undefined) {
    const { nameSpan } = property
    const parameter = findParameter(path[0] as Statement, property)
    const isAtName = nameSpan.start <= offset && offset <= nameSpan.end
    return parameter === null || !isAtName ? null : parameterSubject(parameter, nameSpan)
  }
  const [call, literal] = path.slice(-2)
  if (call?.kind !== 'Call' || literal?.kind !== 'StringLiteral') return null
  const { name, args } = call as CallExpression
  const asks = name.parts.at(-1)!.name.toLowerCase() === 'predict' && args[0]?.value === literal
  return asks ? modelSubject((literal as StringLiteral).value, literal.span, index) : null
}

function modelSubject(name: string, span: Span, index: ScriptIndex): Subject | null {
  const wanted = name.toLowerCase()
  const declared = index.declared.find(
    one => one.kind === 'model' && one.name.toLowerCase() === wanted
  )
  if (declared?.statement.kind !== 'CreateModel') return null
  return declaredSubject(declared, boundModel(declared.statement, index), span)
}
