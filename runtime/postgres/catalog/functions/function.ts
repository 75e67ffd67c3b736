import { nameOf } from '../cast-value.ts'
import type { Value } from '../catalog-types.ts'
import type { Catalogue } from '../catalogue.ts'

/** A function of one row. */
export interface CatalogFunction {
  /** Of what it gives, by the types of its arguments where they decide. */
  readonly type: string | ((args: readonly string[]) => string)
  /** What literals among its arguments are. */
  readonly args?: readonly string[]
  /** It is asked where an argument is NULL too; else it gives NULL. */
  readonly takesNull?: boolean
  readonly call: (args: readonly Value[], catalogue: Catalogue, types: readonly string[]) => Value
}

export type Functions = Readonly<Record<string, CatalogFunction>>

/** The same for all of these names. */
export function named(names: string, one: CatalogFunction): Functions {
  return Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map(name => [name, one])
  )
}

export function text(
  call: (args: readonly string[], catalogue: Catalogue) => Value,
  type = 'text'
): CatalogFunction {
  return {
    type,
    call: (args, catalogue, types) =>
      call(
        args.map((arg, i) => nameOf(arg, types[i]!, catalogue)),
        catalogue
      )
  }
}
