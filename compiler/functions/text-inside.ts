import { js, type Code } from '../code/index.ts'
import { TEXT, type SqlType } from '../types/index.ts'
import {
  defineFunction,
  signature,
  type ArgumentType,
  type CallContext,
  type FunctionEntry,
  type Generic
} from './entry.ts'
import { textOf } from './regexp-pattern.ts'

/** How long texts may be: in the parts of an array, a map or a row; below 0 those of CHAR. */
type Lengths = number | null | readonly Lengths[]

/** Texts in arrays, maps and rows; the second argument is a literal, the lengths as JSON. */
function limiting(isCut: boolean): Generic {
  return {
    shown: [{ params: 'T, TEXT', result: 'T' }],
    resolve([value]: readonly ArgumentType[]) {
      if (value === undefined || !['Array', 'Map', 'Row'].includes(value.type.kind)) return null
      const { type } = value
      return signature(
        [type, TEXT],
        type,
        ([container], cx) => {
          const lengths = JSON.parse(textOf(cx.call.args[1])!) as Lengths
          const limits = cx.constant('text limits', emitLimits(type, lengths, cx))
          const call = js`${cx.use('limitInside')}(${[container!, limits, js`${isCut}`, cx.site()]})`
          return js`${call} as ${cx.type(type, false)}`
        },
        { canFail: !isCut }
      )
    }
  }
}

/** The limits as the runtime takes them. */
function emitLimits(type: SqlType, lengths: Lengths, cx: CallContext): Code {
  if (lengths === null) return js`null`
  if (typeof lengths === 'number') return js`${lengths}`
  switch (type.kind) {
    case 'Array':
      return js`{ elements: ${emitLimits(type.element, lengths[0]!, cx)} }`
    case 'Map':
      return js`{ values: ${emitLimits(type.value, lengths[0]!, cx)} }`
    case 'Row':
      return js`{ fields: [${type.fields.map((field, i) => emitLimits(field.type, lengths[i]!, cx))}] }`
    default:
      throw new Error(`nothing is inside of ${type.kind}`)
  }
}

export const textInsideFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'cut_inside',
    kind: 'operator',
    symbol: 'CAST (a AS VARCHAR(n)[])',
    signatures: [],
    generic: limiting(true),
    cost: 10,
    doc: 'Arrays, maps and rows with their texts cut off at a length, which VARCHAR(n) or CHAR(n) inside of their type says.',
    example: "CAST(ARRAY['abc'] AS VARCHAR(2)[]) = ARRAY['ab']"
  }),
  defineFunction({
    name: 'fit_inside',
    kind: 'operator',
    symbol: 'VARCHAR(n)[]',
    signatures: [],
    generic: limiting(false),
    cost: 10,
    doc: 'A column of an array, map or row of VARCHAR(n) or CHAR(n): a text that is longer fails, unless only blanks are too much.',
    example: "CAST(ARRAY['ab  '] AS CHAR(2)[]) = ARRAY['ab']"
  })
]
