import { pick, type Random } from '../functions/random-value.ts'

/** How an event looks for a row before it. */
export interface AsOfQuery {
  /** What `v` is: a topic with a key, a table that a topic fills, or events themselves. */
  readonly rows: 'topic' | 'table' | 'events'
  readonly isLeft: boolean
  /** A row of the event's own time is none before it. */
  readonly isStrict: boolean
  /** The event asks for so many ms before its time; negative: behind it. */
  readonly before: number
  /** A condition beside the key: of events the last one for which it holds is found, of a table's row the last one is asked for it. */
  readonly asksMore: boolean
  /** There is a key to be equal. */
  readonly isKeyed: boolean
  /** What is made of the joined rows, `j`, spelled alike in both dialects. */
  readonly of: string
}

export const DELAYS = { e: 1000, v: 2000 } as const

const made = [
  ...Array.from({ length: 4 }, () => 'SELECT id, k, ts, vid, vn FROM j'),
  'SELECT vid, COUNT(*) AS c, SUM(vn) AS total, MAX(ts) AS last FROM j GROUP BY vid',
  "SELECT time_bucket(INTERVAL '4 seconds', ts) AS b, k, COUNT(*) AS c, COUNT(vid) AS met, SUM(vn) AS total FROM j WHERE ts IS NOT NULL GROUP BY time_bucket(INTERVAL '4 seconds', ts), k",
  'SELECT id, vid, vn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY vn DESC NULLS LAST, id) AS place FROM j) AS t WHERE place <= 2'
] as const

export function makeAsOf(random: Random): AsOfQuery {
  const rows = pick(random, ['topic', 'table', 'events', 'events'] as const)
  const isStream = rows === 'events'
  return {
    rows,
    isLeft: random(2) === 0,
    isStrict: isStream && random(3) === 0,
    before: random(3) > 0 ? 0 : pick(random, isStream ? [500, 1500, -1000] : [500, 1500]),
    asksMore: random(4) === 0,
    isKeyed: !isStream || random(6) > 0,
    of: pick(random, made)
  }
}

const declaredEvents = `CREATE SOURCE e FROM KAFKA (topic = 'e', auto_offset_reset = 'earliest') SCHEMA (id INT, k TEXT, n INT, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND);`
const delayed = "WATERMARK FOR ts AS ts - INTERVAL '2' SECOND"

const declared: Readonly<Record<AsOfQuery['rows'], string>> = {
  topic: `CREATE SOURCE v FROM KAFKA (topic = 'v', format = 'upsert') SCHEMA (k TEXT, id INT, n INT, ts TIMESTAMP, PRIMARY KEY (k), ${delayed});`,
  table: `CREATE SOURCE f FROM KAFKA (topic = 'v') SCHEMA (id INT, k TEXT, n INT, ts TIMESTAMP, ${delayed});
CREATE TABLE v (k TEXT, id INT, n INT, ts TIMESTAMP, PRIMARY KEY (k));
INSERT INTO v SELECT k, id, n, ts FROM f WHERE k IS NOT NULL;`,
  events: `CREATE SOURCE v FROM KAFKA (topic = 'v') SCHEMA (id INT, k TEXT, n INT, ts TIMESTAMP, ${delayed});`
}

export function asOfScript(query: AsOfQuery): string {
  const { asksMore, isKeyed, isLeft, of, rows } = query
  const asked = rows === 'events' ? 'v.n > 0' : 'v.n + e.n > 0'
  const more = asksMore ? ` AND ${asked}` : ''
  const items = 'SELECT e.id AS id, e.k AS k, e.ts AS ts, v.id AS vid, v.n AS vn FROM e'
  const left = isLeft ? 'LEFT ' : ''
  const key = isKeyed ? 'e.k = v.k' : ''
  const joined =
    rows === 'events'
      ? `ASOF ${left}JOIN v ON ${[...(isKeyed ? [key] : []), timesOf(query)].join(' AND ')}${more}`
      : `${left}JOIN v FOR SYSTEM_TIME AS OF e.ts${moved(-query.before)} ON ${key}${more}`
  return `${declaredEvents}
${declared[rows]}
CREATE VIEW j AS ${items} ${joined};
CREATE SINK o TO KAFKA (topic = 'o', format = 'debezium') AS ${of};
`
}

function timesOf({ before, isStrict }: AsOfQuery): string {
  return `e.ts ${isStrict ? '>' : '>='} v.ts${moved(before)}`
}

function moved(ms: number): string {
  if (ms === 0) return ''
  return ` ${ms < 0 ? '-' : '+'} INTERVAL '${Math.abs(ms) / 1000}' SECOND`
}
