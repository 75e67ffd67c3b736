import type { Identifier, QualifiedName, SelectItem } from '../ast/index.ts'
import { matchName } from '../bind/index.ts'
import type { KnownColumn } from './known-column.ts'
import type { Scope, ScopePart } from './scope.ts'

/** A column, and what it is a column of. */
export interface ResolvedColumn {
  readonly column: KnownColumn
  readonly part: ScopePart
}

/** The column that a name means in the nearest scope that has it. */
export function resolveColumn(
  { parts: names }: QualifiedName,
  scopes: readonly Scope[]
): ResolvedColumn | null {
  const wanted = names.at(-1)!
  for (const { parts } of scopes) {
    const owners = names.length === 1 ? parts : parts.filter(part => isCalled(part, names[0]!))
    for (const part of owners) {
      const match = matchName(wanted, part.columns, column => column.name)
      if (match.kind === 'Found') return { column: match.value, part }
    }
  }
  return null
}

/** The relation that a qualifier means. */
export function resolvePart(name: Identifier, scopes: readonly Scope[]): ScopePart | null {
  return scopes.flatMap(({ parts }) => parts).find(part => isCalled(part, name)) ?? null
}

/** The select item that an alias means: GROUP BY, HAVING and ORDER BY may use it. */
export function resolveAlias(
  { parts }: QualifiedName,
  scopes: readonly Scope[]
): SelectItem | null {
  if (parts.length > 1) return null
  const items = scopes.flatMap(({ select }) => select?.items ?? [])
  const wanted = parts[0]!.name.toLowerCase()
  return items.find(({ alias }) => alias?.name.toLowerCase() === wanted) ?? null
}

function isCalled({ name }: ScopePart, wanted: Identifier): boolean {
  return name !== null && name.toLowerCase() === wanted.name.toLowerCase()
}
