import { js, type Code } from '../code/index.ts'
import { BYTES, TEXT } from '../types/index.ts'
import { defineFunction, signature, type CallContext, type FunctionEntry } from './entry.ts'

export const concatenate: FunctionEntry = defineFunction({
  name: 'concatenate',
  kind: 'operator',
  symbol: '||',
  // One side has to be TEXT: PostgreSQL's || merges JSON and appends to arrays, which is another operator.
  signatures: [
    signature([BYTES, BYTES], BYTES, (args, cx) => js`${cx.use('concatBytes')}(${args})`),
    ...[1, 0].map(other =>
      signature([TEXT, TEXT], TEXT, ([left, right]) => js`${left!} + ${right!}`, {
        castsToText: index => index === other
      })
    )
  ],
  cost: 2,
  doc: 'Both texts or bytes, one after the other; NULL if either is. What is beside a TEXT is cast to it.',
  example: "'a' || 1 = 'a1'"
})

/** NULL counts as empty. */
function orEmpty(arg: Code, index: number, cx: CallContext): Code {
  return cx.call.args[index]!.nullable ? js`(${arg} ?? ${''})` : arg
}

export const concat: FunctionEntry = defineFunction({
  name: 'concat',
  kind: 'function',
  signatures: [
    signature(
      [TEXT],
      TEXT,
      (args, cx) =>
        args.map((arg, i) => orEmpty(arg, i, cx)).reduce((left, right) => js`${left} + ${right}`),
      { rest: TEXT, castsToText: () => true, showsOutput: true }
    )
  ],
  nullRule: 'none',
  cost: 3,
  doc: 'All arguments as text, one after the other; NULL counts as empty.',
  example: "concat('a', NULL, 1) = 'a1'"
})

export const concatWs: FunctionEntry = defineFunction({
  name: 'concat_ws',
  kind: 'function',
  signatures: [
    signature([TEXT, TEXT], TEXT, (args, cx) => js`${cx.use('concatWs')}(${args})`, {
      rest: TEXT,
      castsToText: () => true,
      showsOutput: true
    })
  ],
  nullRule: 'first',
  cost: 5,
  doc: 'The arguments after the first, with the first between them; NULLs are left out. NULL if the first is.',
  example: "concat_ws('-', 'a', NULL, 'b') = 'a-b'"
})
