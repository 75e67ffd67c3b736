import type { Asked } from '../access/asked.ts'
import { type Denial, severalProcesses } from '../access/denials.ts'
import type { DescribedStatement, Relation, StatementAnswer } from '../contract/index.ts'
import { refuse } from '../pipeline/refuse.ts'

/** What a part says of a table that it does not have. */
const NOT_FOUND: ReadonlySet<string> = new Set(['relation-not-found', 'table-not-found'])

/** The part that is not split, of a script that has one. */
export interface UndividedPart {
  /** The tables that nobody else has. */
  readonly tables: readonly string[]
  /** Null: another process has it, or it starts. */
  here(): Asked | null
}

/**
 * Statements on a script in several parts: `source`, which every process has, answers those on tables that it has copies of, and what is
 * not split those on its own tables, where that runs in this process.
 */
export function askParts(source: Asked, undivided: UndividedPart | null): Asked {
  const render: Asked['render'] = (rows, format) => source.render(rows, format)
  if (undivided === null)
    return {
      execute: (statement, given) => source.execute(statement, given ?? severalProcesses),
      describe: (statement, open) => source.describe(statement, open),
      relations: () => source.relations(),
      render
    }
  return {
    async execute(statement, given) {
      const denial = given ?? severalProcesses
      const answer = await source.execute(statement, denial)
      if (!isLacking(answer)) return answer
      return undivided.here()?.execute(statement, denial) ?? elsewhere(undivided)
    },
    describe(statement, open) {
      const described = source.describe(statement, open)
      if (!isLacking(described)) return described
      return undivided.here()?.describe(statement, open) ?? elsewhere(undivided)
    },
    relations() {
      const known = source.relations()
      const own = undivided.here()?.relations() ?? []
      const isKnown = (one: Relation): boolean =>
        known.some(({ schema, name }) => schema === one.schema && name === one.name)
      return [...known, ...own.filter(one => !isKnown(one))]
    },
    render
  }
}

function isLacking(answer: StatementAnswer | DescribedStatement): boolean {
  return answer.kind === 'refused' && NOT_FOUND.has(answer.code)
}

function elsewhere({ tables }: UndividedPart): Denial {
  const names = tables.map(name => `"${name}"`).join(', ')
  return refuse(
    'table-elsewhere',
    `another process of this pipeline answers questions on ${names}`,
    'Ask that one: it has logged that it has the tasks of stage "undivided".'
  )
}
