import type { StateIdentity } from '../contract/index.ts'

/**
 * What becomes of a state when another script meets it: it goes on as it is, does so when nothing is on its way to it, its rows get other
 * columns, or it has to be made anew from what the sources hold.
 */
export interface StateVerdict {
  readonly verdict: 'keep' | 'drain' | 'migrate' | 'rebuild'
  /** Why, as the end of a sentence. */
  readonly reason: string
}

export function verdictOf(before: StateIdentity, after: StateIdentity): StateVerdict {
  const isSameMeaning = before.meaning === after.meaning
  if (before.layout === after.layout) {
    if (!isSameMeaning)
      return { verdict: 'rebuild', reason: 'what its rows are made of has changed' }
    return before.sent === after.sent
      ? { verdict: 'keep', reason: `it holds the same rows${otherModels(before, after)}` }
      : { verdict: 'drain', reason: OTHER_FORM }
  }
  const problem = migrationProblem(before, after)
  if (problem === null && isSameMeaning)
    return { verdict: 'migrate', reason: columnChange(before, after) }
  const reason = `it holds ${before.layout}, and would hold ${after.layout}`
  return { verdict: 'rebuild', reason: problem === null ? reason : `${reason}: ${problem}` }
}

const OTHER_FORM =
  'it holds the same rows, but those that are sent to it have another form: the new script starts when none of the old one are on their way'

/** A model has answered for rows as they came: its answers are part of them, as what was looked up for them. */
function otherModels(
  { models: before = [] }: StateIdentity,
  { models = [] }: StateIdentity
): string {
  const others = models.filter(({ name, hash }) =>
    before.some(known => known.name === name && known.hash !== hash)
  )
  if (others.length === 0) return ''
  const names = others.map(({ name }) => `"${name}"`).join(', ')
  return `; the file of ${others.length === 1 ? 'model' : 'models'} ${names} is another: what was answered so far stays in them`
}

/** Why rows can't get other columns; null: they can. */
function migrationProblem(
  { table: before }: StateIdentity,
  { table: after }: StateIdentity
): string | null {
  if (before === null || after === null) return 'only rows of tables can get other columns'
  const keyOf = ({ columns, key, nullsInKey }: NonNullable<StateIdentity['table']>): string => {
    const named = key?.map(index => [columns[index]!.name, columns[index]!.type]) ?? null
    return JSON.stringify([named, nullsInKey === true])
  }
  if (keyOf(before) !== keyOf(after)) return 'the key is another'
  for (const column of after.columns) {
    const known = before.columns.find(({ name }) => name === column.name)
    if (known === undefined && !column.nullable)
      return `"${column.name}" is new and may not be NULL`
    if (known === undefined) continue
    if (known.type !== column.type)
      return `"${column.name}" was ${known.type} and is ${column.type}`
    if (known.nullable && !column.nullable) return `"${column.name}" may not be NULL any more`
  }
  return null
}

function columnChange({ table: before }: StateIdentity, { table: after }: StateIdentity): string {
  const names = (table: StateIdentity['table']): string[] => table!.columns.map(({ name }) => name)
  const added = names(after).filter(name => !names(before).includes(name))
  const gone = names(before).filter(name => !names(after).includes(name))
  const parts = [
    ...(added.length === 0 ? [] : [`its rows get ${added.join(', ')} as NULL`]),
    ...(gone.length === 0 ? [] : [`its rows lose ${gone.join(', ')}`])
  ]
  return parts.length === 0 ? 'its columns have another order' : parts.join(', ')
}

/** A row of the table as it was, as one of the table that is; see `verdictOf`. */
export function migrateRow(
  row: readonly unknown[],
  before: StateIdentity,
  after: StateIdentity
): readonly unknown[] {
  const places = after.table!.columns.map(({ name }) =>
    before.table!.columns.findIndex(column => column.name === name)
  )
  return places.map(place => (place < 0 ? null : row[place]))
}
