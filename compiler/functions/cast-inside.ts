import { js, type Code } from '../code/index.ts'
import { TEXT, type SqlType } from '../types/index.ts'
import { converterOf, lambda, type CastContext, type Converter } from './cast.ts'
import { emitCodec } from './codec.ts'
import type { RuntimeName } from './entry.ts'

type TypeOf<K extends SqlType['kind']> = Extract<SqlType, { kind: K }>

/** Casts from, to and between arrays, rows, maps and vectors: by the casts of what is inside. Null where there is none. */
export function castInside(from: SqlType, to: SqlType, cx: CastContext): Converter | null {
  if (to.kind === 'Text') return toText(from, cx)
  switch (to.kind) {
    case 'Array':
      return toArray(from, to, cx)
    case 'Row':
      return toRow(from, to, cx)
    case 'Map':
      return toMap(from, to, cx)
    case 'Vector':
      return toVector(from, to, cx)
    default:
      return null
  }
}

type Call = (name: RuntimeName, args: readonly Code[], fails: boolean) => Converter

/** Makes converters from a type that are one call: `name(value, ...args)`, with the site where it can fail. */
function callsFrom(from: SqlType, cx: CastContext): Call {
  return (name, args, fails) => {
    const convert: Converter['convert'] = (value, site) =>
      js`${cx.use(name)}(${[value, ...args, ...(fails ? [site()] : [])]})`
    return { same: false, fails, convert, asFunction: () => lambda(from, convert, cx) }
  }
}

function toArray(from: SqlType, to: TypeOf<'Array'>, cx: CastContext): Converter | null {
  const call = callsFrom(from, cx)
  switch (from.kind) {
    case 'Array': {
      const element = converterOf(from.element, to.element, cx)
      if (element.same) return element
      return call('castArray', [element.asFunction()], element.fails)
    }
    case 'Vector': {
      const element = converterOf({ kind: 'Double' }, to.element, cx)
      return call('vectorToArray', [element.asFunction()], element.fails)
    }
    case 'Text': {
      const element = converterOf(TEXT, to.element, cx).asFunction()
      return call('textToArray', [js`${to.element.kind === 'Array'}`, element], true)
    }
    case 'Json':
      return call('jsonToArray', [converterOf(from, to.element, cx).asFunction()], true)
    default:
      return null
  }
}

function toRow(from: SqlType, to: TypeOf<'Row'>, cx: CastContext): Converter | null {
  const call = callsFrom(from, cx)
  if (from.kind === 'Json' || from.kind === 'Text') {
    const json: SqlType = { kind: 'Json' }
    const fields = to.fields.map(field => converterOf(json, field.type, cx).asFunction())
    const names = js`[${to.fields.map(field => js`${field.name}`)}]`
    return call(from.kind === 'Text' ? 'textToRow' : 'jsonToRow', [names, js`[${fields}]`], true)
  }
  if (from.kind !== 'Row') return null
  const fields = to.fields.map((field, i) => converterOf(from.fields[i]!.type, field.type, cx))
  if (fields.every(field => field.same)) return fields[0] ?? null
  const fails = fields.some(field => field.fails)
  return call('castRow', [js`[${fields.map(field => field.asFunction())}]`], fails)
}

function toMap(from: SqlType, to: TypeOf<'Map'>, cx: CastContext): Converter | null {
  const call = callsFrom(from, cx)
  switch (from.kind) {
    case 'Map': {
      const value = converterOf(from.value, to.value, cx)
      if (value.same) return value
      return call('castMap', [value.asFunction()], value.fails)
    }
    case 'Text':
    case 'Json': {
      const value = converterOf({ kind: 'Json' }, to.value, cx)
      const name = from.kind === 'Text' ? 'textToMap' : 'jsonToMap'
      return call(name, [value.asFunction()], true)
    }
    default:
      return null
  }
}

function toVector(from: SqlType, to: TypeOf<'Vector'>, cx: CastContext): Converter | null {
  const call = callsFrom(from, cx)
  const size = js`${to.dimensions}`
  switch (from.kind) {
    case 'Array': {
      const element = converterOf(from.element, { kind: 'Double' }, cx)
      return call('arrayToVector', [size, element.asFunction()], true)
    }
    case 'Text':
      return call('textToVector', [size], true)
    case 'Json':
      return call('jsonToVector', [size], true)
    default:
      return null
  }
}

function toText(from: SqlType, cx: CastContext): Converter | null {
  const call = callsFrom(from, cx)
  switch (from.kind) {
    case 'Array': {
      const isNested = from.element.kind === 'Array'
      return call('arrayToText', [partToText(from.element, cx), js`${isNested}`], false)
    }
    case 'Row': {
      const fields = from.fields.map(field => partToText(field.type, cx))
      return call('rowToText', [js`[${fields}]`], false)
    }
    case 'Map':
      return call('jsonOf', [emitCodec(from, cx)], false)
    case 'Vector':
      return call('vectorToText', [], false)
    default:
      return null
  }
}

/** The text of a value that is part of another's text: PostgreSQL writes a boolean as a letter there. */
export function partToText(type: SqlType, cx: CastContext): Code {
  return type.kind === 'Boolean'
    ? cx.use('booleanLetter')
    : converterOf(type, TEXT, cx).asFunction()
}
