import { aggregates } from './aggregates.ts'
import { cast, compileAlike, compileExpr, compileOrder, sortBy } from './compile-expr.ts'
import { elementOf, type Value } from './catalog-types.ts'
import { catalogFunctions } from './functions/index.ts'
import { notAnswered } from './not-answered.ts'
import type { Compiled, Env, Scope } from './scope.ts'
import { setFunctions } from './set-functions.ts'
import type { CallSyntax } from './syntax.ts'

const WINDOWS = new Set(['row_number', 'rank', 'dense_rank'])
/** Those of which any argument may be NULL, and which look at one after another. */
const CHOICES = new Set(['coalesce', 'greatest', 'least'])

export function compileCall(call: CallSyntax, scope: Scope): Compiled {
  const { name } = call
  if (call.over !== null) return compileWindow(call, scope)
  if (Object.hasOwn(aggregates, name)) return compileAggregate(call, scope)
  if (Object.hasOwn(setFunctions, name)) {
    const { type, of } = compileSetCall(call, scope)
    const at = scope.asked.sets.push({ type, of }) - 1
    return { type: setFunctions[name]!.type(elementOf(type)), of: ({ sets }) => sets![at] ?? null }
  }
  if (CHOICES.has(name)) return compileChoice(call, scope)
  const found = Object.hasOwn(catalogFunctions, name) ? catalogFunctions[name]! : null
  if (found === null) throw notAnswered(`there is no function ${name} here`)
  const given = call.args.map(arg => compileExpr(arg, scope))
  const args = given.map((arg, i) => {
    const wanted = found.args?.[i]
    return wanted === undefined || arg.type !== 'unknown' ? arg : cast(arg, wanted, scope)
  })
  const types = args.map(({ type }) => type)
  const type = typeof found.type === 'string' ? found.type : found.type(types)
  const { catalogue } = scope
  return {
    type,
    of(env) {
      const values = args.map(arg => arg.of(env))
      return !found.takesNull && values.includes(null) ? null : found.call(values, catalogue, types)
    }
  }
}

/** All values of a function that gives several, as a list. */
export function compileSetCall({ name, args }: CallSyntax, scope: Scope): Compiled {
  const { call } = setFunctions[name]!
  const compiled = args.map(arg => compileExpr(arg, scope))
  return {
    type: compiled[0]?.type ?? 'text',
    of(env) {
      const values = compiled.map(arg => arg.of(env))
      return values.includes(null) ? [] : call(values, compiled[0]?.type ?? 'text')
    }
  }
}

function compileChoice({ name, args }: CallSyntax, scope: Scope): Compiled {
  const compiled = compileAlike(args, scope)
  const { type } = compiled[0]!
  const valuesOf = (env: Env): Value[] =>
    compiled.map(one => one.of(env)).filter(one => one !== null)
  if (name === 'coalesce') {
    const first = (env: Env): Value => {
      for (const one of compiled) {
        const value = one.of(env)
        if (value !== null) return value
      }
      return null
    }
    return { type, of: first }
  }
  const order = { descending: name === 'greatest', nullsFirst: false }
  return { type, of: env => sortBy(valuesOf(env), [order], value => [value])[0] ?? null }
}

/** Over the rows of the group. */
function compileAggregate(call: CallSyntax, scope: Scope): Compiled {
  scope.asked.isGrouped = true
  const { name, star, distinct } = call
  const args = call.args.map(arg => compileExpr(arg, scope))
  const filter = call.filter === null ? null : compileExpr(call.filter, scope)
  const order = compileOrder(call.order, scope)
  const { type, call: aggregate } = aggregates[name]!
  return {
    type: type(args[0]?.type ?? 'int8'),
    of({ rows, around }) {
      const envs = rows!.map((row): Env => ({ row, around }))
      const kept = filter === null ? envs : envs.filter(env => filter.of(env) === true)
      const sorted = sortBy(kept, order, env => order.map(({ value }) => value.of(env)))
      const values = sorted.map(env => args.map(arg => arg.of(env)))
      // Rows where the argument is NULL count for COUNT(*) and lists only.
      const counted =
        star || name === 'array_agg' ? values : values.filter(([first]) => first !== null)
      return aggregate(distinct ? firstOfEach(counted) : counted)
    }
  }
}

function firstOfEach(values: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  return [...new Map(values.map(one => [JSON.stringify(one), one])).values()]
}

function compileWindow({ name, over }: CallSyntax, scope: Scope): Compiled {
  if (!WINDOWS.has(name)) throw notAnswered(`there is no window function ${name} here`)
  const partition = over!.partition.map(one => compileExpr(one, scope))
  const order = compileOrder(over!.order, scope)
  const at = scope.asked.windows.push({ name, partition, order }) - 1
  return { type: 'int8', of: ({ windows }) => windows![at] ?? null }
}
