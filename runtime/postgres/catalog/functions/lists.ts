import { nameOf } from '../cast-value.ts'
import { elementOf, isList, type Value } from '../catalog-types.ts'
import type { CatalogFunction, Functions } from './function.ts'

function ofList(
  type: string,
  call: (list: readonly Value[], argument: Value) => Value
): CatalogFunction {
  return { type, call: ([list, argument = null]) => (isList(list!) ? call(list, argument) : null) }
}

const upper = ofList('int4', list => (list.length === 0 ? null : list.length))
const element = (types: readonly string[]): string => elementOf(types[0]!) ?? 'text'

export const listFunctions: Functions = {
  array_length: upper,
  array_upper: upper,
  array_lower: ofList('int4', list => (list.length === 0 ? null : 1)),
  array_ndims: ofList('int4', list => (list.length === 0 ? null : 1)),
  cardinality: ofList('int4', list => list.length),
  array_position: {
    type: 'int4',
    call: ([list, item]) => {
      const at = isList(list!) ? list.indexOf(item!) : -1
      return at < 0 ? null : at + 1
    }
  },
  array_append: {
    type: ([type]) => type!,
    takesNull: true,
    call: ([list, item]) => [...(isList(list!) ? list : []), item!]
  },
  array_remove: {
    type: ([type]) => type!,
    call: ([list, item]) => (isList(list!) ? list.filter(one => one !== item) : null)
  },
  array_to_string: {
    type: 'text',
    call([list, between], catalogue, types) {
      if (!isList(list!)) return null
      const shown = list.flatMap(item =>
        item === null ? [] : [nameOf(item, element(types), catalogue)]
      )
      return shown.join(String(between))
    }
  },
  string_to_array: {
    type: '_text',
    call: ([value, between]) => (value === '' ? [] : String(value).split(String(between)))
  },
  parse_ident: {
    type: '_text',
    call: ([name]) =>
      [...String(name).matchAll(/"((?:[^"]|"")*)"|([^.]+)/g)].map(([, quoted, plain]) =>
        quoted === undefined ? plain!.trim().toLowerCase() : quoted.replaceAll('""', '"')
      )
  },
  nullif: {
    type: ([type]) => type!,
    takesNull: true,
    call: ([a, b]) => (a === b ? null : a!)
  },
  json_build_object: {
    type: 'json',
    takesNull: true,
    call: args => {
      const pairs: string[] = []
      for (let i = 0; i + 1 < args.length; i += 2) {
        pairs.push(`${JSON.stringify(String(args[i]))} : ${JSON.stringify(args[i + 1])}`)
      }
      return `{${pairs.join(', ')}}`
    }
  },
  to_json: { type: 'json', call: ([value]) => JSON.stringify(value) }
}
