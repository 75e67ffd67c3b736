/** A piece of a template: a field, or text. */
export interface Token {
  /** In upper case; null: text. */
  readonly field: string | null
  readonly written: string
  readonly fill: boolean
  readonly ordinal: string
  readonly text: string
  /** Text that stands for a character each: quoted, or a letter or digit that is no pattern. */
  readonly literal: boolean
}

const FIELDS =
  'HH24|HH12|HH|MI|SSSSS|SSSS|SS|MS|US|FF[1-6]|[AP]\\.M\\.|[AP]M|A\\.D\\.|B\\.C\\.|AD|BC|Y,YYY|YYYY|YYY|YY|Y|IYYY|IYY|IY|IDDD|ID|IW|I|MONTH|MON|MM|DAY|DY|DDD|DD|D|WW|W|CC|J|Q|RM|TZH|TZM|TZ|OF'
/** All in one case, but for names with one capital. */
const FIELD = new RegExp(
  `^(FM|fm|FX|fx|TM|tm)?(Month|Mon|Day|Dy|${FIELDS}|${FIELDS.toLowerCase()})(TH|th)?`
)

/** PostgreSQL's templates of to_char, to_timestamp and to_date as their pieces. */
export function readTemplate(template: string): Token[] {
  const tokens: Token[] = []
  const text = (value: string, literal: boolean): void => {
    const none = { field: null, written: '', fill: false, ordinal: '' }
    tokens.push({ ...none, text: value, literal })
  }
  for (let rest = template; rest !== '';) {
    const field = FIELD.exec(rest)
    const prefix = /^(?:FM|fm|FX|fx|TM|tm)/.exec(rest)
    const quoted = /^"((?:\\[^]|[^"\\])*)"?/.exec(rest)
    let used = 1
    if (field !== null) {
      used = field[0].length
      const written = field[2]!
      const fill = field[1]?.toUpperCase() === 'FM'
      const ordinal = field[3] ?? ''
      tokens.push({
        field: written.toUpperCase(),
        written,
        fill,
        ordinal,
        text: '',
        literal: false
      })
    } else if (prefix !== null) used = 2
    else if (quoted !== null) {
      used = quoted[0].length
      text(quoted[1]!.replace(/\\([^])/g, '$1'), true)
    } else if (rest.startsWith('\\"')) {
      used = 2
      text('"', true)
    } else text(rest[0]!, /[\p{L}\d]/u.test(rest[0]!))
    rest = rest.slice(used)
  }
  return tokens
}

export function inCase(text: string, written: string): string {
  if (written.toLowerCase() === written) return text.toLowerCase()
  return written.toUpperCase() === written ? text.toUpperCase() : text
}

export function withOrdinal(text: string, ordinal: string): string {
  if (ordinal === '') return text
  const suffix = /1\d$/.test(text) ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[text.at(-1)!] ?? 'th')
  return text + (ordinal === 'TH' ? suffix.toUpperCase() : suffix)
}
