/** An end of the pipeline, as its metrics have it. */
interface End<Connection> {
  connection: Connection | null
  trouble: string | null
}

/** Opens it. A connection that is made works until it says otherwise: what the one before said last does not count. */
export async function openEnd<Connection>(
  end: End<Connection>,
  open: (connected: (up: boolean, reason: string) => void) => Promise<Connection>
): Promise<void> {
  let trouble: string | null = null
  end.connection = await open((up, reason) => {
    trouble = up ? null : reason
    end.trouble = trouble
  })
  end.trouble = trouble
}
