/** The code of rows that come when their window has closed: ON LATE says what becomes of them. */
export const LATE = 'late-row'

/** The code of gaps: records that were deleted before they were read, and that the pipeline goes on without. */
export const MISSING = 'missing-records'

/** What failed in one way, at one place of the SQL. */
export interface CountedError {
  readonly code: string
  /** Index into PipelineDefinition.sites; -1: none. */
  readonly site: number
  count: number
  /** Of the last one. */
  message: string
  /** When the last one came, in ms since the epoch. */
  time: number
}

/** Codes come from compiler, runtime and brokers, sites from the script: more than this would be a bug. */
const MOST = 1000

/** How often each kind of error came. */
export class ErrorCounts {
  readonly #errors = new Map<string, CountedError>()
  /** Where every record fails, most fail as the one before: it is found without making the text that it is known by. */
  #last: CountedError | null = null

  add(code: string, site: number, message: string, time: number): void {
    const known = this.#find(code, site)
    if (known !== undefined) {
      known.count++
      known.message = message
      known.time = time
    } else if (this.#errors.size < MOST) {
      this.#errors.set(keyOf(code, site), { code, site, count: 1, message, time })
    }
  }

  #find(code: string, site: number): CountedError | undefined {
    const last = this.#last
    if (last !== null && last.code === code && last.site === site) return last
    const known = this.#errors.get(keyOf(code, site))
    if (known !== undefined) this.#last = known
    return known
  }

  all(): readonly CountedError[] {
    return [...this.#errors.values()]
  }

  /** Of one code, wherever it came from. */
  countOf(code: string): number {
    return this.all().reduce((sum, error) => sum + (error.code === code ? error.count : 0), 0)
  }
}

function keyOf(code: string, site: number): string {
  return `${site} ${code}`
}
