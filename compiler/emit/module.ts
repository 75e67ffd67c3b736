import {
  js,
  makeScope,
  makeWriter,
  type Code,
  type Place,
  type Scope,
  type Writer
} from '../code/index.ts'
import type { RuntimeName } from '../functions/index.ts'
import type { BoundScript } from '../ir/index.ts'
import { positionAt, type Span, spanText } from '../source/index.ts'
import type { RowType, SqlType } from '../types/index.ts'
import type { RuntimeType } from './runtime-type.ts'
import { typeCode } from './type-code.ts'

/** One generated module: what it imports, its constants, its functions. Every emitter writes into it. */
export interface Module {
  readonly script: BoundScript
  readonly scope: Scope
  /** Constants, evaluated once at start: keys, patterns, literals. */
  readonly constants: Writer
  /** Slots, decoders and loops, in reading order. */
  readonly body: Writer
  /** A runtime function or value, imported. */
  use(name: RuntimeName): Code
  /** A type of the runtime, imported. */
  useType(name: RuntimeType): void
  /** The TypeScript type of a SQL type's values. */
  type(type: SqlType, nullable: boolean): Code
  /** The variable that tells processing time: set when the pipeline opens. */
  clock(): Code
  /** What is to be done when the pipeline opens, with its context as `cx`. */
  readonly opening: Code[]
  /** A module-level constant; the same value gets the same name. */
  constant(hint: string, value: Code): Code
  /** Counts a row that leaves an operator, where that is wanted: `key` is of ir/operator-keys.ts. */
  count(key: string, out: Writer): void
  /** Whether rows that leave operators are looked at. */
  readonly looks: boolean
  /** The next line of `out` is the work of an operator, and what follows is, until another one's comes: `key` is of ir/operator-keys.ts. */
  work(key: string, out: Writer): void
  /** From here on the work is that of an operator again. */
  backTo(key: string, out: Writer): void
  /**
   * Shows a row that leaves an operator, where rows are looked at and it is time for another one; `row`: code for a list of what
   * `schema` has.
   */
  look(key: string, schema: RowType, row: Code, out: Writer): void
  /** The variable that takes them. */
  readonly lookVariable: Code
  /** What is looked at, by its number in the code. */
  readonly looked: readonly { readonly key: string; readonly schema: RowType }[]
  /** The variable that holds the counts. */
  readonly rowCounts: Code
  /** The index in SITES of a place in the SQL that can fail at run time. */
  site(span: Span): number
  readonly imports: ReadonlyMap<RuntimeName, Code>
  readonly types: ReadonlySet<RuntimeType>
  readonly sites: readonly Span[]
  /** What `clock` answers, where it was asked. */
  readonly usedClock: Code | null
}

/** What those want to know who watch a pipeline. */
export interface Watching {
  /** What is counted, in this order. */
  readonly counters: readonly string[]
  /** The numbers of what the code is at. */
  readonly work: ReadonlyMap<string, number>
  /** Rows are looked at. */
  readonly looks: boolean
}

const unwatched: Watching = { counters: [], work: new Map(), looks: false }

export function makeModule(
  script: BoundScript,
  { counters, work, looks }: Watching = unwatched
): Module {
  const scope = makeScope()
  const rowCounts = scope.constant('row counts')
  const lookVariable = scope.name('look')
  const looked: { readonly key: string; readonly schema: RowType }[] = []
  const imports = new Map<RuntimeName, Code>()
  const types = new Set<RuntimeType>(['Batch', 'PipelineDefinition'])
  const constants = new Map<string, Code>()
  const sites: Span[] = []
  const siteOf = new Map<string, number>()
  const constantLines = makeWriter()
  let clock: Code | null = null
  const atWork = (key: string, use: Module['use']): Code | null => {
    const number = work.get(key)
    return number === undefined ? null : js`${use('doing')}[0] = ${number}`
  }
  return {
    script,
    scope,
    constants: constantLines,
    body: makeWriter(),
    imports,
    types,
    sites,
    opening: [],
    useType: name => void types.add(name),
    type: (type, nullable) => typeCode(type, nullable, name => void types.add(name)),
    clock() {
      types.add('PipelineContext')
      return (clock ??= scope.name('clock'))
    },
    get usedClock() {
      return clock
    },
    use(name) {
      const known = imports.get(name)
      if (known !== undefined) return known
      // The name itself, unless a column of the script was called so before.
      const code = scope.exact(String(name))
      imports.set(name, code)
      return code
    },
    constant(hint, value) {
      const known = constants.get(value.text)
      if (known !== undefined) return known
      const name = scope.constant(hint)
      constants.set(value.text, name)
      constantLines.line(js`const ${name} = ${value}`)
      return name
    },
    rowCounts,
    looks,
    lookVariable,
    looked,
    look(key, schema, row, out) {
      if (!looks) return
      const at = looked.push({ key, schema }) - 1
      out.line(js`if (${lookVariable}.due[${at}] === 1) ${lookVariable}.take(${at}, ${row})`)
    },
    work(key, out) {
      out.before(atWork(key, this.use))
    },
    backTo(key, out) {
      const code = atWork(key, this.use)
      if (code !== null) out.line(code)
    },
    count(key, out) {
      const counter = counters.indexOf(key)
      if (counter >= 0) out.line(js`${rowCounts}[${counter}]!++`)
    },
    site(span) {
      const key = `${span.start} ${span.end}`
      const known = siteOf.get(key)
      if (known !== undefined) return known
      sites.push(span)
      siteOf.set(key, sites.length - 1)
      return sites.length - 1
    }
  }
}

export function placeOf({ file, start }: Span): Place {
  return positionAt(file, start)
}

/** `fraud.sql:24 WHERE ...`: what stands in a comment beside an operator. */
export function placeText(span: Span): string {
  const { line, column } = placeOf(span)
  return `${span.file.path.split('/').at(-1)}:${line}:${column}`
}

/** The SQL text of a span on one line, at most `width` characters. */
export function shortText(span: Span, width: number): string {
  const text = spanText(span).replace(/\s+/g, ' ').trim()
  return text.length > width ? `${text.slice(0, width - 3)}...` : text
}
