/** A parameter of a clause of CREATE: the binder takes its name and its words, an editor shows it. */
export interface ClauseParameter {
  readonly name: string
  /** One or two sentences. */
  readonly doc: string
  /** The words that it takes; absent: any text, or a number. */
  readonly choices?: readonly string[]
}

export const sourceFormats = [
  ...(['json', 'text', 'bytes', 'upsert', 'debezium'] as const),
  ...(['avro', 'protobuf', 'arrow'] as const)
]
export const sinkFormats = [
  ...(['json', 'upsert', 'debezium', 'avro'] as const),
  ...(['protobuf', 'arrow', 'text', 'bytes'] as const)
]
export const valueFormats = ['json', 'avro'] as const
/** Of keys whose columns are known. */
export const keyFormats = ['text', 'json', 'avro'] as const
export const sinkValueFormats = [...valueFormats, 'protobuf'] as const
export const timestampUnits = ['s', 'ms', 'us', 'ns'] as const
export const offsetResets = ['latest', 'earliest'] as const
export const missingActions = ['fail', 'skip'] as const
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export const decimalFormats = ['number', 'string'] as const
export const errorActions = ['retry', 'dead_letter', 'log', 'fail'] as const
export const lateActions = ['dead_letter', 'log'] as const

const brokers = 'Kafka brokers, separated by commas. Default: localhost:9092.'
const registry =
  'The URL of the registry of schemas, as Confluent has it; several are separated by commas.'
const subject =
  "The registry's subject whose schemas the records have. Default: the topic with -value behind its name."

/** Of FROM KAFKA. */
export const sourceParameters: readonly ClauseParameter[] = [
  { name: 'brokers', doc: brokers },
  { name: 'topic', doc: 'The topic to read. Default: miracledb-input.' },
  { name: 'group_id', doc: 'The consumer group. Default: miracledb-consumer.' },
  {
    name: 'auto_offset_reset',
    doc: 'Where a group without offsets starts: latest (default) or earliest. A table is always read from the start.',
    choices: offsetResets
  },
  {
    name: 'missing_records',
    doc: 'Where records were deleted before they were read, or the topic was made anew: fail (default) stops; skip counts and logs the gap and goes on.',
    choices: missingActions
  },
  {
    name: 'format',
    doc: 'What the records are: json (default), avro, protobuf, text or bytes as they are, the changes of a table as upsert or debezium, or rows as arrow.',
    choices: sourceFormats
  },
  {
    name: 'value_format',
    doc: 'What the rows of upsert and debezium are written in: json (default) or avro.',
    choices: valueFormats
  },
  {
    name: 'timestamp_unit',
    doc: 'The unit of numbers in TIMESTAMP columns. Without it, the magnitude decides.',
    choices: timestampUnits
  },
  { name: 'schema_registry_url', doc: registry },
  { name: 'schema_subject', doc: subject },
  {
    name: 'proto_file',
    doc: 'Of format protobuf without a registry: the .proto file that declares the message of all records.'
  },
  {
    name: 'proto_message',
    doc: "The message in proto_file that the records are. Default: the file's first."
  },
  {
    name: 'avro_schema',
    doc: 'A file with the schema that records in Avro were written with, where they name none of a registry.'
  },
  {
    name: 'key_format',
    doc: 'What the keys of the records are: text, json, or avro where the rows are too; bytes where they are events.'
  }
]

/** Of TO KAFKA. */
export const sinkParameters: readonly ClauseParameter[] = [
  { name: 'brokers', doc: brokers },
  { name: 'topic', doc: 'The topic to write. Default: miracledb-output.' },
  {
    name: 'compression',
    doc: 'How batches are compressed. Default: snappy.',
    choices: compressions
  },
  {
    name: 'partition_key',
    doc: "The columns that make the record's key, separated by commas. Records with one key stay in order."
  },
  {
    name: 'key_format',
    doc: "What the record's key is written in: text (default of one column), json (an object, default of several), or avro where the rows are too.",
    choices: keyFormats
  },
  { name: 'batch_size', doc: 'Most records of a batch. Default: 10000.' },
  { name: 'linger_ms', doc: 'How long a batch waits to fill, in milliseconds. Default: 100.' },
  {
    name: 'format',
    doc: 'What is written: json (default), avro, protobuf, the changes of a table as upsert or debezium, record batches as arrow, or one TEXT or BYTES column as it is (text, bytes).',
    choices: sinkFormats
  },
  {
    name: 'value_format',
    doc: 'What the rows of upsert are written in: json (default), avro or protobuf. Of debezium: json or avro.',
    choices: sinkValueFormats
  },
  {
    name: 'decimal_format',
    doc: 'How DECIMAL is written in JSON: as a number with all digits (default), or as a string.',
    choices: decimalFormats
  },
  { name: 'schema_registry_url', doc: registry },
  { name: 'schema_subject', doc: subject }
]

/** Of ON ERROR. */
export const errorParameters: readonly ClauseParameter[] = [
  {
    name: 'action',
    doc: 'retry: again what can succeed later. dead_letter (default): to the dead-letter topic. log: count, log and go on. fail: stop without committing past the record.',
    choices: errorActions
  },
  { name: 'max_retries', doc: 'How often retry tries again. Default: 3.' },
  { name: 'retry_backoff_ms', doc: 'Milliseconds between two tries. Default: 1000.' },
  {
    name: 'dead_letter_topic',
    doc: 'Where records go that cannot be handled. Default: the topic with -dlq behind its name.'
  }
]

/** Of ON LATE. */
export const lateParameters: readonly ClauseParameter[] = [
  {
    name: 'action',
    doc: 'dead_letter (default): rows whose window has closed go to the dead-letter topic. log: count, log and go on.',
    choices: lateActions
  },
  {
    name: 'dead_letter_topic',
    doc: 'Where late rows go. Default: the topic with -dlq behind its name.'
  }
]

/** Of CREATE MODEL ... WITH. */
export const modelParameters: readonly ClauseParameter[] = [
  { name: 'output', doc: "The graph's output to use, where it has several." },
  { name: 'index', doc: 'Which of several numbers per row is the answer, from 0.' },
  { name: 'batch_size', doc: 'Most rows that the model is asked about at once. Default: 1024.' },
  { name: 'max_wait_ms', doc: 'How long rows wait for a batch to fill, in milliseconds.' },
  { name: 'timeout_ms', doc: 'After how many milliseconds a call of the model is an error.' }
]

/** Of SET. */
export const settingParameters: readonly ClauseParameter[] = [
  {
    name: 'delivery',
    doc: 'at_least_once (default): offsets are committed after what they caused is acknowledged. exactly_once: in one Kafka transaction with it.',
    choices: ['at_least_once', 'exactly_once']
  },
  {
    name: 'commit_interval',
    doc: "Time between two commits, as in '100 ms'. Default: 1 s; exactly once 100 ms."
  },
  { name: 'parallelism', doc: 'Into how many parts keyed stages are split. Default: 1.' },
  {
    name: 'state',
    doc: 'Where state is: memory (default), or lmdb: on the disk, so that there may be more of it than memory holds.',
    choices: ['memory', 'lmdb']
  },
  {
    name: 'state_ttl',
    doc: 'How long groups without a window are kept after their last change, in processing time. Default: for ever.'
  },
  {
    name: 'window_retention',
    doc: 'How long a windowed result that changes keeps its windows, in their time. Default: 24 h.'
  }
]

export function parameterNames(parameters: readonly ClauseParameter[]): readonly string[] {
  return parameters.map(({ name }) => name)
}
