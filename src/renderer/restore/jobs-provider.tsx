import { createContext, type ReactNode, useContext, useEffect, useReducer, useState } from 'react';
import { useApi } from '../api.ts';
import { type JobsState, NO_JOBS, reduceJobs } from './jobs-state.ts';

/** The job list, and whether the engine can be heard. */
export interface Jobs extends JobsState {
  readonly connected: boolean;
}

const JobsContext = createContext<Jobs>({ ...NO_JOBS, connected: true });

/** All jobs, derived from the engine's events and nothing else. */
export function useJobs(): Jobs {
  return useContext(JobsContext);
}

/** Pause before a subscription that ended is taken up again. */
const RETRY_MS = 1500;

export function JobsProvider({ children }: { children: ReactNode }) {
  const { client } = useApi();
  const [state, dispatch] = useReducer(reduceJobs, NO_JOBS);
  const [connected, setConnected] = useState(true);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let subscription = subscribe();

    function subscribe() {
      const lost = () => {
        setConnected(false);
        clearTimeout(timer);
        timer = setTimeout(() => {
          subscription.unsubscribe();
          subscription = subscribe();
        }, RETRY_MS);
      };
      return client.jobs.events.subscribe(undefined, {
        onData(event) {
          setConnected(true);
          dispatch(event);
        },
        onConnectionStateChange({ state: connection, error }) {
          // The first connecting has no error; every one after a break has.
          if (connection === 'connecting' && error) setConnected(false);
        },
        onError: lost,
        onComplete: lost,
      });
    }

    return () => {
      clearTimeout(timer);
      subscription.unsubscribe();
    };
  }, [client]);

  return <JobsContext value={{ ...state, connected }}>{children}</JobsContext>;
}
