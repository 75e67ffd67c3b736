/** A part of a pipeline as CycloneDX 1.6 describes it: https://cyclonedx.org/docs/1.6/json/#components */
export interface Component {
  readonly type:
    'application' | 'file' | 'library' | 'machine-learning-model' | 'operating-system' | 'platform'
  readonly 'bom-ref': string
  readonly group?: string
  readonly name: string
  readonly version?: string
  readonly licenses?: readonly Licence[]
  readonly hashes?: readonly Hash[]
  readonly cpe?: string
  readonly purl?: string
  /** What it is made of. */
  readonly components?: readonly Component[]
}

type Licence =
  | { readonly license: { readonly id: string } | { readonly name: string } }
  | { readonly expression: string }

export interface Hash {
  readonly alg: 'SHA-256' | 'SHA-512'
  /** Hexadecimal. */
  readonly content: string
}

/** As a package.json spells it. */
export function licencesOf(text: string | null): Pick<Component, 'licenses'> {
  if (text === null) return {}
  if (/^[\w.+-]+$/.test(text)) return { licenses: [{ license: { id: text } }] }
  const isExpression = / (OR|AND|WITH) /.test(text)
  return { licenses: [isExpression ? { expression: text } : { license: { name: text } }] }
}

export function sha256(content: string): Pick<Component, 'hashes'> {
  return { hashes: [{ alg: 'SHA-256', content }] }
}

/** A file in the executable, by the name that it has there. */
export function fileComponent(name: string, hash: string): Component {
  return { type: 'file', 'bom-ref': `file:${name}`, name, ...sha256(hash) }
}
