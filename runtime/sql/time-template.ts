/** One piece of a template of to_char, to_timestamp or to_date. */
export type TemplateNode =
  | {
      readonly kind: 'field'
      /** In upper case. */
      readonly name: string
      /** As written, whose case that of names and AM follows. */
      readonly written: string
      /** FM: neither blanks nor zeros in front. */
      readonly fill: boolean
      /** TH or th behind it, else empty. */
      readonly ordinal: string
    }
  /** `quoted`: in double quotes or escaped, or a letter that is no field. */
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }

/** All patterns, the longer of two with one beginning first. */
const fields: readonly string[] = [
  ...['HH24', 'HH12', 'HH', 'MI', 'SSSSS', 'SSSS', 'SS', 'MS', 'US'],
  ...['FF1', 'FF2', 'FF3', 'FF4', 'FF5', 'FF6'],
  ...['A.M.', 'P.M.', 'AM', 'PM', 'A.D.', 'B.C.', 'AD', 'BC'],
  ...['Y,YYY', 'YYYY', 'YYY', 'YY', 'Y', 'IYYY', 'IYY', 'IY', 'IDDD', 'ID', 'IW', 'I'],
  ...['MONTH', 'MON', 'MM', 'DAY', 'DY', 'DDD', 'DD', 'D'],
  ...['WW', 'W', 'CC', 'J', 'Q', 'RM', 'TZH', 'TZM', 'TZ', 'OF']
]
/** Names may also be written with one capital. */
const NAMES = new Set(['MONTH', 'MON', 'DAY', 'DY'])

const templates = new Map<string, readonly TemplateNode[]>()
/** A template is mostly a constant: what comes from data must not fill the memory. */
const REMEMBERED = 1000

/** A template as its pieces. */
export function parseTemplate(template: string): readonly TemplateNode[] {
  const known = templates.get(template)
  if (known !== undefined) return known
  if (templates.size >= REMEMBERED) templates.clear()
  const nodes = readTemplate(template)
  templates.set(template, nodes)
  return nodes
}

function readTemplate(template: string): TemplateNode[] {
  const nodes: TemplateNode[] = []
  for (let pos = 0; pos < template.length;) {
    const prefix = /^(?:FM|fm|FX|fx|TM|tm)/.exec(template.slice(pos))?.[0] ?? ''
    const at = pos + prefix.length
    const written = fieldAt(template, at)
    if (written !== null) {
      const end = at + written.length
      const ordinal = /^(?:TH|th)/.exec(template.slice(end))?.[0] ?? ''
      const fill = prefix.toUpperCase() === 'FM'
      nodes.push({ kind: 'field', name: written.toUpperCase(), written, fill, ordinal })
      pos = end + ordinal.length
    } else if (prefix !== '') pos = at
    else pos = readText(template, pos, nodes)
  }
  return nodes
}

/** The pattern that stands at `pos`, as it is written there. */
function fieldAt(template: string, pos: number): string | null {
  for (const name of fields) {
    const written = template.slice(pos, pos + name.length)
    if (written.toUpperCase() !== name) continue
    const capitalized = name[0]! + name.slice(1).toLowerCase()
    const isOneCase = written === name || written === name.toLowerCase()
    if (isOneCase || (NAMES.has(name) && written === capitalized)) return written
  }
  return null
}

function readText(template: string, pos: number, nodes: TemplateNode[]): number {
  const character = template[pos]!
  if (character === '"') {
    let text = ''
    for (pos++; pos < template.length && template[pos] !== '"'; pos++) {
      if (template[pos] === '\\' && pos + 1 < template.length) pos++
      text += template[pos]!
    }
    nodes.push({ kind: 'text', text, quoted: true })
    return pos + 1
  }
  // A backslash takes only a double quote's meaning away.
  if (character === '\\' && template[pos + 1] === '"') {
    nodes.push({ kind: 'text', text: '"', quoted: true })
    return pos + 2
  }
  nodes.push({ kind: 'text', text: character, quoted: /[\p{L}\d]/u.test(character) })
  return pos + 1
}
