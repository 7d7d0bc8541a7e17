import { createContext, type ReactNode, useContext, useEffect, useReducer } from 'react';
import { useApi } from '../api.ts';
import { type JobsState, NO_JOBS, reduceJobs } from './jobs-state.ts';
import { type Connection, useConnection } from './use-connection.ts';

/** The job list, and whether the engine can be heard. */
export interface Jobs extends JobsState {
  readonly connection: Connection;
}

const JobsContext = createContext<Jobs>({ ...NO_JOBS, connection: 'open' });

/** All jobs, derived from the engine's events and nothing else. */
export function useJobs(): Jobs {
  return useContext(JobsContext);
}

/** Pause before a subscription that ended is taken up again. */
const RETRY_MS = 1500;

export function JobsProvider({ children }: { children: ReactNode }) {
  const { client } = useApi();
  const [state, dispatch] = useReducer(reduceJobs, NO_JOBS);
  const { connection, heard, lost } = useConnection();

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let subscription = subscribe();

    function subscribe() {
      const again = () => {
        lost();
        clearTimeout(timer);
        timer = setTimeout(() => {
          subscription.unsubscribe();
          subscription = subscribe();
        }, RETRY_MS);
      };
      return client.jobs.events.subscribe(undefined, {
        onData(event) {
          heard();
          dispatch(event);
        },
        onConnectionStateChange({ state: now, error }) {
          // The first connecting has no error; every one after a break has.
          if (now === 'connecting' && error) lost();
        },
        onError: again,
        onComplete: again,
      });
    }

    return () => {
      clearTimeout(timer);
      subscription.unsubscribe();
    };
  }, [client, heard, lost]);

  return <JobsContext value={{ ...state, connection }}>{children}</JobsContext>;
}
