/** Texts with what stands before each, in the order of their coming. */
export class TextList {
  #texts: (readonly [text: string, separator: string])[] = []

  add(text: string, separator: string): void {
    this.#texts.push([text, separator])
  }

  remove(text: string, separator: string): void {
    const at = this.#texts.findIndex(one => one[0] === text && one[1] === separator)
    if (at >= 0) this.#texts.splice(at, 1)
  }

  /** Null: there is none. */
  joined(): string | null {
    if (this.#texts.length === 0) return null
    return this.#texts.map(([text, separator], i) => (i === 0 ? text : separator + text)).join('')
  }

  save(): unknown {
    return this.#texts
  }

  static load(saved: unknown): TextList {
    const list = new TextList()
    list.#texts = [...(saved as (readonly [string, string])[])]
    return list
  }
}
