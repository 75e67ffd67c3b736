import { notAnswered } from './not-answered.ts'

/** Pairs of rows and rows that one question may look at: records wait meanwhile. */
const MOST = 250_000

/** What a question has cost so far. */
export class Work {
  #steps = 0

  step(): void {
    if (++this.#steps > MOST) throw notAnswered('it takes too long')
  }
}
