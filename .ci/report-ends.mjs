// A reporter beside `spec`: of each test file whose process ended badly it says last how that was, with what the process
// wrote to stderr and what was told of the file. `spec` says 'test failed' of a crash and of an exit code alike.
const LINES = 60

export default async function* reportEnds(events) {
  const told = new Map()
  const ends = []
  const keep = (file, text) => told.set(file, [...(told.get(file) ?? []), text].slice(-LINES))
  for await (const { type, data } of events) {
    const { error } = data.details ?? {}
    if (type === 'test:stderr' || (type === 'test:diagnostic' && data.file))
      keep(data.file, data.message.trimEnd())
    // Only what stands for a whole process has these.
    else if (type === 'test:fail' && error !== undefined && 'exitCode' in error)
      ends.push({ file: data.file, code: error.exitCode, signal: error.signal })
  }
  for (const { file, code, signal } of ends) {
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`
    yield `\n# ${file} ended by ${how}; its last lines:\n${(told.get(file) ?? []).join('\n')}\n`
  }
}
