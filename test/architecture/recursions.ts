/** Files that import each other because what they work on holds its own kind. */
export interface Recursion {
  /** The file that the others go through. */
  readonly heart: string
  /** Folders and files that may be part of it. */
  readonly rooms: readonly string[]
  readonly reason: string
}

/** Every other circle of imports is a mistake: mostly a type that stands above those who share it. It belongs in a file of its own. */
export const recursions: readonly Recursion[] = [
  {
    heart: 'compiler/ast/expressions.ts',
    rooms: ['compiler/ast'],
    reason: 'queries stand in expressions, and expressions in queries'
  },
  {
    heart: 'compiler/parse/build/expressions.ts',
    rooms: ['compiler/parse/build'],
    reason: 'as their trees: expressions, queries and relations hold one another'
  },
  {
    heart: 'compiler/parse/build/statements.ts',
    rooms: ['compiler/parse/build'],
    reason: 'a TEST holds statements'
  },
  {
    heart: 'compiler/bind/expressions/bind-expr.ts',
    rooms: [
      'compiler/bind/expressions',
      'compiler/bind/queries',
      // What a query reads is bound when the first one reads it, and has expressions of its own.
      'compiler/bind/kafka',
      'compiler/bind/tables.ts',
      'compiler/bind/stored-key.ts'
    ],
    reason: 'queries stand in expressions, and expressions in queries'
  },
  {
    heart: 'compiler/functions/cast.ts',
    rooms: ['compiler/functions'],
    reason: 'a cast of an array, a row or a map casts what is inside'
  },
  {
    heart: 'compiler/emit/emit-expr.ts',
    rooms: ['compiler/emit'],
    reason: 'operands are expressions'
  },
  {
    heart: 'compiler/emit/emit-step.ts',
    rooms: ['compiler/emit'],
    reason: 'a step has the steps behind it inside of its loop'
  },
  {
    heart: 'compiler/emit/emit-query.ts',
    rooms: ['compiler/emit'],
    reason: 'what a query reads may be a query'
  },
  {
    heart: 'runtime/query/query-input.ts',
    rooms: ['runtime/query'],
    reason: 'what a query reads may be a query, or a join of such'
  },
  {
    heart: 'runtime/postgres/catalog/parse-expr.ts',
    rooms: ['runtime/postgres/catalog'],
    reason: 'queries stand in expressions, and expressions in queries'
  },
  {
    heart: 'runtime/postgres/catalog/compile-expr.ts',
    rooms: ['runtime/postgres/catalog'],
    reason: 'queries stand in expressions, and expressions in queries'
  },
  {
    heart: 'runtime/contract/definition.ts',
    rooms: ['runtime/contract', 'runtime/codec', 'runtime/state', 'runtime/time'],
    reason:
      'types only: the contract names the classes that generated code is handed, and they take the data that it declares'
  },
  {
    heart: 'test/oracle/cast.ts',
    rooms: ['test/oracle'],
    reason: 'a cast of an array, a row or a map casts what is inside'
  },
  {
    heart: 'test/oracle/regex-syntax.ts',
    rooms: ['test/oracle'],
    reason: 'a set in brackets holds escapes, and an escape may be a set'
  }
]
