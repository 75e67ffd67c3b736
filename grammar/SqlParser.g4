// LL(1) nearly everywhere: the generated parser decides by one token and rarely asks ANTLR's simulator, which is slow
// to start. test/unit/parse/grammar.test.ts counts the exceptions. Operators stand in PostgreSQL's order of precedence.
parser grammar SqlParser;

options { tokenVocab = SqlLexer; }

// The entry: a script is cut at its semicolons first, so that each statement fails alone.
statement: statementBody (SEMICOLON | EOF);

statementBody: (KW_EXPLAIN KW_ANALYZE?)? plainStatement;
plainStatement
  : setStatement
  | KW_CREATE (createSource | createSink | createTable | createView | createModel)
  | insertStatement
  | updateStatement
  | deleteStatement
  | query
  | showStatement
  | describeStatement
  | alterStatement
  | dropStatement
  | testStatement
  ;

setStatement: KW_SET identifier (EQUAL | KW_TO) propertyValue;

createSource
  : KW_SOURCE ifNotExists? identifier KW_FROM identifier LEFT_PAREN propertyList RIGHT_PAREN sourceClause*
  ;
sourceClause: schemaClause | configClause | onClause;
schemaClause
  : KW_SCHEMA LEFT_PAREN (inferred | schemaElement (COMMA schemaElement)*) RIGHT_PAREN
  ;
inferred: KW_INFER KW_FROM KW_REGISTRY (COMMA (primaryKey | watermark))*;
schemaElement: primaryKey | watermark | columnDefinition;
primaryKey: (KW_PRIMARY KW_KEY | KW_UNIQUE KW_NULLS KW_NOT KW_DISTINCT) LEFT_PAREN identifierList RIGHT_PAREN;
watermark: KW_WATERMARK KW_FOR identifier KW_AS expression watermarkOption*;
watermarkOption: KW_IDLE KW_TIMEOUT expression | KW_MAX KW_FUTURE KW_SKEW expression;
columnDefinition: identifier (KW_AS expression | typeName (KW_COLLATE collation)? columnOption*);
collation: identifier;
columnOption
  : KW_NOT KW_NULL
  | KW_NULL
  | KW_DEFAULT unary
  | KW_PATH STRING
  | KW_METADATA KW_FROM STRING
  | KW_PRIMARY KW_KEY
  ;
configClause: KW_CONFIG LEFT_PAREN propertyList RIGHT_PAREN;
onClause: KW_ON (KW_ERROR | KW_LATE) LEFT_PAREN propertyList RIGHT_PAREN;

createSink
  : KW_SINK ifNotExists? identifier KW_TO identifier LEFT_PAREN propertyList RIGHT_PAREN sinkClause*
    (KW_FROM KW_TABLE? qualifiedName sinkClause* | KW_AS query)?
  ;
sinkClause: configClause | onClause;
createTable: KW_TABLE ifNotExists? identifier (KW_AS query | LEFT_PAREN tableElement (COMMA tableElement)* RIGHT_PAREN);
tableElement: primaryKey | columnDefinition;
createView: KW_VIEW ifNotExists? identifier columnList? KW_AS query;
createModel: KW_MODEL ifNotExists? identifier KW_FROM STRING (KW_WITH LEFT_PAREN propertyList RIGHT_PAREN)?;
ifNotExists: KW_IF KW_NOT KW_EXISTS;

propertyList: (property (COMMA property)*)?;
property: propertyName EQUAL propertyValue;
propertyName: identifier (DOT identifier)* | STRING;
propertyValue: stringLiteral | (PLUS | MINUS)? NUMBER | KW_TRUE | KW_FALSE | KW_ALL | identifier;

insertStatement: KW_INSERT KW_INTO qualifiedName columnList? query;
updateStatement: KW_UPDATE qualifiedName changedAlias? KW_SET assignment (COMMA assignment)* (KW_WHERE expression)?;
assignment: identifier EQUAL expression;
deleteStatement: KW_DELETE KW_FROM qualifiedName changedAlias? (KW_WHERE expression)?;
// SET and the first words of statements are names too, behind AS.
changedAlias: KW_AS identifier | plainName;
plainName: WORD | QUOTED_NAME;

showStatement: (KW_SHOW | KW_LIST) (KW_SOURCES | KW_SINKS | KW_TABLES | KW_MODELS | KW_VIEWS);
describeStatement: (KW_DESCRIBE | KW_DESC) qualifiedName;
alterStatement: KW_ALTER (KW_SOURCE | KW_SINK) qualifiedName KW_SET property (COMMA property)*;
dropStatement: KW_DROP (KW_SOURCE | KW_SINK | KW_TABLE | KW_MODEL | KW_VIEW) (KW_IF KW_EXISTS)? qualifiedName;

testStatement: KW_TEST stringLiteral testStep+;
testStep: testInput | testInsert | updateStatement | deleteStatement | testModel | testAdvance | testExpect;
testInput: KW_INPUT qualifiedName (KW_DELETE values | columnList? (values | KW_RAW stringLiteral (COMMA stringLiteral)*)) (KW_AT stringLiteral)?;
// VALUES only: a query might take the next step's first word for an alias.
testInsert: KW_INSERT KW_INTO qualifiedName columnList? values;
testModel: KW_MODEL identifier KW_RETURNS expression (COMMA expression)*;
testAdvance: KW_ADVANCE KW_TIME KW_TO stringLiteral;
testExpect: KW_EXPECT ((KW_ERRORS | KW_LATE) NUMBER | qualifiedName (KW_ROWS NUMBER | KW_DELETE columnList values | columnList? values));

// Queries

query: withClause? unionTerm queryTail*;
withClause: KW_WITH commonTable (COMMA commonTable)*;
commonTable: identifier columnList? KW_AS QUERY_PAREN query RIGHT_PAREN;
queryTail: orderBy | KW_LIMIT expression | KW_OFFSET expression | emitClause;
emitClause: KW_EMIT (KW_ON KW_WINDOW KW_CLOSE | KW_CHANGES);
unionTerm: intersectTerm ((KW_UNION | KW_EXCEPT) (KW_ALL | KW_DISTINCT)? intersectTerm)*;
intersectTerm: queryPrimary (KW_INTERSECT (KW_ALL | KW_DISTINCT)? queryPrimary)*;
queryPrimary: select | values | QUERY_PAREN query RIGHT_PAREN;

select
  : KW_SELECT (KW_ALL | KW_DISTINCT)? selectItem (COMMA selectItem)* fromClause? whereClause? groupBy? havingClause?
    windowClause?
  ;
selectItem: STAR | expression (KW_AS identifier | identifier)?;
fromClause: KW_FROM relation (COMMA relation)*;
whereClause: KW_WHERE expression;
groupBy: KW_GROUP KW_BY groupingElement (COMMA groupingElement)*;
groupingElement
  : (KW_ROLLUP | KW_CUBE) LEFT_PAREN expressionList RIGHT_PAREN
  | KW_GROUPING KW_SETS LEFT_PAREN expressionList RIGHT_PAREN
  | expression
  ;
havingClause: KW_HAVING expression;
windowClause: KW_WINDOW namedWindow (COMMA namedWindow)*;
namedWindow: identifier KW_AS LEFT_PAREN identifier? partitionBy? orderBy? frame? RIGHT_PAREN;
values: KW_VALUES valuesRow (COMMA valuesRow)*;
valuesRow: LEFT_PAREN expressionList RIGHT_PAREN;
orderBy: KW_ORDER KW_BY sortItem (COMMA sortItem)*;
sortItem: expression (KW_ASC | KW_DESC)? (KW_NULLS (KW_FIRST | KW_LAST))?;

relation: relationPrimary join*;
join
  : joinKind? KW_JOIN relationPrimary (KW_ON expression | KW_USING columnList)?
  ;
joinKind: KW_CROSS | KW_INNER | joinSide KW_ASOF? | KW_ASOF joinSide?;
joinSide: (KW_LEFT | KW_RIGHT | KW_FULL) KW_OUTER?;
relationPrimary
  : QUERY_PAREN query RIGHT_PAREN tableAlias?
  | LEFT_PAREN relation RIGHT_PAREN
  | KW_TABLE LEFT_PAREN windowCall RIGHT_PAREN tableAlias?
  | windowCall tableAlias?
  | KW_LATERAL? KW_UNNEST LEFT_PAREN expressionList RIGHT_PAREN (KW_WITH KW_ORDINALITY)? tableAlias?
  | qualifiedName (asOf tableAlias? | tableAlias asOf?)?
  ;
asOf: KW_FOR KW_SYSTEM_TIME KW_AS KW_OF expression;
tableAlias: KW_AS? identifier columnList?;
windowCall
  : (KW_TUMBLE | KW_HOP | KW_SESSION | KW_CUMULATE) LEFT_PAREN windowArgument (COMMA windowArgument)* RIGHT_PAREN
  ;
windowArgument: windowInput | expression windowPartition? (NAMED_ARGUMENT (windowInput | expression))?;
windowInput: KW_TABLE (qualifiedName | QUERY_PAREN query RIGHT_PAREN) windowPartition?;
// One expression: the comma separates arguments. Several keys stand in parentheses, as in Flink.
windowPartition: KW_PARTITION KW_BY expression;

// Expressions, loosest first

expression: andExpression (KW_OR andExpression)*;
andExpression: notExpression (KW_AND notExpression)*;
notExpression: KW_NOT* isExpression;
isExpression: comparison isTest*;
isTest
  : KW_IS KW_NOT?
    ( KW_NULL | KW_TRUE | KW_FALSE | KW_UNKNOWN | KW_DISTINCT KW_FROM comparison | KW_NORMAL_FORM? KW_NORMALIZED )
  | KW_ISNULL
  | KW_NOTNULL
  ;
comparison: matching ((EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL) comparand)?;
// ANY and SOME are calls as far as the grammar knows.
comparand: all | matching;
all: KW_ALL (LEFT_PAREN expression RIGHT_PAREN | QUERY_PAREN query RIGHT_PAREN);
matching: operation matchingTest?;
matchingTest
  : KW_NOT?
    ( KW_BETWEEN KW_SYMMETRIC? operation KW_AND operation
    | KW_IN inTarget
    | (KW_LIKE | KW_ILIKE | KW_SIMILAR KW_TO) (all | operation (KW_ESCAPE operation)?)
    | KW_OVERLAPS operation
    )
  ;
// The last form is only for POSITION(a IN b).
inTarget: QUERY_PAREN query RIGHT_PAREN | LEFT_PAREN expressionList RIGHT_PAREN | simple postfix*;
operation
  : sum
    ( ( CONCAT | JSON_FIELD | JSON_TEXT | CONTAINS | CONTAINED | OVERLAPS
      | MATCH | MATCH_ANY_CASE | NOT_MATCH | NOT_MATCH_ANY_CASE | AMPERSAND | PIPE | HASH | SHIFT_LEFT | SHIFT_RIGHT
      | JSON_PATH | JSON_PATH_TEXT | STARTS_WITH | LIKE | LIKE_ANY_CASE | NOT_LIKE | NOT_LIKE_ANY_CASE
      ) sum
    )*
  ;
sum: product ((PLUS | MINUS) product)*;
product: power ((STAR | SLASH | PERCENT) power)*;
power: zoned (CARET zoned)*;
zoned: unary (KW_AT KW_TIME KW_ZONE unary)*;
// PostgreSQL's roots, `~` and `@` take the whole sum behind them: the tree builder refuses `|/ a + b`, which would be something else.
unary: (PLUS | MINUS | SQUARE_ROOT | CUBE_ROOT | MATCH | AT_SIGN)* primary;
primary: (parenthesized | simple) postfix*;
postfix
  : TYPE_CAST typeName
  | LEFT_BRACKET subscript RIGHT_BRACKET
  | DOT identifier call?
  | DOT_STAR
  | KW_COLLATE collation
  ;
// An element, or with a colon a slice.
subscript: expression sliceEnd? | sliceEnd;
sliceEnd: COLON expression?;
// Empty only as a grouping set; more than one expression is a row.
parenthesized: QUERY_PAREN query RIGHT_PAREN | LEFT_PAREN expressionList? RIGHT_PAREN;
simple
  : NUMBER
  | stringLiteral
  | KW_TRUE
  | KW_FALSE
  | KW_NULL
  | KW_INTERVAL (stringLiteral | NUMBER) (KW_UNIT (KW_TO KW_UNIT)?)?
  | KW_CASE expression? caseBranch+ (KW_ELSE expression)? KW_END
  | (KW_CAST | KW_TRY_CAST) LEFT_PAREN expression KW_AS typeName RIGHT_PAREN
  | KW_ARRAY (arrayItems | QUERY_PAREN query RIGHT_PAREN)
  | KW_ROW LEFT_PAREN expressionList RIGHT_PAREN
  | KW_EXISTS QUERY_PAREN query RIGHT_PAREN
  | KW_UNNEST call
  // A query only behind ANY and SOME: the tree builder refuses it behind any other name.
  | identifier (stringLiteral | call | QUERY_PAREN query RIGHT_PAREN)?
  ;
arrayItems: EMPTY_BRACKETS | LEFT_BRACKET (expressionList | arrayItems (COMMA arrayItems)*) RIGHT_BRACKET;
caseBranch: KW_WHEN expression KW_THEN expression;
call: LEFT_PAREN callArguments? RIGHT_PAREN withinGroup? filterClause? overClause?;
// The separators other than the comma are those of EXTRACT, SUBSTRING, TRIM, OVERLAY and JSON_OBJECT, and RETURNING and what follows it are of JSON_VALUE:
// the tree builder checks them.
callArguments
  : STAR
  | trimSide argument? (argumentSeparator argument)*
  | (KW_ALL | KW_DISTINCT)? argument (argumentSeparator argument)* orderBy? returning? jsonOtherwise*
  | KW_FROM argument (COMMA argument)*
  ;
trimSide: KW_BOTH | KW_LEADING | KW_TRAILING;
argumentSeparator: COMMA | KW_FROM | KW_FOR | KW_PLACING | COLON | KW_VALUE;
returning: KW_RETURNING typeName;
jsonOtherwise: (KW_NULL | KW_ERROR | KW_DEFAULT expression) KW_ON (KW_EMPTY | KW_ERROR);
argument: expression (NAMED_ARGUMENT expression)?;
withinGroup: KW_WITHIN KW_GROUP LEFT_PAREN orderBy RIGHT_PAREN;
filterClause: KW_FILTER LEFT_PAREN KW_WHERE expression RIGHT_PAREN;
partitionBy: KW_PARTITION KW_BY expressionList;
overClause: KW_OVER (LEFT_PAREN identifier? partitionBy? orderBy? frame? RIGHT_PAREN | identifier);
frame: (KW_ROWS | KW_RANGE) (KW_BETWEEN frameBound KW_AND frameBound | frameBound);
frameBound
  : KW_UNBOUNDED (KW_PRECEDING | KW_FOLLOWING)
  | KW_CURRENT KW_ROW
  | operation (KW_PRECEDING | KW_FOLLOWING)
  ;

// Names and types

typeName
  : ( KW_ROW LEFT_PAREN rowField (COMMA rowField)* RIGHT_PAREN
    | KW_STRUCT LESS rowField (COMMA rowField)* GREATER
    | KW_MAP LESS typeName COMMA typeName GREATER
    | KW_ARRAY LESS typeName GREATER
    | identifier (KW_PRECISION | KW_VARYING)? (LEFT_PAREN NUMBER (COMMA NUMBER)* RIGHT_PAREN)?
      ((KW_WITH | KW_WITHOUT) KW_TIME KW_ZONE)?
    ) EMPTY_BRACKETS*
  ;
rowField: identifier typeName;
expressionList: expression (COMMA expression)*;
columnList: LEFT_PAREN identifierList RIGHT_PAREN;
identifierList: identifier (COMMA identifier)*;
qualifiedName: identifier (DOT identifier)*;
stringLiteral: STRING | ESCAPE_STRING | DOLLAR_STRING;
identifier
  : WORD
  | QUOTED_NAME
  | KW_ADVANCE | KW_ALTER | KW_ANALYZE | KW_BY | KW_CHANGES | KW_CLOSE | KW_CONFIG | KW_DELETE | KW_DESCRIBE | KW_DROP
  | KW_EMPTY | KW_ERROR | KW_EXPECT | KW_EXPLAIN | KW_FIRST | KW_FOLLOWING | KW_FUTURE | KW_INPUT | KW_INSERT | KW_KEY | KW_LAST
  | KW_LIST | KW_MODEL | KW_MODELS | KW_OF | KW_ORDINALITY | KW_PRECEDING | KW_RAW | KW_REGISTRY | KW_RETURNS | KW_SCHEMA
  | KW_SET | KW_SETS | KW_SHOW | KW_SINK | KW_SINKS | KW_SKEW | KW_SOURCE | KW_SOURCES | KW_SYSTEM_TIME | KW_TABLES
  | KW_TEST | KW_TIMEOUT | KW_UNKNOWN | KW_UPDATE | KW_VIEW | KW_VIEWS
  ;
