type Step = string | number

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t'
}

/** The steps of a singular path, `$.a[-1]['b']`; the binder has checked its form. */
export function parsePath(path: string): Step[] {
  const rest = [...path].slice(1)
  const steps: Step[] = []
  const skipBlanks = (): void => {
    while (/^[ \t\n\r]$/.test(rest[0] ?? '')) rest.shift()
  }
  for (;;) {
    skipBlanks()
    const first = rest.shift()
    if (first === undefined) return steps
    skipBlanks()
    const quote = rest[0]
    if (quote === '"' || quote === "'") steps.push(takeQuoted(rest))
    else steps.push(first === '.' ? takeWhile(rest, /[^ \t\n\r.[]/) : takeIndex(rest))
    skipBlanks()
    if (first === '[') rest.shift()
  }
}

function takeWhile(rest: string[], letters: RegExp): string {
  let taken = ''
  while (rest.length > 0 && letters.test(rest[0]!)) taken += rest.shift()!
  return taken
}

function takeIndex(rest: string[]): number {
  return Number(takeWhile(rest, /[-0-9]/))
}

function takeQuoted(rest: string[]): string {
  const quote = rest.shift()!
  let name = ''
  for (let letter = rest.shift(); letter !== quote; letter = rest.shift()) {
    if (letter === undefined) throw new Error('a path ends in a name')
    name += letter === '\\' ? takeEscape(rest) : letter
  }
  return name
}

function takeEscape(rest: string[]): string {
  const letter = rest.shift()!
  if (letter !== 'u') return ESCAPES[letter] ?? letter
  return String.fromCharCode(Number.parseInt(rest.splice(0, 4).join(''), 16))
}
