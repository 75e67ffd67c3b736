import { makeCode, type Code } from './code.ts'

/** Words that can't name anything in strict TypeScript modules, and globals that generated code uses. */
const reserved = new Set(
  (
    'arguments as async await boolean break case catch class const continue debugger default delete do else enum eval export ' +
    'extends false finally for from function get if implements import in instanceof interface let new null number of ' +
    'package private protected public return set static string super switch symbol this throw true try type typeof ' +
    'undefined var void while with yield any never unknown object bigint ' +
    'Array BigInt Boolean Error Float64Array Infinity Int32Array Map Math NaN Number Object Promise Set String Uint8Array'
  ).split(' ')
)

/** Hands out names that are valid identifiers and unique where they are seen. */
export interface Scope {
  /** A fresh name like `hint`: camelCase for locals and functions. */
  name(hint: string): Code
  /** A fresh name in UPPER_CASE. */
  constant(hint: string): Code
  /** `name` itself where it is free, else a fresh one like it. */
  exact(name: string): Code
  /** A scope inside this one: its names differ from all of this one's, past and future. */
  inner(): Scope
}

/** The names of a module. Its inner scopes are functions; they do not nest further. */
export function makeScope(): Scope {
  const own = new Set<string>()
  const inner: Set<string>[] = []
  const taken = (name: string): boolean => own.has(name) || inner.some(set => set.has(name))
  return {
    ...namer(own, taken),
    inner() {
      const names = new Set<string>()
      inner.push(names)
      const scope: Scope = {
        ...namer(names, name => own.has(name) || names.has(name)),
        inner: () => scope
      }
      return scope
    }
  }
}

function namer(names: Set<string>, taken: (name: string) => boolean): Omit<Scope, 'inner'> {
  const fresh = (base: string): Code => {
    let name = base
    for (let i = 2; reserved.has(name) || taken(name); i++) name = `${base}${i}`
    names.add(name)
    return makeCode(name)
  }
  return {
    name: hint => fresh(camelCase(hint)),
    constant: hint => fresh(upperCase(hint)),
    exact: fresh
  }
}

// Only ASCII letters and digits of a hint get into a name: what a script calls its columns is not trusted.
function words(hint: string): string[] {
  const found = hint.replace(/([a-z0-9])([A-Z])/g, '$1 $2').match(/[A-Za-z0-9]+/g) ?? []
  const text = found.slice(0, 6).map(word => word.slice(0, 24))
  if (text.length === 0) return ['value']
  return /^[0-9]/.test(text[0]!) ? ['value', ...text] : text
}

export function camelCase(hint: string): string {
  return words(hint)
    .map((word, i) => {
      const lower = word.toLowerCase()
      return i === 0 ? lower : lower[0]!.toUpperCase() + lower.slice(1)
    })
    .join('')
}

export function pascalCase(hint: string): string {
  const name = camelCase(hint)
  return name[0]!.toUpperCase() + name.slice(1)
}

function upperCase(hint: string): string {
  return words(hint).join('_').toUpperCase()
}
