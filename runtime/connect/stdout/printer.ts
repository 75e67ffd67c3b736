import type { Writable } from 'node:stream'
import type { Connector, OutputBatch, SinkConnection } from '../../contract/index.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import { renderLines } from './render-lines.ts'
import { makeTableRenderer } from './render-rows.ts'

export interface Printer {
  /** Resolves when the stream took it: at once, or when it has room again. */
  print(text: Uint8Array | string): Promise<void>
  /** Resolves when everything printed so far has left the process. */
  flushed(): Promise<void>
  /** Resolves when nobody reads any more, as behind `| head`: what is printed then is dropped. */
  readonly closed: Promise<undefined>
  /** Resolves when the stream can't be written to, for any other reason. */
  readonly failed: Promise<Error>
  readonly format: 'json' | 'table'
}

/** Prints to a stream, which several sinks share. */
export function printTo(stream: Writable, format: Printer['format']): Printer {
  const closed = Promise.withResolvers<undefined>()
  const failed = Promise.withResolvers<Error>()
  let isClosed = false
  let last = Promise.resolve()
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isClosed = true
    if (error.code === 'EPIPE') closed.resolve(undefined)
    else failed.resolve(new EnvironmentError(`the rows can't be printed: ${error.message}`))
  })
  return {
    format,
    closed: closed.promise,
    failed: failed.promise,
    flushed: () => last,
    async print(text) {
      if (isClosed || text.length === 0) return
      // The callback comes with an error too: the event tells of it.
      const written = new Promise<void>(done => void stream.write(text, () => done()))
      last = written
      if (stream.writableNeedDrain) await written
    }
  }
}

/** The connector with SELECTs on their own printed. */
export function withPrinter(connector: Connector, printer: Printer): Connector {
  let lastSink: string | null = null
  return {
    ...connector,
    async openSink(sink, listener) {
      if (sink.connector !== 'stdout') return connector.openSink(sink, listener)
      listener.connected(true, 'standard output')
      void printer.failed.then(error => listener.failed(error))
      const render = printer.format === 'json' ? renderLines : makeTableRenderer()
      return openPrinted(printer, batch => {
        const isAgain = lastSink === sink.name
        lastSink = sink.name
        return render(batch, isAgain)
      })
    }
  }
}

function openPrinted(
  printer: Printer,
  render: (batch: OutputBatch) => Uint8Array | string
): SinkConnection {
  return {
    async send(batch) {
      if (batch.count > 0) await printer.print(render(batch))
    },
    flush: () => printer.flushed(),
    compressionRatio: () => 1,
    close: () => printer.flushed()
  }
}
