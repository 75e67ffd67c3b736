import type { Code } from '../code/index.ts'
import type { CallExpr, Expr } from '../ir/index.ts'
import type { SqlType } from '../types/index.ts'

/** What generated code may call. */
export type RuntimeName = keyof typeof import('#runtime')

/** What the emitter of a call may ask for. */
export interface CallContext {
  /** The call being emitted: its argument expressions tell constants. */
  readonly call: CallExpr
  /** A runtime function, imported by the generated module. */
  use(name: RuntimeName): Code
  /** The index of the call's place in the SQL, for functions that can fail. */
  site(): Code
  /** A module-level constant, evaluated once at start; `hint` becomes part of its name. */
  constant(hint: string, value: Code): Code
  /** The TypeScript type of a SQL type's values. */
  type(type: SqlType, nullable: boolean): Code
  /** The variable that tells processing time. */
  clock(): Code
}

/** One overload. Arguments have exactly these kinds of type; the binder has put casts where they had not. */
export interface Signature {
  readonly params: readonly SqlType[]
  /** The type of any number of further arguments. */
  readonly rest: SqlType | null
  /** Whether the argument at `index`, a TEXT parameter, may have any type and is cast. */
  readonly castsToText: (index: number) => boolean
  /** What is cast to TEXT is then written as PostgreSQL shows results: t and f for truth values. */
  readonly showsOutput: boolean
  /** Whether the argument at `index`, a JSON parameter, may have any type and becomes JSON by `to_json`. */
  readonly becomesJson: (index: number) => boolean
  /** Chosen only where an argument is DECIMAL before it is coerced: for integers PostgreSQL then computes with DOUBLE. */
  readonly needsDecimal: boolean
  /** Chosen only for arguments of these very types: REAL beside another number is computed as DOUBLE. */
  readonly isExact: boolean
  readonly result: SqlType
  /** Whether it fails for some non-NULL arguments: such a call may not run for rows that do not need it. */
  readonly canFail: boolean
  /** Where it can fail: whether these arguments show that it does not. */
  readonly isSafe: (args: readonly Expr[]) => boolean
  /** Whether it gives NULL for some non-NULL arguments. */
  readonly givesNull: boolean
  /**
   * Arguments are names, literals, calls or in parentheses, so that any operator may stand beside them; those of a strict
   * function are not NULL here, and each may be used once only. The answer need not be in parentheses.
   */
  emit(args: readonly Code[], cx: CallContext): Code
}

/** An argument as overloads see it: a string literal takes any type, as PostgreSQL's unknown. */
export interface ArgumentType {
  readonly type: SqlType
  readonly isStringLiteral: boolean
}

/** Overloads over types that scripts make: arrays, rows, maps. */
export interface Generic {
  /** As messages and `miraclec functions` show them. */
  readonly shown: readonly { readonly params: string; readonly result: string }[]
  /** The overload for such arguments; null where none fits. For arguments of its own types it answers itself. */
  resolve(args: readonly ArgumentType[]): Signature | null
}

/** A constant argument that no row could make right. */
export interface ArgumentFault {
  /** Index of the argument. */
  readonly argument: number
  /** Follows "argument 2 of f: ". */
  readonly message: string
  /** What to write, in full sentences. */
  readonly hint: string
}

/** A function or operator of the language: all that the compiler and `miraclec functions` know of it. */
export interface FunctionEntry {
  /** What `CallExpr.function` holds, and what scripts call a function. */
  readonly name: string
  /** Scripts can't call operators by name; forms are bound to IR kinds of their own and are listed only. */
  readonly kind: 'operator' | 'function' | 'form'
  /** How it is written, where that is not `name(...)`. */
  readonly symbol: string | null
  readonly aliases: readonly string[]
  readonly signatures: readonly Signature[]
  readonly generic: Generic | null
  /**
   * Which NULL arguments give NULL: any of them (`strict`, and then without a call), only the first, only all together, or
   * none. What a signature says with `givesNull` comes on top.
   */
  readonly nullRule: 'strict' | 'first' | 'all' | 'none'
  /** About how many times as dear as comparing two numbers. */
  readonly cost: number
  /** Whether two calls with the same arguments may differ. */
  readonly volatile: boolean
  /** What is wrong with constant arguments, told when the script is compiled; null: nothing. */
  readonly check: (args: readonly Expr[]) => ArgumentFault | null
  readonly doc: string
  readonly example: string
}

type Optional = Pick<
  FunctionEntry,
  'symbol' | 'aliases' | 'generic' | 'nullRule' | 'cost' | 'volatile' | 'check'
>

const usual: Optional = {
  symbol: null,
  aliases: [],
  generic: null,
  nullRule: 'strict',
  cost: 1,
  volatile: false,
  check: () => null
}

/** An entry with the usual values: strict, cheap, deterministic, called by its name. */
export function defineFunction(
  entry: Omit<FunctionEntry, keyof Optional> & Partial<Optional>
): FunctionEntry {
  return Object.freeze({ ...usual, ...entry })
}

/** A signature; `traits` names what is not usual: it never fails and never gives NULL by itself. */
export function signature(
  params: readonly SqlType[],
  result: SqlType,
  emit: Signature['emit'],
  traits: Partial<Omit<Signature, 'params' | 'result' | 'emit'>> = {}
): Signature {
  return Object.freeze({
    params,
    result,
    emit,
    rest: null,
    castsToText: () => false,
    showsOutput: false,
    becomesJson: () => false,
    needsDecimal: false,
    isExact: false,
    canFail: false,
    isSafe: () => false,
    givesNull: false,
    ...traits
  })
}
