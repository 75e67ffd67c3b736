import { SqlLexer } from '#grammar'
import { keywordTypes } from '../../parse/index.ts'
import { type Item, keywordItem } from './items.ts'
import type { Place } from './place.ts'

/** Words that hardly ever stand alone. */
const phrases = new Map([
  ['GROUP', 'GROUP BY'],
  ['ORDER', 'ORDER BY'],
  ['PARTITION', 'PARTITION BY'],
  ['INSERT', 'INSERT INTO'],
  ['DELETE', 'DELETE FROM'],
  ['PRIMARY', 'PRIMARY KEY'],
  ['UNIQUE', 'UNIQUE NULLS NOT DISTINCT'],
  ['WATERMARK', 'WATERMARK FOR'],
  ['WITHIN', 'WITHIN GROUP'],
  ['GROUPING', 'GROUPING SETS'],
  ['SIMILAR', 'SIMILAR TO'],
  ['METADATA', 'METADATA FROM']
])

/** Names wherever the grammar takes one: as keywords they are only of use where it takes no name. */
function isName(type: number): boolean {
  return type >= SqlLexer.KW_ADVANCE && type <= SqlLexer.KW_VIEWS
}

/** The keywords that can stand at a place. */
export function keywordItems({ expected }: Place): readonly Item[] {
  const takesNames = expected.has(SqlLexer.WORD)
  return [...keywordTypes]
    .filter(([, type]) => expected.has(type) && !(takesNames && isName(type)))
    .map(([word]) => keywordItem(phrases.get(word) ?? word))
}
