import { type ProtoEnum, type ProtoField, type ProtoFile, type ProtoMessage } from './proto-file.ts'
import { ProtoTokens } from './proto-tokens.ts'

type Syntax = 'proto2' | 'proto3'

/** What is collected of a message, or of a file. */
interface Scope {
  readonly fullName: string
  readonly syntax: Syntax
  readonly fields: ProtoField[]
  readonly messages: ProtoMessage[]
  readonly enums: ProtoEnum[]
}

/** A `.proto` file of version 2 or 3 from its text. Throws a ProtoSyntaxError. Options, services and extensions are left out. */
export function parseProto(text: string): ProtoFile {
  const tokens = new ProtoTokens(text)
  let syntax: Syntax = 'proto2'
  let name = ''
  const imports: string[] = []
  let scope = makeScope('', syntax)
  while (tokens.next !== '') {
    if (tokens.has('syntax')) {
      tokens.expect('=')
      const version = tokens.string()
      if (version === 'proto2' || version === 'proto3') syntax = version
      else tokens.fail(`the syntax "${version}" is not known`)
      scope = { ...scope, syntax }
      tokens.expect(';')
    } else if (tokens.next === 'edition')
      tokens.fail('editions are not known, only proto2 and proto3')
    else if (tokens.has('package')) {
      name = tokens.name()
      scope = { ...scope, fullName: name }
      tokens.expect(';')
    } else if (tokens.has('import')) {
      if (tokens.next === 'public' || tokens.next === 'weak') tokens.take()
      imports.push(tokens.string())
      tokens.expect(';')
    } else if (!parseDeclaration(tokens, scope)) tokens.skipStatement()
  }
  return { package: name, imports, messages: scope.messages, enums: scope.enums }
}

function makeScope(fullName: string, syntax: Syntax): Scope {
  return { fullName, syntax, fields: [], messages: [], enums: [] }
}

/** False: it declares no message and no enum. */
function parseDeclaration(tokens: ProtoTokens, scope: Scope): boolean {
  if (tokens.has('message')) {
    const name = tokens.name()
    scope.messages.push(parseMessage(name, scope, tokens))
    return true
  }
  if (!tokens.has('enum')) return false
  scope.enums.push(parseEnum(tokens, scope))
  return true
}

function fullNameIn({ fullName }: Scope, name: string): string {
  return fullName === '' ? name : `${fullName}.${name}`
}

function parseMessage(name: string, around: Scope, tokens: ProtoTokens): ProtoMessage {
  const scope = makeScope(fullNameIn(around, name), around.syntax)
  tokens.expect('{')
  while (!tokens.has('}')) {
    if (tokens.next === '') tokens.fail('"}" expected')
    parseMember(tokens, scope, false)
  }
  const { fields, messages, enums, fullName } = scope
  return { name, fullName, fields, messages, enums, isMapEntry: false }
}

const LEFT_OUT: ReadonlySet<string> = new Set(['option', 'extensions', 'reserved', 'extend'])

/** `message` and `enum` may be the type of a field too, in nothing but name: then a name does not follow a brace. */
function parseMember(tokens: ProtoTokens, scope: Scope, inOneof: boolean): void {
  if (tokens.has(';')) return
  if (LEFT_OUT.has(tokens.next)) return tokens.skipStatement()
  if (!inOneof && parseDeclaration(tokens, scope)) return
  if (!inOneof && tokens.has('oneof')) {
    tokens.name()
    tokens.expect('{')
    while (!tokens.has('}')) {
      if (tokens.next === '') tokens.fail('"}" expected')
      parseMember(tokens, scope, true)
    }
    return
  }
  scope.fields.push(parseField(tokens, scope, inOneof))
}

function parseField(tokens: ProtoTokens, scope: Scope, inOneof: boolean): ProtoField {
  const label = ['optional', 'required', 'repeated'].includes(tokens.next) ? tokens.take() : ''
  if (tokens.next === 'map') return parseMap(tokens, scope)
  const type = tokens.name()
  const name = tokens.name()
  tokens.expect('=')
  const number = tokens.integer()
  const isGroup = type === 'group'
  const options = parseOptions(tokens)
  if (isGroup) scope.messages.push(parseMessage(name, scope, tokens))
  else tokens.expect(';')
  const isRepeated = label === 'repeated'
  return {
    name: isGroup ? name.toLowerCase() : name,
    number,
    type: isGroup ? name : type,
    isRepeated,
    hasPresence: !isRepeated && (inOneof || label === 'optional' || scope.syntax === 'proto2'),
    isRequired: label === 'required',
    default: options.get('default') ?? null,
    isGroup
  }
}

/** `map<key, value> name = n`: on the wire a list of entries. */
function parseMap(tokens: ProtoTokens, scope: Scope): ProtoField {
  tokens.expect('map')
  tokens.expect('<')
  const key = tokens.name()
  tokens.expect(',')
  const value = tokens.name()
  tokens.expect('>')
  const name = tokens.name()
  tokens.expect('=')
  const number = tokens.integer()
  parseOptions(tokens)
  tokens.expect(';')
  const plain = {
    isRepeated: false,
    hasPresence: false,
    isRequired: false,
    default: null,
    isGroup: false
  }
  // No field can have such a name.
  const entry = `${name}<>`
  scope.messages.push({
    name: entry,
    fullName: fullNameIn(scope, entry),
    fields: [
      { name: 'key', number: 1, type: key, ...plain },
      { name: 'value', number: 2, type: value, ...plain }
    ],
    messages: [],
    enums: [],
    isMapEntry: true
  })
  return { ...plain, name, number, type: entry, isRepeated: true }
}

function parseEnum(tokens: ProtoTokens, scope: Scope): ProtoEnum {
  const name = tokens.name()
  const values: { name: string; number: number }[] = []
  tokens.expect('{')
  while (!tokens.has('}')) {
    if (tokens.has(';')) continue
    if (tokens.next === '') tokens.fail('"}" expected')
    const word = tokens.name()
    if (tokens.has('=')) {
      values.push({ name: word, number: tokens.integer() })
      parseOptions(tokens)
      tokens.expect(';')
    } else tokens.skipStatement()
  }
  return { name, fullName: fullNameIn(scope, name), values, isOpen: scope.syntax === 'proto3' }
}

/** `[name = value, ...]`: those of one word. */
function parseOptions(tokens: ProtoTokens): ReadonlyMap<string, string> {
  const options = new Map<string, string>()
  if (!tokens.has('[')) return options
  for (let depth = 0; tokens.next !== '';) {
    const token = tokens.take()
    if (token === '[' || token === '{') depth++
    else if (token === '}') depth--
    else if (token === ']' && depth-- === 0) return options
    else if (token === 'default' && depth === 0 && tokens.has('=')) {
      const isString = /^["']/.test(tokens.next)
      const sign = tokens.has('-') ? '-' : ''
      options.set('default', isString ? tokens.string() : sign + tokens.take())
    }
  }
  return tokens.fail('"]" expected')
}
