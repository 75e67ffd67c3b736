// Words are one token here: compiler/parse/keywords.ts decides which of them are keywords, and where. That keeps the
// lexer small, every word that SQL does not need free as a column name, and the parser LL(1).
lexer grammar SqlLexer;

tokens {
  // What HASH_COMMENT turns out to be where it is none: see compiler/parse/tokens.ts.
  HASH, JSON_PATH, JSON_PATH_TEXT,

  // A parenthesis that opens a query and not an expression: decided on the token list, see keywords.ts.
  QUERY_PAREN,

  // Reserved: never a name, unless quoted.
  KW_ALL, KW_AND, KW_ARRAY, KW_AS, KW_ASC, KW_BETWEEN, KW_CASE, KW_CAST, KW_CREATE, KW_DEFAULT, KW_DESC, KW_DISTINCT,
  KW_ELSE, KW_END, KW_EXCEPT, KW_EXISTS, KW_FALSE, KW_FOR, KW_FROM, KW_GROUP, KW_HAVING, KW_ILIKE, KW_IN, KW_INTERSECT,
  KW_INTO, KW_IS, KW_JOIN, KW_LATERAL, KW_LIKE, KW_LIMIT, KW_NOT, KW_NULL, KW_ON, KW_OR, KW_ORDER, KW_PLACING, KW_PRIMARY,
  KW_SELECT,
  KW_SIMILAR, KW_TABLE, KW_THEN, KW_TO, KW_TRUE, KW_UNION, KW_USING, KW_VALUES, KW_WHEN, KW_WHERE, KW_WITH,

  // Not reserved: names wherever the rule `identifier` stands.
  KW_ADVANCE, KW_ALTER, KW_ANALYZE, KW_BY, KW_CHANGES, KW_CLOSE, KW_CONFIG, KW_DELETE, KW_DESCRIBE, KW_DROP, KW_EMPTY,
  KW_ERROR, KW_EXPECT, KW_EXPLAIN, KW_FIRST, KW_FOLLOWING, KW_FUTURE, KW_INPUT, KW_INSERT, KW_KEY, KW_LAST, KW_LIST, KW_MODEL,
  KW_MODELS, KW_OF, KW_ORDINALITY, KW_PRECEDING, KW_RAW, KW_REGISTRY, KW_RETURNS, KW_SCHEMA, KW_SET, KW_SETS, KW_SHOW,
  KW_SINK, KW_SINKS, KW_SKEW, KW_SOURCE, KW_SOURCES, KW_SYSTEM_TIME, KW_TABLES, KW_TEST, KW_TIMEOUT, KW_UNKNOWN,
  KW_UPDATE, KW_VIEW, KW_VIEWS,

  // Keywords only next to certain tokens, plain words elsewhere: the conditions are in keywords.ts.
  KW_ASOF, KW_AT, KW_BOTH, KW_COLLATE, KW_CROSS, KW_CUBE, KW_CUMULATE, KW_CURRENT, KW_EMIT, KW_ERRORS, KW_ESCAPE, KW_FILTER,
  KW_FULL, KW_GROUPING, KW_HOP, KW_IDLE, KW_IF, KW_INFER, KW_INNER, KW_INTERVAL, KW_ISNULL, KW_LATE, KW_LEADING, KW_LEFT, KW_MAP,
  KW_MAX, KW_METADATA, KW_NORMALIZED, KW_NORMAL_FORM, KW_NOTNULL, KW_NULLS, KW_OFFSET, KW_OUTER, KW_OVER, KW_OVERLAPS,
  KW_PARTITION, KW_PATH, KW_PRECISION, KW_RANGE, KW_RETURNING, KW_RIGHT, KW_ROLLUP, KW_ROW, KW_ROWS, KW_SESSION, KW_STRUCT, KW_SYMMETRIC, KW_TIME, KW_TRAILING, KW_TRY_CAST,
  KW_TUMBLE, KW_UNBOUNDED, KW_UNIQUE, KW_UNIT, KW_UNNEST, KW_VALUE, KW_VARYING, KW_WATERMARK, KW_WINDOW, KW_WITHIN, KW_WITHOUT, KW_ZONE
}

SPACE: [ \t\r\n\f\u000B\uFEFF]+ -> skip;
LINE_COMMENT: '--' ~[\r\n]* -> skip;
// Whether it begins a comment depends on its place: see compiler/parse/tokens.ts.
HASH_COMMENT: '#' '>'? '>'?;
// Comments nest, as in PostgreSQL; a mode per level needs no recursion.
COMMENT_OPEN: '/*' -> pushMode(COMMENT);

STRING: '\'' (~'\'' | '\'\'')* '\'';
ESCAPE_STRING: [eE] '\'' (~['\\] | '\\' . | '\'\'')* '\'';
DOLLAR_STRING: '$$' (~'$' | '$' ~'$')* '$$';
QUOTED_NAME: '"' (~'"' | '""')+ '"' | '`' (~'`' | '``')+ '`';
UNTERMINATED_STRING: '\'' (~'\'' | '\'\'')* | [eE] '\'' (~['\\] | '\\' . | '\'\'')* '\\'? | '$$' (~'$' | '$' ~'$')* '$'?;
UNTERMINATED_NAME: '"' (~'"' | '""')* | '`' (~'`' | '``')*;

NUMBER: (DIGIT+ ('.' DIGIT*)? | '.' DIGIT+) ([eE] [+\-]? DIGIT+)?;
BAD_NUMBER: NUMBER LETTER (LETTER | DIGIT)*;
WORD: LETTER (LETTER | DIGIT | '$')*;

TYPE_CAST: '::';
COLON: ':';
NAMED_ARGUMENT: '=>';
JSON_TEXT: '->>';
JSON_FIELD: '->';
CONTAINS: '@>';
AT_SIGN: '@';
STARTS_WITH: '^@';
SHIFT_LEFT: '<<';
// Also the ends of two types inside of each other: see compiler/parse/tokens.ts.
SHIFT_RIGHT: '>>';
AMPERSAND: '&';
PIPE: '|';
CONTAINED: '<@';
OVERLAPS: '&&';
SQUARE_ROOT: '|/';
CUBE_ROOT: '||/';
CONCAT: '||';
NOT_EQUAL: '<>' | '!=';
LESS_EQUAL: '<=';
GREATER_EQUAL: '>=';
NOT_LIKE_ANY_CASE: '!~~*';
NOT_LIKE: '!~~';
LIKE_ANY_CASE: '~~*';
LIKE: '~~';
NOT_MATCH_ANY_CASE: '!~*';
NOT_MATCH: '!~';
MATCH_ANY_CASE: '~*';
MATCH: '~';
EQUAL: '=';
LESS: '<';
GREATER: '>';
PLUS: '+';
MINUS: '-';
STAR: '*';
SLASH: '/';
PERCENT: '%';
CARET: '^';
LEFT_PAREN: '(';
RIGHT_PAREN: ')';
LEFT_BRACKET: '[';
RIGHT_BRACKET: ']';
// One token, so that `x::INT[]` and `x[1]` differ in their first token.
EMPTY_BRACKETS: '[' [ \t\r\n]* ']';
COMMA: ',';
SEMICOLON: ';';
// One token, so that `s.*` and `s.a` differ in their first token.
DOT_STAR: '.' [ \t\r\n]* '*';
DOT: '.';

UNEXPECTED: .;

fragment DIGIT: [0-9];
// As PostgreSQL: anything beyond ASCII is a letter; here without blanks and typographic quotes, which are mistakes.
fragment LETTER: [a-zA-Z_\u0080-\u009F\u00A1-\u1FFF\u2040-\u205E\u2070-\u2211\u2213-\u2FFF\u3001-\uFEFE\uFF00-\uFFFC];

mode COMMENT;
NESTED_OPEN: '/*' -> type(COMMENT_OPEN), pushMode(COMMENT);
COMMENT_CLOSE: '*/' -> popMode;
COMMENT_TEXT: (~[*/]+ | [*/]) -> skip;
