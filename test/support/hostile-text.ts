import { pick, type Random } from './functions/random-value.ts'

/** What would do something, were it anywhere else than in a literal. */
const PARTS = [
  ...["'", '"', '`', '\\', '\\u0027', '${globalThis.pwned=1}', '`+(globalThis.pwned=1)+`'],
  ...[
    "';globalThis.pwned=1;//",
    '";globalThis.pwned=1;//',
    '*/globalThis.pwned=1/*',
    '// x',
    '/* x'
  ],
  ...[
    '\n',
    '\r',
    '\u2028',
    '\u2029',
    '\u001b[31m',
    '\u0007',
    '\u202e',
    '\ufeff',
    '😀',
    '</script>'
  ],
  ...[
    '<script>globalThis.pwned=1</script>',
    '<!--',
    '-->',
    '&amp;',
    '%%{init}%%',
    'graph TD',
    'end'
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'then', 'default'],
  ...[
    'await',
    'class',
    'eval',
    'undefined',
    'null',
    '$&',
    "$'",
    '$1',
    '#{x}',
    '{{x}}',
    ' ',
    'ü',
    'a',
    ';'
  ]
]

/** `HOSTILE_SEED=n` makes other names. */
export const hostileSeed = Number(process.env['HOSTILE_SEED'] ?? 7)

/** A few of them together. */
export function hostile(random: Random): string {
  return Array.from({ length: 1 + random(4) }, () => pick(random, PARTS)).join('')
}

/** Names of one script that differ from each other, whatever their case. */
export function makeNames(random: Random, count: number): string[] {
  const names = new Map<string, string>()
  while (names.size < count) {
    const name = hostile(random)
    names.set(name.toLowerCase(), name)
  }
  return [...names.values()]
}

/** As an identifier of SQL. */
export const quoteName = (text: string): string => `"${text.replaceAll('"', '""')}"`
/** As a literal of SQL. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`
