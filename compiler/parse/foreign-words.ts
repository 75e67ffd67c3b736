import type { Token } from '#grammar'
import { isReserved, wordAt } from './keywords.ts'

/** What other databases write, and what is written here. */
const phrases: readonly (readonly [words: readonly string[], hint: string])[] = [
  [['EMIT', 'FINAL'], 'Write EMIT ON WINDOW CLOSE.'],
  [
    ['DISTINCT', 'ON'],
    'Keep the first of each: SELECT ... FROM (SELECT *, row_number() OVER (PARTITION BY k ORDER BY v) AS place FROM t) WHERE place = 1.'
  ],
  [
    ['ON', 'CONFLICT'],
    'INSERT INTO t SELECT puts a row in the place of the one with its key; UPDATE changes one that is there.'
  ],
  [
    ['ON', 'DUPLICATE'],
    'INSERT INTO t SELECT puts a row in the place of the one with its key; UPDATE changes one that is there.'
  ],
  [['OR', 'REPLACE'], 'Leave OR REPLACE out: a script says all that there is.'],
  [['TEMPORARY'], 'Leave it out: tables and views are there for the pipeline only.'],
  [['TEMP'], 'Leave it out: tables and views are there for the pipeline only.'],
  [['MATERIALIZED'], 'Write CREATE TABLE ... AS SELECT: it is kept up to date.'],
  [
    ['STREAM'],
    'Write CREATE SOURCE ... FROM KAFKA for a topic that is read, CREATE SINK ... TO KAFKA for one that is written.'
  ],
  [['TOP'], 'Write ORDER BY ... LIMIT n at the end.'],
  [
    ['QUALIFY'],
    'Write SELECT ... FROM (SELECT *, row_number() OVER (...) AS place FROM t) WHERE place = 1.'
  ],
  [
    ['MERGE'],
    'INSERT INTO t SELECT puts a row in the place of the one with its key; UPDATE and DELETE change those that are there.'
  ],
  [['TRUNCATE'], 'Write DELETE FROM t.'],
  [['RETURNING'], 'Ask for the rows with SELECT.'],
  [['LATERAL'], 'Only UNNEST is read anew beside each row: write a JOIN.'],
  [['TUMBLING'], "Write FROM TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)."],
  [
    ['HOPPING'],
    "Write FROM HOP(TABLE s, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '1' MINUTE)."
  ],
  ...(['TUMBLE', 'HOP', 'SESSION', 'CUMULATE'] as const).map(
    window =>
      [
        [window, '('],
        `Write FROM ${window}(TABLE s, DESCRIPTOR(ts), ...), and group by window_start and window_end.`
      ] as const
  ),
  [
    ['WITH', '('],
    'A topic is read by CREATE SOURCE s FROM KAFKA (topic = ...) SCHEMA (...), and written by CREATE SINK k TO KAFKA (topic = ...).'
  ],
  [['NOT', 'ENFORCED'], 'Leave it out: a PRIMARY KEY holds here.'],
  [
    ['UNIQUE'],
    'Leave it out: only the PRIMARY KEY tells rows apart, or in its place, with NULL as a value, UNIQUE NULLS NOT DISTINCT (...) behind the columns.'
  ],
  [['REFERENCES'], 'Leave it out: there are no foreign keys.'],
  [['FOREIGN', 'KEY'], 'Leave it out: there are no foreign keys.'],
  [['CHECK', '('], 'Filter rows with WHERE before they are inserted.'],
  [['CONSTRAINT'], 'Only PRIMARY KEY (...), NOT NULL and DEFAULT are said of a table.'],
  [
    ['GENERATED'],
    'A source computes columns: SCHEMA (a INT, b AS a * 2). Rows of a table hold what is inserted.'
  ],
  [['AUTO_INCREMENT'], 'Give the number in each row: a record has a partition and an offset.'],
  [['PARTITIONED'], "A sink's records are parted by partition_key = 'column'."],
  [['INDEX'], 'Leave it out: joins make the indexes that they need.'],
  [['ALTER', 'TABLE'], 'A table is as the script declares it: change CREATE TABLE and compile.'],
  [['FETCH', 'FIRST'], 'Write LIMIT n.'],
  [['FOR', 'UPDATE'], 'Leave it out: nothing else changes the rows meanwhile.'],
  [['TABLESAMPLE'], 'Write WHERE random() < 0.1.'],
  [['BEGIN'], "Leave it out: SET delivery = 'exactly_once' makes transactions."],
  [['COMMIT'], "Leave it out: SET delivery = 'exactly_once' makes transactions."],
  [['SHOW', 'FUNCTIONS'], '"miraclec functions" lists them.'],
  [['SHOW', 'CREATE'], 'Write DESCRIBE and the name.']
]

/** What to write in place of the words where the parser stopped, one or two before it included; null: nobody knows them. */
export function foreignHint(tokens: readonly Token[], start: number, at: number): string | null {
  const found = phrases.find(([words]) =>
    [at, at - 1, at - 2].some(from => {
      // A reserved word where the parser stops is one that was meant as a name.
      const isName = from === at && words.length === 1 && isReserved(tokens[at]!.type)
      return from >= start && !isName && stands(words, tokens, from)
    })
  )
  return found?.[1] ?? null
}

/** A word, or the parenthesis behind one. */
function stands(words: readonly string[], tokens: readonly Token[], from: number): boolean {
  return words.every((word, i) => {
    const token = tokens[from + i]
    return token !== undefined && (wordAt(tokens, from + i) === word || token.text === word)
  })
}
