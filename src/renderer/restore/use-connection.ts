import { useEffect, useMemo, useState } from 'react';
import { useHost } from '../host/context.ts';

/**
 * Whether the engine can be heard. `lost`: not now, which passes by itself after a crash. `silent`: nothing has
 * answered for a while. `unknown`: a host answers that does not know this window.
 */
export type Connection = 'open' | 'lost' | 'silent' | 'unknown';

/** An engine that crashed is started again within this time. */
const PATIENCE_MS = 8_000;
const ASK_EVERY_MS = 2_000;

/** Follows a connection: told when something was heard and when it broke, it finds out by itself what is wrong. */
export function useConnection(): { connection: Connection; heard: () => void; lost: () => void } {
  const { reach } = useHost();
  const [connection, setConnection] = useState<Connection>('open');
  const broken = connection !== 'open';

  useEffect(() => {
    if (!broken) return;
    const since = performance.now();
    let over = false;
    const ask = async () => {
      const answer = await reach();
      if (over) return;
      if (answer === 'unknown') setConnection('unknown');
      else if (answer === 'silent' && performance.now() - since > PATIENCE_MS) setConnection('silent');
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_EVERY_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [broken, reach]);

  // The same functions every time, so that nobody subscribes anew because of them.
  const actions = useMemo(
    () => ({
      heard: () => setConnection('open'),
      lost: () => setConnection((now) => (now === 'open' ? 'lost' : now)),
    }),
    [],
  );
  return { connection, ...actions };
}
