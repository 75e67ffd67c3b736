import { SqlLexer } from '../../grammar/index.ts'
import { readTokens } from '../../compiler/parse/index.ts'
import { makeSourceFile } from '../../compiler/source/index.ts'

const IN_LINE = [SqlLexer.HASH, SqlLexer.JSON_PATH, SqlLexer.JSON_PATH_TEXT]

/** A script's tokens with other blanks and with new comments between them. Its own comments are left out. */
export function scrambleScript(text: string, pick: (count: number) => number): string {
  const { tokens } = readTokens(makeSourceFile('scrambled.sql', text))
  let comments = 0
  // Each comment has a text of its own, so that its order can be seen.
  const nextName = (): string => `c${comments++}`
  let scrambled = gap(pick, nextName)
  for (const [i, { type, start, stop }] of tokens.entries()) {
    if (type === SqlLexer.EOF) break
    const next = tokens[i + 1]!.type
    // On a line of its own it would be a comment.
    const after = IN_LINE.includes(next) ? ' ' : gap(pick, nextName)
    scrambled += text.slice(start, stop + 1) + after
  }
  return scrambled
}

/** Blanks, line breaks and comments. */
function gap(pick: (count: number) => number, nextName: () => string): string {
  const blanks = [' ', '\t', '\n', '  \n\n\n', '\r\n']
  let text = blanks[pick(blanks.length)]!
  while (pick(6) === 0) {
    const name = nextName()
    const forms = [
      `-- ${name}  \n`,
      `/* ${name} */`,
      `/* ${name} /* in */\n  it */`,
      `\n-- ${name}\n`
    ]
    text += forms[pick(forms.length)]! + blanks[pick(blanks.length)]!
  }
  return text
}
