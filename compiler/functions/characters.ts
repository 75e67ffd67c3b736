import { js } from '../code/index.ts'
import { BYTES, INT, TEXT } from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'

const fails = { canFail: true }

export const characterFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'initcap',
    kind: 'function',
    signatures: [signature([TEXT], TEXT, calls('initcap'))],
    cost: 20,
    doc: 'Each word with its first letter in upper case and the others in lower case; words are letters and digits.',
    example: "initcap('hi THOMAS') = 'Hi Thomas'"
  }),
  defineFunction({
    name: 'repeat',
    kind: 'function',
    signatures: [signature([TEXT, INT], TEXT, callsAtSite('repeatText'), fails)],
    cost: 4,
    doc: 'The text so many times; empty for a count below 1. Fails for more than 16 million characters.',
    example: "repeat('ab', 3) = 'ababab'"
  }),
  defineFunction({
    name: 'translate',
    kind: 'function',
    signatures: [signature([TEXT, TEXT, TEXT], TEXT, calls('translate'))],
    cost: 20,
    doc: 'Each character of the second argument replaced by the one at the same place of the third, or taken out where that is shorter.',
    example: "translate('12345', '143', 'ax') = 'a2x5'"
  }),
  defineFunction({
    name: 'overlay',
    kind: 'function',
    signatures: [
      signature([TEXT, TEXT, INT], TEXT, callsAtSite('overlay'), fails),
      signature([TEXT, TEXT, INT, INT], TEXT, callsAtSite('overlayCount'), fails),
      signature([BYTES, BYTES, INT], BYTES, callsAtSite('overlayBytes'), fails),
      signature([BYTES, BYTES, INT, INT], BYTES, callsAtSite('overlayByteCount'), fails)
    ],
    cost: 4,
    doc: 'The text or bytes with the second argument in place of those from a position on (from 1): as many as that has, or the given number. Also OVERLAY(a PLACING b FROM c FOR d).',
    example: "overlay('Txxxxas' PLACING 'hom' FROM 2 FOR 4) = 'Thomas'"
  }),
  defineFunction({
    name: 'ascii',
    kind: 'function',
    signatures: [signature([TEXT], INT, calls('asciiCode'))],
    cost: 2,
    doc: 'The Unicode code point of the first character; 0 for the empty text.',
    example: "ascii('x') = 120"
  }),
  defineFunction({
    name: 'chr',
    kind: 'function',
    signatures: [signature([INT], TEXT, callsAtSite('chr'), fails)],
    cost: 2,
    doc: 'The character of a Unicode code point. Fails for 0 and for what is none.',
    example: "chr(65) = 'A'"
  }),
  defineFunction({
    name: 'octet_length',
    kind: 'function',
    signatures: [
      signature([TEXT], INT, calls('octetLength')),
      signature([BYTES], INT, ([bytes]) => js`${bytes!}.length`)
    ],
    cost: 3,
    doc: 'Number of bytes, of a text in UTF-8.',
    example: "octet_length('é') = 2"
  }),
  defineFunction({
    name: 'bit_length',
    kind: 'function',
    signatures: [
      signature([TEXT], INT, ([text], cx) => js`${cx.use('octetLength')}(${text!}) * 8`),
      signature([BYTES], INT, ([bytes]) => js`${bytes!}.length * 8`)
    ],
    cost: 3,
    doc: 'Number of bits, of a text in UTF-8.',
    example: "bit_length('é') = 16"
  }),
  defineFunction({
    name: 'split_index',
    kind: 'function',
    signatures: [signature([TEXT, TEXT, INT], TEXT, calls('splitIndex'), { givesNull: true })],
    cost: 6,
    doc: 'The field between delimiters with an index, which counts from 0; NULL if there is none. As in Flink; split_part counts from 1.',
    example: "split_index('a,b,c', ',', 1) = 'b'"
  })
]
