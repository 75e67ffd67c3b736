import { type Code, dataCode, js, writeData } from '../code/index.ts'
import type { Module } from './module.ts'
import type { ScannedRange } from './slots.ts'

/** One column of a document: where it is, how it is read, what it is when it is missing. */
export interface FieldRead {
  readonly label: ColumnLabel
  /** Its place among the columns of the script. */
  readonly order: number
  /** Member names and places in arrays from the object down; empty: the whole document. */
  readonly path: readonly (string | number)[]
  readonly read: readonly ((pos: Code) => Code)[]
  readonly reset: readonly Code[]
  readonly isNull: Code
  readonly notNull: boolean
  readonly scanned?: ScannedRange
}

/** A column as messages of bad records show it. */
export interface ColumnLabel {
  readonly name: string
  readonly type: string
}

/** Fields that share their member of one level, together; in order of appearance. */
export function groupByKey(fields: readonly FieldRead[], level = 0): FieldRead[][] {
  return [...Map.groupBy(fields, ({ path }) => path[level]!).values()]
}

interface KeysInput {
  readonly name: Code
  readonly groups: readonly FieldRead[][]
  /** Number of the column of a failure. A top-level group's number is that of its first field. */
  readonly labels: readonly ColumnLabel[]
  readonly module: Module
  /** For names: the source, or the path of a nested object. */
  readonly title: string
}

/** The function that reads a record; what is nested gets functions of its own, before it. `whole` are read of all of it. */
export function emitKeys(input: KeysInput, whole: readonly FieldRead[]): void {
  emitLevel(input, 0, () => {
    emitWhole(whole, input)
    emitNotNull([...input.groups.flat(), ...whole], input)
  })
}

/** Behind the members, so that the document is known to be one. */
function emitWhole(whole: readonly FieldRead[], { module, labels }: KeysInput): void {
  const { body, use } = module
  if (whole.length === 0) return
  body.line(js`const top = ${use('skipSpace')}(bytes, start, end)`)
  body.line(js`let all: number`)
  for (const { label, read, reset } of whole) {
    for (const line of reset) body.line(line)
    for (const call of read) {
      body.line(js`all = ${call(js`top`)}`)
      body.line(js`if (all < 0) return ${use('failure')}(all, ${numberOf(label, labels)})`)
    }
  }
}

/** What reads the inside of a group's value, each answering the position behind the value or a reason. */
type Nested = readonly Code[]

function emitLevel(input: KeysInput, level: number, finish: () => void): void {
  const { name, groups, module, title } = input
  const { body, use } = module
  const nested = groups.map(group => emitNested(group, input, level))
  const keys = emitKeyTable(groups, level, module, title)
  const signature = js`function ${name}(bytes: Uint8Array, start: number, end: number): number`
  body.block(signature, () => {
    for (const field of groups.flat()) for (const reset of field.reset) body.line(reset)
    body.line(js`let column = ${use('firstMember')}(${keys}, bytes, start, end)`)
    body.block(js`while (column >= 0)`, () => {
      body.line(js`const pos = ${use('cursor')}[0]!`)
      emitReads(nested, input, level)
      body.if(js`next < 0`, () => {
        body.line(js`next = ${use('superseded')}(${keys}, column, bytes, pos, end, next)`)
        body.line(js`if (next < 0) return ${use('failure')}(next, column)`)
      })
      body.line(js`column = ${use('nextMember')}(${keys}, bytes, next, end)`)
    })
    body.line(
      js`if (column !== ${use('END')}) return ${use('failure')}(column, ${use('NO_COLUMN')})`
    )
    finish()
    body.line(js`return ${use('DecodeStatus')}.Ok`)
  })
  body.blank()
}

function emitKeyTable(
  groups: readonly FieldRead[][],
  level: number,
  module: Module,
  title: string
): Code {
  const keys = module.scope.constant(`${title} keys`)
  const names = groups.map(group => String(group[0]!.path[level]!))
  const ranges = groups.map(group => scannedRange(group, level))
  const scanned = ranges.find(range => range !== null)
  const open = js`const ${keys} = ${module.use('keyTable')}(`
  if (scanned === undefined) writeData(module.body, open, names, js`)`)
  else {
    const [texts, integers] = (['text', 'integer'] as const).map(kind => placesOf(ranges, kind))
    writeData(module.body, open, names, js`, ${scanned.ranges}, ${texts!}, ${integers!})`)
  }
  return keys
}

/** Where the scanner stores what is plain of this member by itself. */
function scannedRange(
  [field, ...others]: readonly FieldRead[],
  level: number
): ScannedRange | null {
  const isAlone = others.length === 0 && field!.path.length === level + 1
  return (isAlone ? field!.scanned : null) ?? null
}

/** By column: its place, or -1. */
function placesOf(ranges: readonly (ScannedRange | null)[], kind: ScannedRange['kind']): Code {
  return dataCode(ranges.map(range => (range?.kind === kind ? range.at : -1)))
}

function emitReads(nested: readonly Nested[], input: KeysInput, level: number): void {
  const { groups, module } = input
  const { body, use } = module
  if (groups.length === 0) {
    body.line(js`let next = ${use('skipValue')}(bytes, pos, end)`)
    return
  }
  body.line(js`let next: number`)
  if (groups.length === 1) return emitGroup(groups[0]!, nested[0]!, input, level)
  body.block(js`switch (column)`, () => {
    groups.forEach((group, index) => {
      const last = index === groups.length - 1
      const read = (): void => {
        emitGroup(group, nested[index]!, input, level)
        if (!last) body.line(js`break`)
      }
      body.nest(last ? js`default:` : js`case ${index}:`, read, null)
    })
  })
}

/** All that is read at one member or element: its own columns, then what is inside of it. All start at `pos`. */
function emitGroup(
  group: readonly FieldRead[],
  nested: Nested,
  { module, labels }: KeysInput,
  level: number
): void {
  const { body, use } = module
  const pos = js`pos`
  const own = group.filter(({ path }) => path.length === level + 1)
  // The number of a top-level member is its column's, where it has only one.
  const isOneColumn = level === 0 && group.length === 1
  const codes = own.flatMap(({ label, read }) =>
    read.map(call =>
      isOneColumn ? call(pos) : js`${use('inColumn')}(${call(pos)}, ${numberOf(label, labels)})`
    )
  )
  for (const read of nested) codes.push(js`${read}(bytes, pos, end)`)
  codes.forEach((code, i) => {
    body.line(i === 0 ? js`next = ${code}` : js`if (next >= 0) next = ${code}`)
  })
}

/** Names of columns are unique in a source. */
function numberOf({ name }: ColumnLabel, labels: readonly ColumnLabel[]): number {
  return labels.findIndex(label => label.name === name)
}

/** Types come first: only a record whose columns all fit is asked what it lacks, in the order of the script. */
function emitNotNull(all: readonly FieldRead[], { labels, module }: KeysInput): void {
  const { body, use } = module
  const fields = all.filter(({ notNull }) => notNull)
  for (const { isNull, label } of fields.toSorted((a, b) => a.order - b.order)) {
    const missing = js`${use('failure')}(${use('Bad')}.missing, ${numberOf(label, labels)})`
    body.line(js`if (${isNull}) return ${missing}`)
  }
}

/** For columns with a PATH: functions for the members and for the elements that are inside of this value. */
function emitNested(group: readonly FieldRead[], input: KeysInput, level: number): Nested {
  const inside = group.filter(({ path }) => path.length > level + 1)
  const isElement = ({ path }: FieldRead): boolean => typeof path[level + 1] === 'number'
  const [elements, members] = [inside.filter(isElement), inside.filter(field => !isElement(field))]
  const title = `${input.title} ${group[0]!.path[level]!}`
  return [
    ...(members.length === 0 ? [] : [emitMembers(members, { ...input, title }, level + 1)]),
    ...(elements.length === 0 ? [] : [emitElements(elements, { ...input, title }, level + 1)])
  ]
}

function emitMembers(inside: readonly FieldRead[], input: KeysInput, level: number): Code {
  const { module, title } = input
  const { body, use, scope } = module
  const decode = scope.name(`decode ${title}`)
  const name = scope.name(`read ${title}`)
  emitLevel({ ...input, name: decode, groups: groupByKey(inside, level) }, level, () => {})
  body.block(js`function ${name}(bytes: Uint8Array, start: number, end: number): number`, () => {
    body.line(js`const next = ${use('skipValue')}(bytes, start, end)`)
    body.line(js`if (next < 0) return next`)
    // Anything but an object has no members: the columns are missing, whatever a duplicate before it held.
    body.block(js`if (bytes[start] !== 0x7b)`, () => {
      for (const { reset } of inside) for (const line of reset) body.line(line)
      body.line(js`return next`)
    })
    body.line(js`const status = ${decode}(bytes, start, next)`)
    body.line(js`return status === ${use('DecodeStatus')}.Ok ? next : -status`)
  })
  body.blank()
  return name
}

/** Each element that is read is looked for by itself: paths name few of them. */
function emitElements(inside: readonly FieldRead[], input: KeysInput, level: number): Code {
  const { module, title } = input
  const { body, use, scope } = module
  const groups = groupByKey(inside, level)
  const nested = groups.map(group => emitNested(group, input, level))
  const name = scope.name(`read elements ${title}`)
  body.block(js`function ${name}(bytes: Uint8Array, start: number, end: number): number`, () => {
    body.line(js`const after = ${use('skipValue')}(bytes, start, end)`)
    body.line(js`if (after < 0) return after`)
    for (const { reset } of inside) for (const line of reset) body.line(line)
    body.line(js`let pos: number`)
    body.line(js`let next = after`)
    groups.forEach((group, i) => {
      body.line(js`pos = ${use('elementStart')}(bytes, start, after, ${group[0]!.path[level]!})`)
      body.block(js`if (pos >= 0)`, () => {
        emitGroup(group, nested[i]!, input, level)
        body.line(js`if (next < 0) return next`)
      })
    })
    body.line(js`return after`)
  })
  body.blank()
  return name
}
