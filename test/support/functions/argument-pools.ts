/**
 * What arguments of some functions are drawn from, by index: random texts are hardly ever patterns, paths or templates.
 * `constant`: they have to be literals in the script.
 */
export interface Pool {
  readonly texts: readonly string[]
  readonly constant?: true
}

const patterns: Pool = {
  texts: [
    'a',
    'b+',
    '^a|b$',
    '(a)(b)?',
    '[a-z]+',
    '([ab])|x*',
    '\\d{2,}',
    '(.*?)b',
    '\\mab',
    '(?=a)ab?',
    '(?i)AB',
    '.',
    '',
    '[[:upper:]é]',
    'a{3}|(bb|b)(b)',
    // Broken ones fail for each row.
    '(',
    'a**',
    '\\1'
  ]
}
const soundPatterns: Pool = { texts: patterns.texts.slice(0, -3), constant: true }
const flags: Pool = { texts: ['', 'i', 'n', 'x', 'q', 'ci'], constant: true }
const paths: Pool = {
  texts: ['$', '$.a', '$.a.b[0]', '$[0]', '$[-1].a', "$['a b']", '$.n', '$."a"'],
  constant: true
}
const likePatterns: Pool = { texts: ['%', 'a%', '%b', '_', 'a_%', '%\\%', 'x#%', '\\', '[a]%', ''] }
const escapes: Pool = { texts: ['\\', '#', ''], constant: true }
const replacements: Pool = { texts: ['', 'X', '<\\1>', '\\&\\&', '\\\\', '\\9$1', '\\'] }
const escaped = [
  ...['a', '\\0061b', '\\+01F600', '\\u00e9', '\\U0001F600', '\\\\', '\\', '\\00', '\\0000'],
  ...['\\d83d\\de00', '\\d83d', '\\U00110000', 'x\\+00', '\\U0001F60']
]
const names = [
  ...['a', 'Ab.c', '"A""b"."c"', ' a . B ', 'é1$.x', 'a.', '.a', '""', '"a', '1a', 'a b', 'a;', ''],
  ...['a."b" ', 'A\tb', '_x.""""']
]
const places: Pool = { texts: ['0', '1', '-1', 'b', '+1', 'x', '', '00'] }
const steps: Pool = { texts: ['a', 'b', 'a b', '', 'n'] }
const fields: Pool = {
  texts: ['year', 'month', 'day', 'hour', 'minute', 'second', 'epoch', 'quarter', 'week', 'decade'],
  constant: true
}

const templates: Pool = {
  texts: ['YYYY-MM-DD HH24:MI:SS', 'DD Mon YYYY', 'Day, HH12:MI am', 'Q', 'no pattern', '']
}
const numberTemplates = [
  ...[
    '9,999.99',
    'FM999990.99',
    '099.9S',
    '999PR',
    '9.99EEEE',
    'FM99th',
    'RN',
    '99V9',
    'MI9',
    '9S9S'
  ]
]
/** What only to_number takes apart. */
const readTemplates = [
  ...['99', '9,999', 'FM9,999', 'S99.9', '99.9S', 'MI99', '99MI', 'SG99', 'PL99', '99PL', '9.9MI'],
  ...['L99', '99th', '99.9th', '"ab"99', '9-9', '9G9D9', '999V9', '0.9', '<9>', '']
]
const numberTexts = [
  ...['12', '-12', '+12', ' 12', '1,234', '12.5', '12.5-', '12.5+', '12-', '- 12', '<12>', '<12'],
  ...[
    '$12',
    '€12',
    '12th',
    '1,2,3',
    '.5',
    '1.',
    '-.5',
    '1-2',
    'ab12',
    '12345678',
    '',
    'x',
    '-',
    '0'
  ]
]
const zones: Pool = { texts: ['UTC', 'Europe/Berlin', '+02:00', 'America/New_York'] }

const keys: Pool = { texts: ['a', 'b', 'k', '', 'é', 'none'] }

export const pools: Readonly<Record<string, Readonly<Record<number, Pool>>>> = {
  map_element: { 1: keys },
  element_at: { 1: keys },
  map_contains_key: { 1: keys },
  json_step_text: { 1: steps },
  like: { 1: likePatterns, 2: escapes },
  ilike: { 1: likePatterns, 2: escapes },
  similar_to: { 1: likePatterns, 2: escapes },
  matches: { 1: patterns },
  matches_any_case: { 1: patterns },
  substring: { 1: patterns, 2: escapes },
  regexp_like: { 1: patterns, 2: flags },
  regexp_count: { 1: patterns, 3: flags },
  regexp_extract: { 1: soundPatterns },
  regexp_substr: { 1: patterns, 4: flags },
  regexp_instr: { 1: patterns, 5: flags },
  regexp_replace: {
    1: patterns,
    2: replacements,
    3: { ...flags, texts: ['', 'g', 'gi', 'n'] },
    5: flags
  },
  regexp_match: { 1: patterns, 2: flags },
  regexp_split_to_array: { 1: patterns, 2: flags },
  normalize: { 1: { texts: ['NFC', 'nfd', 'NFKC', 'NFKD'], constant: true } },
  is_normalized: { 1: { texts: ['NFC', 'NFD', 'NFKC', 'NFKD'], constant: true } },
  parse_ident: { 0: { texts: names } },
  unistr: { 0: { texts: escaped } },
  make_timestamptz: { 6: zones },
  json_extract_path: { 1: steps, 2: places, 3: steps },
  json_extract_path_text: { 1: steps, 2: places, 3: steps },
  json_extract: { 1: paths },
  json_value: { 1: paths },
  json_exists: { 1: paths },
  json_step: { 1: steps },
  format: {
    0: { texts: ['%s', '%s-%s', '%2$s%1$L', '%I', '%%', '%-8s|', '%*s', '%q', '%', 'none', '%3$s'] }
  },
  translate: { 1: { texts: ['ab', 'aab', '', 'é'] }, 2: { texts: ['x', 'xyz', ''] } },
  split_part: { 1: { texts: [',', '', 'a', 'ab'] } },
  split_index: { 1: { texts: [',', '', 'a', 'ab'] } },
  extract: { 0: fields },
  date_part: { 0: fields },
  date_trunc: {
    0: { texts: ['year', 'month', 'week', 'day', 'hour', 'second'], constant: true },
    2: zones
  },
  to_char: { 1: { texts: [...templates.texts, ...numberTemplates] } },
  date_format: { 1: { texts: ['yyyy-MM-dd', 'HH:mm:ss', 'dd.MM.yy', ''] } },
  to_timestamp: { 1: templates },
  to_date: { 1: templates },
  to_number: { 0: { texts: numberTexts }, 1: { texts: [...numberTemplates, ...readTemplates] } },
  timezone: { 0: zones }
}
