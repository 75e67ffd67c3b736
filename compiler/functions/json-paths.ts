import { js } from '../code/index.ts'
import { arrayOf, JSON_TYPE, TEXT, type SqlType } from '../types/index.ts'
import {
  defineFunction,
  signature,
  type FunctionEntry,
  type RuntimeName,
  type Signature
} from './entry.ts'

const traits = { canFail: true, givesNull: true }

/** The steps as one argument, or as all behind the document. */
function overloads(name: RuntimeName, result: SqlType): readonly Signature[] {
  return [
    signature(
      [JSON_TYPE, TEXT],
      result,
      ([doc, ...steps], cx) => js`${cx.use(name)}(${doc!}, [${steps}], ${cx.site()})`,
      { ...traits, rest: TEXT }
    )
  ]
}

function byArray(name: RuntimeName, result: SqlType): Signature {
  const emit: Signature['emit'] = ([doc, steps], cx) =>
    js`${cx.use(name)}(${doc!}, ${steps!}, ${cx.site()})`
  return signature([JSON_TYPE, arrayOf(TEXT)], result, emit, traits)
}

function ofPath(
  name: string,
  runtime: RuntimeName,
  result: SqlType,
  what: string,
  example: string
) {
  return defineFunction({
    name,
    kind: 'function',
    aliases: [name.replace('json', 'jsonb')],
    signatures: overloads(runtime, result),
    cost: 20,
    doc: `${what} that names of members and places in arrays, from 0, lead to; NULL where there is none.`,
    example
  })
}

function operator(
  name: string,
  symbol: string,
  runtime: RuntimeName,
  result: SqlType,
  doc: string,
  example: string
) {
  return defineFunction({
    name,
    kind: 'operator',
    symbol,
    signatures: [],
    generic: {
      shown: [{ params: 'JSON, TEXT[]', result: result.kind === 'Json' ? 'JSON' : 'TEXT' }],
      resolve: args => (args.length === 2 ? byArray(runtime, result) : null)
    },
    cost: 20,
    doc,
    example
  })
}

export const jsonPathFunctions: readonly FunctionEntry[] = [
  operator(
    'json_path',
    '#>',
    'jsonAt',
    JSON_TYPE,
    'The JSON at the end of names and places, from 0 or back from the end: an array of texts. NULL where there is none.',
    `CAST('{"a":[1,2]}' AS JSON) #> '{a,1}' = 2`
  ),
  operator(
    'json_path_text',
    '#>>',
    'jsonTextAt',
    TEXT,
    'As `#>`, as TEXT.',
    `CAST('{"a":["x"]}' AS JSON) #>> ARRAY['a', '0'] = 'x'`
  ),
  ofPath(
    'json_extract_path',
    'jsonAt',
    JSON_TYPE,
    'The JSON',
    `json_extract_path('{"a":[1,2]}', 'a', '1') = 2`
  ),
  ofPath(
    'json_extract_path_text',
    'jsonTextAt',
    TEXT,
    'The text',
    `json_extract_path_text('{"a":["x"]}', 'a', '0') = 'x'`
  ),
  defineFunction({
    name: 'json_strip_nulls',
    kind: 'function',
    aliases: ['jsonb_strip_nulls'],
    signatures: [
      signature(
        [JSON_TYPE],
        JSON_TYPE,
        ([doc], cx) => js`${cx.use('stripJsonNulls')}(${doc!}, ${cx.site()})`,
        traits
      )
    ],
    cost: 20,
    doc: 'The JSON without the members of objects that are null; elements of arrays stay.',
    example: `json_strip_nulls('{"a":null,"b":[null]}') ->> 'b' = '[null]'`
  })
]
