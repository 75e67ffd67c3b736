import { js } from '../code/index.ts'
import { arrayOf, BOOLEAN, TEXT } from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'

const fails = { canFail: true }
const anyArgument = { castsToText: () => true }

export const quoteFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'quote_literal',
    kind: 'function',
    signatures: [signature([TEXT], TEXT, calls('quoteLiteral'), anyArgument)],
    cost: 4,
    doc: 'The value as a literal of SQL, quotes doubled; with a backslash in it, as E literal.',
    example: "quote_literal('it''s') = '''it''''s'''"
  }),
  defineFunction({
    name: 'quote_nullable',
    kind: 'function',
    signatures: [signature([TEXT], TEXT, calls('quoteNullable'), anyArgument)],
    nullRule: 'none',
    cost: 4,
    doc: 'As quote_literal; NULL becomes the word NULL.',
    example: "quote_nullable(NULL) = 'NULL'"
  }),
  defineFunction({
    name: 'quote_ident',
    kind: 'function',
    signatures: [signature([TEXT], TEXT, calls('quoteIdent'))],
    cost: 5,
    doc: 'The text as a name of SQL: in quotes unless it needs none. Reserved are the words of PostgreSQL 15.',
    example: `quote_ident('Foo bar') = '"Foo bar"'`
  }),
  defineFunction({
    name: 'parse_ident',
    kind: 'function',
    signatures: [
      signature(
        [TEXT],
        arrayOf(TEXT),
        ([name], cx) => js`${cx.use('parseIdent')}(${name!}, true, ${cx.site()})`,
        fails
      ),
      signature([TEXT, BOOLEAN], arrayOf(TEXT), callsAtSite('parseIdent'), fails)
    ],
    cost: 15,
    doc: 'The parts of a name with dots, without their quotes; what has none in lower case. Fails for what is no name; with false, not for what stands behind one.',
    example: `parse_ident('"Some".Table') = ARRAY['Some', 'table']`
  }),
  defineFunction({
    name: 'format',
    kind: 'function',
    signatures: [
      signature(
        [TEXT],
        TEXT,
        ([format, ...args], cx) => js`${cx.use('formatText')}(${[cx.site(), format!, ...args]})`,
        { rest: TEXT, castsToText: index => index > 0, showsOutput: true, canFail: true }
      )
    ],
    nullRule: 'first',
    cost: 15,
    doc: 'The first argument with others put in: %s as text, %I as a name, %L as a literal, %% a percent sign; %2$s takes the second one, %-10s fills up to a width.',
    example: "format('%s is %L', 'it', 'x') = 'it is ''x'''"
  })
]
