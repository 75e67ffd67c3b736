import { js, type Code } from '../code/index.ts'
import { BOOLEAN, INT, JSON_TYPE, TEXT } from '../types/index.ts'
import { callsAtSite } from './calls.ts'
import { defineFunction, signature, type CallContext, type FunctionEntry } from './entry.ts'
import { parseJsonPath } from './json-path.ts'

const traits = { canFail: true, givesNull: true }
const fails = { canFail: true }

/** The binder has checked that the path is a literal and that it parses. */
function constantPath(cx: CallContext): Code {
  const path = cx.call.args[1]!
  const steps = path.kind === 'Literal' ? parseJsonPath(String(path.value)) : null
  if (steps === null) throw new Error('a JSON path is a valid literal after bind')
  return cx.constant('path', js`[${steps.map(step => js`${step}`)}] as const`)
}

function byPath(
  runtime: 'jsonExtract' | 'jsonValue' | 'jsonExists',
  [doc]: readonly Code[],
  cx: CallContext
): Code {
  return js`${cx.use(runtime)}(${doc!}, ${constantPath(cx)}, ${cx.site()})`
}

export const jsonFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'json_extract',
    kind: 'function',
    aliases: ['json_query'],
    signatures: [JSON_TYPE, TEXT].map(doc =>
      signature([doc, TEXT], JSON_TYPE, (args, cx) => byPath('jsonExtract', args, cx), traits)
    ),
    cost: 20,
    doc: 'The JSON at a path; NULL where there is none or JSON null. It compares and casts to any scalar. Fails for text that is not JSON.',
    example: `json_extract('{"a":[{"b":1}]}', '$.a[0].b') = 1`
  }),
  defineFunction({
    name: 'json_value',
    kind: 'function',
    signatures: [JSON_TYPE, TEXT].map(doc =>
      signature([doc, TEXT], TEXT, (args, cx) => byPath('jsonValue', args, cx), traits)
    ),
    cost: 20,
    doc: 'The scalar at a path, as text; NULL for an object or an array. RETURNING type, DEFAULT x ON EMPTY (nothing is there) and DEFAULT x ON ERROR (no scalar, or none of the type) go behind the path.',
    example: `json_value('{"a":"x"}', '$.a') = 'x'`
  }),
  defineFunction({
    name: 'json_exists',
    kind: 'function',
    signatures: [JSON_TYPE, TEXT].map(doc =>
      signature([doc, TEXT], BOOLEAN, (args, cx) => byPath('jsonExists', args, cx), fails)
    ),
    cost: 20,
    doc: "Whether there is a value at a path; JSON's null is one.",
    example: `json_exists('{"a":null}', '$.a')`
  }),
  defineFunction({
    name: 'json_array_length',
    kind: 'function',
    aliases: ['jsonb_array_length'],
    signatures: [JSON_TYPE, TEXT].map(doc =>
      signature([doc], INT, callsAtSite('jsonArrayLength'), fails)
    ),
    cost: 20,
    doc: 'Number of elements of a JSON array. Fails for any other JSON.',
    example: "json_array_length('[1,[2],3]') = 3"
  }),
  defineFunction({
    name: 'json_typeof',
    kind: 'function',
    aliases: ['jsonb_typeof'],
    signatures: [JSON_TYPE, TEXT].map(doc =>
      signature([doc], TEXT, callsAtSite('jsonTypeof'), fails)
    ),
    cost: 20,
    doc: "What kind of JSON it is: 'object', 'array', 'string', 'number', 'boolean' or 'null'.",
    example: `json_typeof('{"a":1}') = 'object'`
  }),
  defineFunction({
    name: 'json_step',
    kind: 'operator',
    symbol: '->',
    signatures: [
      signature([JSON_TYPE, TEXT], JSON_TYPE, callsAtSite('jsonStep'), traits),
      signature([JSON_TYPE, INT], JSON_TYPE, callsAtSite('jsonStep'), traits),
      signature([TEXT, TEXT], JSON_TYPE, callsAtSite('jsonStep'), traits),
      signature([TEXT, INT], JSON_TYPE, callsAtSite('jsonStep'), traits)
    ],
    cost: 20,
    doc: 'The member of a name or the element of an index (from 0, from the end where negative). `->>` gives it as TEXT.',
    example: `CAST('{"items":[{"name":"x"}]}' AS JSON) -> 'items' -> 0 ->> 'name' = 'x'`
  })
]
