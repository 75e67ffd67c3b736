import { js } from '../code/index.ts'
import { BYTES, INT, TEXT } from '../types/index.ts'
import { calls } from './calls.ts'
import { defineFunction, signature, type FunctionEntry, type RuntimeName } from './entry.ts'

function trim(
  name: string,
  runtime: RuntimeName,
  ofBytes: RuntimeName,
  aliases: readonly string[],
  where: string,
  example: string
) {
  return defineFunction({
    name,
    kind: 'function',
    aliases,
    signatures: [
      signature([TEXT], TEXT, ([text], cx) => js`${cx.use(runtime)}(${text!}, ${' '})`),
      signature([TEXT, TEXT], TEXT, calls(runtime)),
      signature([BYTES, BYTES], BYTES, calls(ofBytes))
    ],
    cost: 3,
    doc: `The text without spaces, or any of the second argument's characters, ${where}; bytes without any of the second argument's.`,
    example
  })
}

function pad(name: string, runtime: RuntimeName, where: string, example: string) {
  return defineFunction({
    name,
    kind: 'function',
    signatures: [
      signature(
        [TEXT, INT],
        TEXT,
        ([text, length], cx) => js`${cx.use(runtime)}(${text!}, ${length!}, ${' '}, ${cx.site()})`,
        { canFail: true }
      ),
      signature(
        [TEXT, INT, TEXT],
        TEXT,
        ([text, length, fill], cx) =>
          js`${cx.use(runtime)}(${text!}, ${length!}, ${fill!}, ${cx.site()})`,
        { canFail: true }
      )
    ],
    cost: 4,
    doc: `The text filled up ${where} to a length, with spaces or the third argument; a longer text is cut.`,
    example
  })
}

export const trimFunctions: readonly FunctionEntry[] = [
  trim('btrim', 'trimBoth', 'trimBytes', ['trim'], 'at both ends', "btrim('xax', 'x') = 'a'"),
  trim('ltrim', 'trimStart', 'trimBytesStart', [], 'at its beginning', "ltrim('xax', 'x') = 'ax'"),
  trim('rtrim', 'trimEnd', 'trimBytesEnd', [], 'at its end', "rtrim('xax', 'x') = 'xa'"),
  pad('lpad', 'padLeft', 'on the left', "lpad('7', 3, '0') = '007'"),
  pad('rpad', 'padRight', 'on the right', "rpad('7', 3, '0') = '700'")
]
