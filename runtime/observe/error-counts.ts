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

  add(code: string, site: number, message: string, time: number): void {
    const key = `${site} ${code}`
    const known = this.#errors.get(key)
    if (known !== undefined) {
      known.count++
      known.message = message
      known.time = time
    } else if (this.#errors.size < MOST) {
      this.#errors.set(key, { code, site, count: 1, message, time })
    }
  }

  all(): readonly CountedError[] {
    return [...this.#errors.values()]
  }

  /** Of one code, wherever it came from. */
  countOf(code: string): number {
    return this.all().reduce((sum, error) => sum + (error.code === code ? error.count : 0), 0)
  }
}
