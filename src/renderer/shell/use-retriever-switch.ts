import { useEffect, useState } from 'react';
import type { SwitchView } from '../../api/views.ts';
import { useApi } from '../api.ts';

/** Pause before a subscription that ended is taken up again. */
const RETRY_MS = 1500;

/** Where the change to another retriever is. The list of models is asked for anew whenever one has ended. */
export function useRetrieverSwitch(): SwitchView {
  const { client, query, queryClient } = useApi();
  const [state, setState] = useState<SwitchView>({ kind: 'idle' });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let subscription = subscribe();

    function subscribe() {
      const again = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          subscription.unsubscribe();
          subscription = subscribe();
        }, RETRY_MS);
      };
      return client.models.switching.subscribe(undefined, {
        onData(view) {
          setState(view);
          if (view.kind === 'idle' || view.kind === 'failed')
            void queryClient.invalidateQueries({ queryKey: query.models.pathKey() });
        },
        onError: again,
        onComplete: again,
      });
    }

    return () => {
      clearTimeout(timer);
      subscription.unsubscribe();
    };
  }, [client, query, queryClient]);

  return state;
}
