/** A piece of TypeScript that is safe to put into generated code: made only by `js`, `literal` and scopes. */
export interface Code {
  readonly kind: 'Code'
  readonly text: string
}

/** What a `js` template accepts: code as it is, everything else as a quoted literal. */
export type Insertion = Code | string | number | bigint | boolean | null | readonly Code[]

/** Builds code. Strings are inserted as quoted literals, lists of code with commas between: nothing of a script gets in raw. */
export function js(strings: TemplateStringsArray, ...insertions: readonly Insertion[]): Code {
  let text = strings[0]!
  for (let i = 0; i < insertions.length; i++) text += insert(insertions[i]!) + strings[i + 1]!
  return makeCode(text)
}

function insert(value: Insertion): string {
  if (value === null || typeof value !== 'object') return literal(value).text
  return isCode(value) ? value.text : value.map(code => code.text).join(', ')
}

function isCode(value: Code | readonly Code[]): value is Code {
  return 'kind' in value
}

/** Code that is only a value, wherever it stands. NaN, infinities and -0 keep their meaning. */
export function literal(value: string | number | bigint | boolean | null): Code {
  const code = listedLiteral(value)
  return code.text.startsWith('-') ? makeCode(`(${code.text})`) : code
}

/** As `literal`, where commas or brackets stand around it. */
export function listedLiteral(value: string | number | bigint | boolean | null): Code {
  if (typeof value === 'string') return makeCode(quote(value))
  if (typeof value === 'bigint') return makeCode(`${value}n`)
  return makeCode(Object.is(value, -0) ? '-0' : String(value))
}

/** Letters that are read from left to right, and what plans are drawn with. */
const PLAIN =
  /^(?!\p{DI})[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u2500-\u257f]$/u

/** ASCII that needs no escape, whatever stands beside it. */
const HARMLESS = /^[ !#-&(-;=-[\]-_a-~]*$/

/**
 * A literal in quotes. ASCII and letters stand for themselves, everything else is escaped: no line separator, direction
 * mark, invisible character, backtick, `</script>` or `<!--` of a script survives in it.
 */
export function quote(text: string): string {
  // Most texts are such, and a plan has thousands.
  if (HARMLESS.test(text)) return `'${text}'`
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  let quoted = ''
  for (const character of text) quoted += quoteCharacter(character, mark)
  return mark + quoted.replace(/<(?=[/!])/g, '\\u003c') + mark
}

function quoteCharacter(character: string, mark: string): string {
  if (character === mark || character === '\\') return '\\' + character
  if (character === '\n') return '\\n'
  if (/^[ -~]$/.test(character) && character !== '`') return character
  if (PLAIN.test(character)) return character
  // UTF-16, as JavaScript counts: two escapes for a character beyond the first 65,536.
  return Array.from(
    { length: character.length },
    (_, i) => '\\u' + character.charCodeAt(i).toString(16).padStart(4, '0')
  ).join('')
}

/** The name of a property in an object literal: bare where it is an identifier. */
export function propertyKey(name: string): Code {
  // Written plainly it would set the object's prototype.
  if (name === '__proto__') return js`[${name}]`
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? makeCode(name) : literal(name)
}

export function makeCode(text: string): Code {
  return Object.freeze({ kind: 'Code', text })
}
