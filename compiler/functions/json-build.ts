import { js } from '../code/index.ts'
import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  holdsDouble,
  INT,
  JSON_TYPE,
  SMALLINT,
  type SqlType,
  TEXT,
  TIMESTAMP
} from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import { emitCodec } from './codec.ts'
import { defineFunction, signature, type FunctionEntry, type Signature } from './entry.ts'

/** As a sink writes it. */
function byCodec(type: SqlType): Signature {
  return signature(
    [type],
    JSON_TYPE,
    ([value], cx) => js`${cx.use('valueToJson')}(${value!}, ${emitCodec(type, cx)}, ${cx.site()})`,
    { canFail: holdsDouble(type) }
  )
}

const anything = { rest: JSON_TYPE, becomesJson: () => true }

export const jsonBuilders: readonly FunctionEntry[] = [
  defineFunction({
    name: 'to_json',
    kind: 'function',
    aliases: ['to_jsonb', 'array_to_json', 'row_to_json'],
    signatures: [
      ...[BOOLEAN, SMALLINT, INT, BIGINT].map(type =>
        signature([type], JSON_TYPE, ([value]) => js`String(${value!})`)
      ),
      signature([DECIMAL], JSON_TYPE, calls('decimalToText')),
      signature([DOUBLE], JSON_TYPE, callsAtSite('doubleToJson'), { canFail: true }),
      signature([TEXT], JSON_TYPE, calls('textToJsonString')),
      signature([TIMESTAMP], JSON_TYPE, calls('timestampToJson')),
      signature([JSON_TYPE], JSON_TYPE, ([value]) => value!)
    ],
    generic: {
      shown: [{ params: 'any other type', result: 'JSON' }],
      resolve: ([argument]) => (argument === undefined ? null : byCodec(argument.type))
    },
    cost: 4,
    doc: 'The value as JSON: a text becomes a JSON string, where a cast would read it as JSON.',
    example: `CAST(to_json('a"b') AS TEXT) = 'a"b'`
  }),
  defineFunction({
    name: 'json_object',
    kind: 'function',
    aliases: ['json_build_object', 'jsonb_build_object'],
    signatures: [
      signature([], JSON_TYPE, (args, cx) => js`${cx.use('jsonObject')}(${[cx.site(), ...args]})`, {
        ...anything,
        canFail: true
      })
    ],
    nullRule: 'none',
    cost: 10,
    check: args =>
      args.length % 2 === 0
        ? null
        : {
            argument: args.length - 1,
            message: 'a key without a value',
            hint: "Write keys and values in turn: json_object('id', id, 'name', name)."
          },
    doc: 'A JSON object of keys and values in turn; a value that is NULL becomes null. Fails for a key that is NULL.',
    example: `json_object('a', 1, 'b', 'x') ->> 'b' = 'x'`
  }),
  defineFunction({
    name: 'json_array',
    kind: 'function',
    signatures: [signature([], JSON_TYPE, calls('jsonArray'), anything)],
    nullRule: 'none',
    cost: 8,
    doc: "A JSON array of the arguments that are not NULL, as SQL's JSON_ARRAY.",
    example: 'json_array_length(json_array(1, NULL, 3)) = 2'
  }),
  defineFunction({
    name: 'json_build_array',
    kind: 'function',
    aliases: ['jsonb_build_array'],
    signatures: [signature([], JSON_TYPE, calls('jsonArrayWithNulls'), anything)],
    nullRule: 'none',
    cost: 8,
    doc: 'A JSON array of all arguments; NULL becomes null.',
    example: 'json_array_length(json_build_array(1, NULL, 3)) = 3'
  })
]
