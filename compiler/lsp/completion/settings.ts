import { SqlLexer, SqlParser } from '#grammar'
import {
  type ClauseParameter,
  errorParameters,
  findProperty,
  modelParameters,
  propertyNames,
  reservedProperties,
  settingParameters,
  sinkParameters,
  sourceParameters
} from '../../kafka/index.ts'
import { describeProperty } from '../parameters.ts'
import { type Item, parameterItem, valueItem } from './items.ts'
import type { Place } from './place.ts'

/** Names and values of parameters, properties and settings. */
export function settingItems(place: Place): readonly Item[] {
  const { rules } = place
  const parameters = parametersAt(place)
  const isConfig = rules.includes(SqlParser.RULE_configClause)
  if (rules.includes(SqlParser.RULE_propertyValue)) {
    const name = nameBefore(place)
    const choices = parameters.find(one => one.name === name)?.choices ?? []
    const isFlag = choices.includes('true') && !isConfig
    return choices.map(choice => valueItem(choice, !place.inString && !isFlag))
  }
  const given = namesGiven(place)
  return parameters
    .filter(({ name }) => !given.has(name))
    .map(parameter => parameterItem(parameter, isConfig && !place.inString))
}

/** What can be set at a place. */
function parametersAt({ rules, tokens, first }: Place): readonly ClauseParameter[] {
  const has = (rule: number): boolean => rules.includes(rule)
  const isSource =
    has(SqlParser.RULE_createSource) || tokens[first + 1]?.type === SqlLexer.KW_SOURCE
  if (has(SqlParser.RULE_configClause)) return configProperties(isSource ? 'source' : 'sink')
  if (has(SqlParser.RULE_onClause)) return errorParameters
  if (has(SqlParser.RULE_setStatement)) return settingParameters
  if (has(SqlParser.RULE_createModel)) return modelParameters
  return isSource ? sourceParameters : sinkParameters
}

/** The properties of a client, but for those that the pipeline sets itself. */
function configProperties(client: 'source' | 'sink'): readonly ClauseParameter[] {
  return propertyNames(client).flatMap(name => {
    const found = findProperty(name, client)
    if (found.kind !== 'Found') return []
    const reserved = Object.hasOwn(reservedProperties, found.property.name)
      ? reservedProperties[found.property.name]
      : undefined
    // What the pipeline sets itself takes no other value.
    if (reserved?.allowed.length === 0) return []
    return describeProperty(name, found.property)
  })
}

/** The name that the value belongs to: `name = |`. */
function nameBefore({ tokens, at, file }: Place): string {
  let end = at - 1
  while (end > 0 && tokens[end]!.type !== SqlLexer.EQUAL && tokens[end]!.type !== SqlLexer.KW_TO)
    end--
  const last = tokens[end - 1]
  if (last === undefined) return ''
  let start = end - 1
  while (start > 0 && tokens[start - 1]!.type === SqlLexer.DOT) start -= 2
  const text = file.text.slice(tokens[start]!.start, last.stop + 1)
  return text.replace(/^'|'$/g, '').toLowerCase()
}

/** What the parentheses around the place set already. */
function namesGiven({ tokens, at, file }: Place): ReadonlySet<string> {
  const given = new Set<string>()
  const add = (i: number): void => {
    const token = tokens[i]
    if (token?.type !== SqlLexer.EQUAL || i === at + 1) return
    const name = tokens[i - 1]!
    given.add(
      file.text
        .slice(name.start, name.stop + 1)
        .replace(/^'|'$/g, '')
        .toLowerCase()
    )
  }
  const borders = new Set<number>([SqlLexer.LEFT_PAREN, SqlLexer.RIGHT_PAREN, SqlLexer.SEMICOLON])
  for (let i = at - 1; i > 0 && !borders.has(tokens[i]!.type); i--) add(i)
  for (let i = at; i < tokens.length && !borders.has(tokens[i]!.type); i++) add(i)
  return given
}
