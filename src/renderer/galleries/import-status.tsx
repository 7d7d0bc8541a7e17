import { CloseButton, Progress, Text } from '@mantine/core';
import { RefusalText } from '../shell/refusal-text.tsx';
import { type ImportState, importDone, importSummary } from './import-state.ts';
import classes from './import-status.module.css';

interface ImportStatusProps {
  readonly state: ImportState;
  readonly onDismiss: () => void;
}

/** How an import goes, and what it came to. */
export function ImportStatus({ state, onDismiss }: ImportStatusProps) {
  const done = importDone(state);
  const running = done < state.total;
  return (
    <section className={classes.status} aria-label="Import">
      <div className={classes.head}>
        <Text fw={600} role="status">
          {running ? `Adding references, ${done} of ${state.total}` : importSummary(state)}
        </Text>
        {running ? (
          <Progress
            className={classes.bar}
            size="sm"
            value={(done / state.total) * 100}
            aria-label="References added"
          />
        ) : (
          <CloseButton size="sm" aria-label="Dismiss" onClick={onDismiss} />
        )}
      </div>
      {state.refused.length > 0 && (
        <ul className={classes.refused} aria-label="Not added">
          {state.refused.map((refusal, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows, and names may repeat
            <li key={i}>
              <RefusalText {...refusal} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
