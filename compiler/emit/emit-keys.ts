import { js, type Code } from '../code/index.ts'
import type { Module } from './module.ts'
import type { Slots } from './slots.ts'

/** One column of a document: where it is, how it is read, what it is when it is missing. */
export interface FieldRead {
  readonly label: { readonly name: string; readonly type: string }
  /** Member names from the object down. */
  readonly path: readonly string[]
  readonly read: readonly ((pos: Code) => Code)[]
  readonly reset: readonly Code[]
  readonly isNull: Code
  readonly notNull: boolean
}

/** Fields that share their first member, together; in order of appearance. */
export function groupByKey(fields: readonly FieldRead[]): FieldRead[][] {
  const groups = new Map<string, FieldRead[]>()
  for (const field of fields) {
    const group = groups.get(field.path[0]!) ?? []
    group.push(field)
    groups.set(field.path[0]!, group)
  }
  return [...groups.values()]
}

interface KeysInput {
  readonly name: Code
  readonly groups: readonly FieldRead[][]
  readonly slots: Slots
  readonly module: Module
  /** For names: the source, or the path of a nested object. */
  readonly title: string
}

/** The function that reads one level of objects; nested objects get functions of their own, before it. */
export function emitKeys({ name, groups, slots, module, title }: KeysInput): void {
  const { body, use } = module
  const nested = groups.map(group => emitNested(group, slots, module, title))
  const keys = emitKeyTable(groups, module, title)
  const signature = js`function ${name}(bytes: Uint8Array, start: number, end: number): number`
  body.block(signature, () => {
    for (const field of groups.flat()) for (const reset of field.reset) body.line(reset)
    body.line(js`let column = ${use('firstMember')}(${keys}, bytes, start, end)`)
    body.block(js`while (column >= 0)`, () => {
      body.line(js`const pos = ${use('cursor')}[0]!`)
      emitReads(groups, nested, module)
      body.if(js`next < 0`, () => {
        body.line(js`next = ${use('superseded')}(${keys}, column, bytes, pos, end, next)`)
        body.line(js`if (next < 0) return ${use('failure')}(next, column)`)
      })
      body.line(js`column = ${use('nextMember')}(${keys}, bytes, next, end)`)
    })
    body.line(
      js`if (column !== ${use('END')}) return ${use('failure')}(column, ${use('NO_COLUMN')})`
    )
    emitNotNull(groups, module)
    body.line(js`return ${use('DecodeStatus')}.Ok`)
  })
  body.blank()
}

function emitKeyTable(groups: readonly FieldRead[][], module: Module, title: string): Code {
  const keys = module.scope.constant(`${title} keys`)
  const names = groups.map(group => js`${group[0]!.path[0]!}`)
  module.body.line(js`const ${keys} = ${module.use('keyTable')}([${names}])`)
  return keys
}

function emitReads(
  groups: readonly FieldRead[][],
  nested: readonly (Code | null)[],
  module: Module
): void {
  const { body, use } = module
  if (groups.length === 0) {
    body.line(js`let next = ${use('skipValue')}(bytes, pos, end)`)
    return
  }
  body.line(js`let next: number`)
  if (groups.length === 1) return emitGroup(groups[0]!, nested[0]!, module)
  body.block(js`switch (column)`, () => {
    groups.forEach((group, index) => {
      const last = index === groups.length - 1
      body.line(last ? js`default:` : js`case ${index}:`)
      emitGroup(group, nested[index]!, module)
      if (!last) body.line(js`break`)
    })
  })
}

/** All that is read at one member: its own columns, then what is inside of it. All start at `pos`. */
function emitGroup(group: readonly FieldRead[], nested: Code | null, { body }: Module): void {
  const pos = js`pos`
  const calls = group.filter(field => field.path.length === 1).flatMap(field => field.read)
  const codes = calls.map(call => call(pos))
  if (nested !== null) codes.push(js`${nested}(bytes, pos, end)`)
  codes.forEach((code, i) => {
    body.line(i === 0 ? js`next = ${code}` : js`if (next >= 0) next = ${code}`)
  })
}

function emitNotNull(groups: readonly FieldRead[][], { body, use }: Module): void {
  groups.forEach((group, index) => {
    for (const { notNull, isNull } of group) {
      if (!notNull) continue
      body.line(js`if (${isNull}) return ${use('failure')}(${use('Bad')}.missing, ${index})`)
    }
  })
}

/** For columns with a PATH: a function for what is inside of this member, answering the position behind it or a reason. */
function emitNested(
  group: readonly FieldRead[],
  slots: Slots,
  module: Module,
  title: string
): Code | null {
  const inside = group.filter(field => field.path.length > 1)
  if (inside.length === 0) return null
  const { body, use, scope } = module
  const path = `${title} ${group[0]!.path[0]!}`
  const decode = scope.name(`decode ${path}`)
  const name = scope.name(`read ${path}`)
  const fields = inside.map(field => ({ ...field, path: field.path.slice(1) }))
  emitKeys({ name: decode, groups: groupByKey(fields), slots, module, title: path })
  body.block(js`function ${name}(bytes: Uint8Array, start: number, end: number): number`, () => {
    body.line(js`const next = ${use('skipValue')}(bytes, start, end)`)
    // Anything but an object has no members: the columns stay NULL.
    body.line(js`if (next < 0 || bytes[start] !== 0x7b) return next`)
    body.line(js`const status = ${decode}(bytes, start, next)`)
    body.line(js`return status === ${use('DecodeStatus')}.Ok ? next : -(status & 0xff)`)
  })
  body.blank()
  return name
}
