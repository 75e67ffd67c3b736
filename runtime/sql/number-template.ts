import { ValueError } from './value-error.ts'

/** One piece of a template of to_char for numbers. `zero` is a digit that is shown as 0 where the number has none. */
export type NumberPiece =
  | 'digit'
  | 'zero'
  | 'point'
  | 'group'
  | 'currency'
  | 'minus'
  | 'plus'
  | 'sign'
  | 'ordinal'
  | 'roman'
  | 'text'

export interface NumberNode {
  readonly kind: NumberPiece
  readonly written: string
}

/** A template, and what its pieces mean together. */
export interface NumberTemplate {
  readonly nodes: readonly NumberNode[]
  /** Digits before the point, and behind it. */
  readonly whole: number
  readonly fraction: number
  /** Digits behind V: the number is shown times ten to this. */
  readonly shift: number
  /** The index of the digit from which on zeros are shown; -1: none. */
  readonly zeroStart: number
  /** How many digits come before the end of the last zero. */
  readonly zeroEnd: number
  /** Where S stands: the sign touches the number. */
  readonly anchor: 'none' | 'before' | 'behind'
  readonly fill: boolean
  readonly point: boolean
  readonly minus: boolean
  readonly plus: boolean
  readonly brackets: boolean
  readonly roman: boolean
  readonly exponent: boolean
}

const PIECES =
  /(EEEE|eeee|FM|fm|MI|mi|PL|pl|PR|pr|RN|rn|SG|sg|SP|sp|TH|th|[,.09BbCcDdGgLlSsVv])|"((?:[^"\\]|\\[^])*)"?|\\(")|([^])/gu

const templates = new Map<string, NumberTemplate>()
/** A template is mostly a constant: what comes from data must not fill the memory. */
const REMEMBERED = 1000

/** Fails where the pieces do not go together. */
export function parseNumberTemplate(template: string): NumberTemplate {
  const known = templates.get(template)
  if (known !== undefined) return known
  if (templates.size >= REMEMBERED) templates.clear()
  const builder = new TemplateBuilder()
  for (const [, pattern, quoted, escaped, other] of template.matchAll(PIECES)) {
    if (pattern !== undefined) builder.pattern(pattern)
    else builder.text(quoted?.replace(/\\([^])/g, '$1') ?? escaped ?? other!)
  }
  const parsed = builder.finish()
  templates.set(template, parsed)
  return parsed
}

/** Patterns that are written themselves, at their place. */
const written: Readonly<Record<string, NumberPiece>> = {
  '9': 'digit',
  '0': 'zero',
  '.': 'point',
  D: 'point',
  ',': 'group',
  G: 'group',
  L: 'currency',
  MI: 'minus',
  PL: 'plus',
  SG: 'sign',
  TH: 'ordinal',
  RN: 'roman'
}

class TemplateBuilder {
  readonly #nodes: NumberNode[] = []
  #whole = 0
  #fraction = 0
  #shift = -1
  #zeroStart = -1
  #zeroEnd = 0
  #anchor: NumberTemplate['anchor'] = 'none'
  /** The number of digits in front of S. */
  #anchorAt = 0
  readonly #seen = new Set<string>()

  text(text: string): void {
    for (const letter of text) this.#nodes.push({ kind: 'text', written: letter })
  }

  pattern(pattern: string): void {
    const name = pattern === '.' ? 'D' : pattern.toUpperCase()
    if (this.#seen.has('EEEE')) throw invalid('EEEE has to be last')
    this.#check(name)
    if (name === '9' || name === '0') this.#digit(name)
    if (name === 'S') this.#sign()
    if (name === 'V') this.#shift = Math.max(this.#shift, 0)
    this.#seen.add(name)
    const kind = written[name]
    if (kind !== undefined) this.#nodes.push({ kind, written: pattern })
  }

  finish(): NumberTemplate {
    const seen = this.#seen
    const atEnd = this.#anchor === 'before' && this.#anchorAt === this.#whole
    return {
      nodes: this.#nodes,
      whole: this.#whole,
      fraction: this.#fraction,
      shift: Math.max(this.#shift, 0),
      zeroStart: this.#zeroStart,
      zeroEnd: this.#zeroEnd,
      anchor: atEnd ? 'behind' : this.#anchor,
      fill: seen.has('FM'),
      point: seen.has('D'),
      minus: seen.has('MI') || seen.has('SG'),
      plus: seen.has('PL') || seen.has('SG'),
      brackets: seen.has('PR'),
      roman: seen.has('RN'),
      exponent: seen.has('EEEE')
    }
  }

  #digit(name: string): void {
    if (this.#seen.has('PR')) throw invalid(`${name} has to stand in front of PR`)
    if (name === '9' && this.#shift >= 0) {
      this.#shift++
      return
    }
    const isFraction = this.#seen.has('D')
    if (name === '0' && this.#zeroStart < 0 && !isFraction) this.#zeroStart = this.#whole
    if (isFraction) this.#fraction++
    else this.#whole++
    if (name === '0') this.#zeroEnd = this.#whole + this.#fraction
  }

  #sign(): void {
    this.#anchor = this.#seen.has('D') ? 'behind' : 'before'
    this.#anchorAt = this.#whole
  }

  /** What does not go with what stands before it. */
  #check(name: string): void {
    const clash = clashes[name]?.find(other => this.#seen.has(other))
    if (clash !== undefined) throw invalid(`${name} does not go with ${clash}`)
  }
}

const signs = ['S', 'MI', 'PL', 'SG']
const clashes: Readonly<Record<string, readonly string[]>> = {
  D: ['D', 'V'],
  V: ['D'],
  S: [...signs, 'PR'],
  MI: ['S'],
  PL: ['S'],
  SG: ['S'],
  PR: signs,
  EEEE: [...signs, 'B', 'FM', 'PR', 'RN', 'V']
}

function invalid(message: string): ValueError {
  return new ValueError('invalid-format', `in the template of a number ${message}`)
}
