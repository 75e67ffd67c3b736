import { SqlLexer, SqlParser } from '#grammar'
import type { OpenedDocument } from '../open-session.ts'
import type { ScriptIndex } from '../script-index.ts'
import { declaredItem, type Item, typeItem } from './items.ts'
import { keywordItems } from './keywords.ts'
import {
  expressionItems,
  memberItems,
  relationItems,
  targetColumnItems,
  targetItems
} from './names.ts'
import type { Place } from './place.ts'
import { scopesAt } from './scopes-at.ts'
import { settingItems } from './settings.ts'

/** What can be written at a place. The statement there is hardly ever right: it is being written. */
export function complete(
  place: Place,
  document: OpenedDocument,
  index: ScriptIndex
): readonly Item[] {
  const { rules, tokens, at, inString } = place
  const scopes = () => scopesAt(place, document, index)
  const isSetting = settingRules.some(rule => rules.includes(rule))
  if (inString) return isSetting ? settingItems(place) : modelItems(place, index)
  if (tokens[at - 1]?.type === SqlLexer.DOT) return memberItems(place, scopes())
  if (rules.length === 0) return unknownItems(place, document, index)
  if (isSetting) return settingItems(place)
  const names = namesAt(place, document, index)
  const labels = new Set(names.map(({ label }) => label))
  return [...names, ...keywordItems(place).filter(({ label }) => !labels.has(label))]
}

/** One spelling of each type. */
const typeNames = [
  ...['BOOLEAN', 'SMALLINT', 'INT', 'BIGINT', 'REAL', 'DOUBLE', 'DECIMAL', 'TEXT', 'BYTES'],
  ...['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMPTZ', 'INTERVAL', 'JSON', 'ROW', 'MAP', 'VECTOR']
]

const settingRules = [
  SqlParser.RULE_propertyList,
  SqlParser.RULE_property,
  SqlParser.RULE_setStatement
]
const columnLists = [
  SqlParser.RULE_columnList,
  SqlParser.RULE_assignment,
  SqlParser.RULE_primaryKey,
  SqlParser.RULE_watermark
]

function namesAt(place: Place, document: OpenedDocument, index: ScriptIndex): readonly Item[] {
  const { rules, expected } = place
  if (!expected.has(SqlLexer.WORD)) return []
  const innermost = rules.find(rule => nameRules.has(rule))
  const takesExpression = expected.has(SqlLexer.NUMBER) && expected.has(SqlLexer.KW_CASE)
  if (takesExpression) return expressionItems(place, scopesAt(place, document, index))
  if (innermost === SqlParser.RULE_typeName) return typeNames.map(typeItem)
  if (rules[0] === SqlParser.RULE_columnDefinition) return typeNames.map(typeItem)
  if (rules.some(rule => columnLists.includes(rule))) return targetColumnItems(place, index)
  if (innermost === SqlParser.RULE_relationPrimary || innermost === SqlParser.RULE_windowInput) {
    return relationItems(place, scopesAt(place, document, index), index)
  }
  return targetItems(place, index) ?? []
}

const nameRules = new Set([
  ...[SqlParser.RULE_typeName, SqlParser.RULE_relationPrimary, SqlParser.RULE_windowInput]
])

/** The statement is wrong before the place: the token before it tells at least whether a relation is wanted. */
function unknownItems(place: Place, document: OpenedDocument, index: ScriptIndex): readonly Item[] {
  const scopes = scopesAt(place, document, index)
  const before = place.tokens[place.at - 1]?.type
  const wantsRelation = before === SqlLexer.KW_FROM || before === SqlLexer.KW_JOIN
  return wantsRelation ? relationItems(place, scopes, index) : expressionItems(place, scopes)
}

/** `predict('|`. */
function modelItems({ tokens, at }: Place, { declared }: ScriptIndex): readonly Item[] {
  if (tokens[at - 2]?.text?.toLowerCase() !== 'predict') return []
  return declared
    .filter(({ kind }) => kind === 'model')
    .map(model => ({ ...declaredItem(model), insert: model.name }))
}
