import type {
  Alter,
  CreateSink,
  CreateSource,
  Drop,
  Identifier,
  Property,
  Script,
  Statement
} from '../ast/index.ts'
import { declarationNotFound, statementLeftOut } from '../diagnostics/bind-tables.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { findProperty, parameterNames, sinkParameters, sourceParameters } from '../kafka/index.ts'
import { matchName } from './names.ts'

type Report = (diagnostic: Diagnostic) => void

/**
 * The script as ALTER and DROP leave it: each acts on what the statements before it declare. What asks for the catalogue is
 * left out: a pipeline has nobody to answer.
 */
export function settleDeclarations(script: Script, report: Report): Script {
  let kept: Statement[] = []
  for (const statement of script.statements) {
    switch (statement.kind) {
      case 'Alter':
        kept = alter(kept, statement, report)
        break
      case 'Drop':
        kept = drop(kept, statement, report)
        break
      case 'Show':
      case 'Describe':
      case 'Explain':
        report(statementLeftOut(statement.kind, statement.span))
        break
      default:
        kept.push(statement)
    }
  }
  return kept.length === script.statements.length ? script : { ...script, statements: kept }
}

type Declared = Extract<Statement, { name: Identifier }>

function isDeclared(statement: Statement, object: Drop['object']): statement is Declared {
  switch (object) {
    case 'SOURCE':
      return statement.kind === 'CreateSource'
    case 'SINK':
      return statement.kind === 'CreateSink'
    case 'VIEW':
      return statement.kind === 'CreateView'
    case 'MODEL':
      return statement.kind === 'CreateModel'
    case 'TABLE':
      return statement.kind === 'CreateTable' || statement.kind === 'CreateTableAs'
  }
}

function alter(kept: Statement[], statement: Alter, report: Report): Statement[] {
  const { object, name } = statement
  const wanted = name.parts.at(-1)!
  const candidates = kept.filter((one): one is CreateSource | CreateSink => isDeclared(one, object))
  const match = matchName(wanted, candidates, one => one.name.name)
  if (match.kind !== 'Found') {
    const names = candidates.map(one => one.name.name)
    report(declarationNotFound(object.toLowerCase(), wanted.name, name.span, names))
    return kept
  }
  const altered = statement.properties.reduce(set, match.value)
  return kept.map(one => (one === match.value ? altered : one))
}

/** A parameter of FROM KAFKA or TO KAFKA, else a property of CONFIG, in the place of the one that was there. */
function set<T extends CreateSource | CreateSink>(statement: T, property: Property): T {
  const isSource = statement.kind === 'CreateSource'
  const names = parameterNames(isSource ? sourceParameters : sinkParameters)
  if (names.includes(property.name.toLowerCase())) {
    const others = statement.parameters.filter(
      ({ name }) => name.toLowerCase() !== property.name.toLowerCase()
    )
    return { ...statement, parameters: [...others, property] }
  }
  const meant = ({ name }: Property): string => {
    const found = findProperty(name, isSource ? 'source' : 'sink')
    return found.kind === 'Found' ? found.property.name : name
  }
  const others = statement.config.filter(other => meant(other) !== meant(property))
  return { ...statement, config: [...others, property] }
}

/** A dropped table takes the statements before it along that write it. */
function drop(kept: Statement[], { object, name, ifExists }: Drop, report: Report): Statement[] {
  const wanted = name.parts.at(-1)!
  const ofKind = kept.filter(one => isDeclared(one, object)).map(one => one.name.name)
  const isMade = object === 'TABLE' && kept.some(one => writes(one, wanted))
  const match = matchName(wanted, [...new Set(ofKind)], own => own)
  if (match.kind !== 'Found' && !isMade) {
    if (!ifExists) report(declarationNotFound(object.toLowerCase(), wanted.name, name.span, ofKind))
    return kept
  }
  const dropped = match.kind === 'Found' ? match.value : wanted.name
  return kept.filter(
    one =>
      !(isDeclared(one, object) && one.name.name === dropped) &&
      !(object === 'TABLE' && writes(one, { name: dropped, quoted: false }))
  )
}

function writes(statement: Statement, table: Pick<Identifier, 'name' | 'quoted'>): boolean {
  if (statement.kind !== 'Insert' && statement.kind !== 'Update' && statement.kind !== 'Delete') {
    return false
  }
  const { name } = statement.target.parts.at(-1)!
  return matchName(table, [name], own => own).kind === 'Found'
}
