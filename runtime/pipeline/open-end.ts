/** An end of the pipeline, as its metrics have it. */
interface End<Connection> {
  connection: Connection | null
  up: boolean
}

/** Opens it. A connection that is made works until it says otherwise: what the one before said last does not count. */
export async function openEnd<Connection>(
  end: End<Connection>,
  open: (connected: (up: boolean) => void) => Promise<Connection>
): Promise<void> {
  let isUp = true
  end.connection = await open(up => {
    isUp = up
    end.up = up
  })
  end.up = isUp
}
