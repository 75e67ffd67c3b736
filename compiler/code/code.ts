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

/** Code that is only a value. NaN, infinities and -0 keep their meaning. */
export function literal(value: string | number | bigint | boolean | null): Code {
  if (typeof value === 'string') return makeCode(quote(value))
  if (typeof value === 'bigint') return makeCode(value < 0n ? `(${value}n)` : `${value}n`)
  if (typeof value === 'number') {
    const text = Object.is(value, -0) ? '-0' : String(value)
    return makeCode(text.startsWith('-') ? `(${text})` : text)
  }
  return makeCode(String(value))
}

/** A single-quoted literal in plain ASCII: no line separator, backtick or `</script>` of a script survives in it. */
export function quote(text: string): string {
  let quoted = "'"
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0x27 || unit === 0x5c) quoted += '\\' + text[i]!
    else if (unit === 0x0a) quoted += '\\n'
    else if (unit < 0x20 || unit > 0x7e || unit === 0x60 || unit === 0x3c) {
      quoted += '\\u' + unit.toString(16).padStart(4, '0')
    } else quoted += text[i]!
  }
  return quoted + "'"
}

export function makeCode(text: string): Code {
  return Object.freeze({ kind: 'Code', text })
}
