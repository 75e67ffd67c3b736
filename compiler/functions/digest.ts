import { js } from '../code/index.ts'
import { BIGINT, BYTES, INT, TEXT } from '../types/index.ts'
import { calls } from './calls.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'

export const digestFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'md5',
    kind: 'function',
    signatures: [
      signature([TEXT], TEXT, calls('md5')),
      signature([BYTES], TEXT, calls('md5Bytes'))
    ],
    cost: 60,
    doc: "The MD5 of bytes or of the text's UTF-8, as 32 hexadecimal digits.",
    example: "md5('abc') = '900150983cd24fb0d6963f7d28e17f72'"
  }),
  defineFunction({
    name: 'to_hex',
    kind: 'function',
    signatures: [
      signature([INT], TEXT, calls('intToHex')),
      signature([BIGINT], TEXT, calls('bigIntToHex'))
    ],
    cost: 4,
    doc: 'The number in hexadecimal digits; a negative one as the 32 or 64 bits that hold it.',
    example: "to_hex(255) = 'ff'"
  }),
  defineFunction({
    name: 'gen_random_uuid',
    kind: 'function',
    aliases: ['uuid'],
    signatures: [signature([], TEXT, (_, cx) => js`${cx.use('randomUuid')}()`)],
    volatile: true,
    cost: 5,
    doc: 'A random UUID (version 4), another one for each call.',
    example: 'length(gen_random_uuid()) = 36'
  })
]
