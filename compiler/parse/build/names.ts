import { SqlLexer } from '#grammar'
import type {
  ColumnListContext,
  IdentifierContext,
  PlainNameContext,
  PropertyContext,
  PropertyListContext,
  PropertyValueContext,
  QualifiedNameContext,
  TypeNameContext
} from '#grammar'
import type {
  Identifier,
  Property,
  PropertyValue,
  QualifiedName,
  TypeName
} from '../../ast/index.ts'
import { type Builder, spanOf } from './builder.ts'
import { buildString, unquote } from './strings.ts'

export function buildIdentifier(
  cx: Builder,
  tree: IdentifierContext | PlainNameContext
): Identifier {
  const token = tree.start!
  const span = spanOf(cx, tree)
  const text = token.text ?? ''
  return token.type === SqlLexer.QUOTED_NAME
    ? Object.freeze({ kind: 'Identifier', span, name: unquote(text), quoted: true })
    : Object.freeze({ kind: 'Identifier', span, name: text, quoted: false })
}

export function buildQualifiedName(cx: Builder, tree: QualifiedNameContext): QualifiedName {
  const parts = tree.identifier().map(part => buildIdentifier(cx, part))
  return Object.freeze({ kind: 'QualifiedName', span: spanOf(cx, tree), parts })
}

export function buildColumnList(cx: Builder, tree: ColumnListContext | null): Identifier[] {
  const identifiers = tree?.identifierList().identifier() ?? []
  return identifiers.map(column => buildIdentifier(cx, column))
}

export function buildProperties(cx: Builder, tree: PropertyListContext): Property[] {
  return tree.property().map(property => buildProperty(cx, property))
}

export function buildProperty(cx: Builder, tree: PropertyContext): Property {
  const name = tree.propertyName()
  const quoted = name.STRING()
  const parts = name.identifier().map(part => buildIdentifier(cx, part).name)
  return Object.freeze({
    kind: 'Property',
    span: spanOf(cx, tree),
    name: quoted === null ? parts.join('.') : unquote(quoted.getText()),
    nameSpan: spanOf(cx, name),
    value: buildPropertyValue(cx, tree.propertyValue())
  })
}

export function buildPropertyValue(cx: Builder, tree: PropertyValueContext): PropertyValue {
  const span = spanOf(cx, tree)
  const string = tree.stringLiteral()
  if (string !== null) return { kind: 'String', span, value: buildString(cx, string) }
  const number = tree.NUMBER()
  if (number !== null) {
    const sign = tree.MINUS() === null ? '' : '-'
    return { kind: 'Number', span, text: sign + number.getText() }
  }
  if (tree.KW_TRUE() !== null) return { kind: 'Boolean', span, value: true }
  if (tree.KW_FALSE() !== null) return { kind: 'Boolean', span, value: false }
  const word = tree.identifier()
  const name = word === null ? tree.getText() : buildIdentifier(cx, word).name
  return { kind: 'Word', span, name }
}

export function buildTypeName(cx: Builder, tree: TypeNameContext): TypeName {
  let type = buildElementType(cx, tree)
  for (let level = tree.EMPTY_BRACKETS().length; level > 0; level--) {
    type = { ...type, name: 'ARRAY', parameters: [], elements: [type], fields: [] }
  }
  return Object.freeze(type)
}

function buildElementType(cx: Builder, tree: TypeNameContext): TypeName {
  const base = {
    kind: 'TypeName',
    span: spanOf(cx, tree),
    parameters: [],
    elements: [],
    fields: []
  } as const
  if (tree.KW_ROW() !== null || tree.KW_STRUCT() !== null) {
    const fields = tree.rowField().map(field => ({
      name: buildIdentifier(cx, field.identifier()),
      type: buildTypeName(cx, field.typeName())
    }))
    return { ...base, name: 'ROW', fields }
  }
  const elements = tree.typeName().map(element => buildTypeName(cx, element))
  if (tree.KW_MAP() !== null) return { ...base, name: 'MAP', elements }
  if (tree.KW_ARRAY() !== null) return { ...base, name: 'ARRAY', elements }
  const words = [
    tree.identifier()!.getText(),
    ...(tree.KW_PRECISION() === null ? [] : ['PRECISION']),
    ...(tree.KW_VARYING() === null ? [] : ['VARYING']),
    ...(tree.KW_WITH() === null ? [] : ['WITH TIME ZONE']),
    ...(tree.KW_WITHOUT() === null ? [] : ['WITHOUT TIME ZONE'])
  ]
  const parameters = tree.NUMBER().map(number => number.getText())
  return { ...base, name: words.join(' ').toUpperCase(), parameters }
}
