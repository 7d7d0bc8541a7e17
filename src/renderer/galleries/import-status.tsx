import { CloseButton, Progress, Text, UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHost } from '../host/context.ts';
import { RefusalText } from '../shell/refusal-text.tsx';
import {
  countStates,
  FILE_STATES,
  type FileState,
  fileState,
  type ImportFile,
  importProgress,
  isRunning,
  type ListedImport,
} from './import-state.ts';
import classes from './import-status.module.css';

interface ImportStatusProps {
  readonly listed: ListedImport;
  readonly onDismiss: () => void;
}

/** How an import goes, what became of each file, and why. */
export function ImportStatus({ listed, onDismiss }: ImportStatusProps) {
  const { t } = useTranslation('galleries');
  const [only, setOnly] = useState<FileState | null>(null);
  const { done, total } = importProgress(listed);
  const running = isRunning(listed);
  const counts = countStates(listed);
  const summary = [
    counts.added > 0 ? t('imports.came.added', { count: counts.added }) : '',
    counts.duplicate > 0 ? t('imports.came.duplicate', { count: counts.duplicate }) : '',
    refusedIn(counts) > 0 ? t('imports.came.refused', { count: refusedIn(counts) }) : '',
  ].filter((part) => part !== '');
  const shown = only === null ? listed.files : listed.files.filter((file) => fileState(file) === only);

  return (
    <section className={classes.status} aria-label={t('imports.label')}>
      <div className={classes.head}>
        <Text fw={600} role="status">
          {running ? t('imports.running', { done, total }) : summary.join(', ')}
        </Text>
        {running ? (
          <Progress
            className={classes.bar}
            size="sm"
            color="var(--rasr-accent)"
            value={(done / total) * 100}
            aria-label={t('imports.progress')}
          />
        ) : (
          <CloseButton size="sm" aria-label={t('dismiss')} onClick={onDismiss} />
        )}
      </div>
      {listed.missing > 0 && (
        <Text size="sm" className={classes.fault}>
          {t('imports.missing', { count: listed.missing })}
        </Text>
      )}
      <div className={classes.filters}>
        <UnstyledButton className={classes.filter} aria-pressed={only === null} onClick={() => setOnly(null)}>
          {t('imports.all')} <span className={classes.count}>{listed.files.length}</span>
        </UnstyledButton>
        {FILE_STATES.filter((state) => counts[state] > 0).map((state) => (
          <UnstyledButton
            key={state}
            className={classes.filter}
            aria-pressed={only === state}
            data-state={state}
            onClick={() => setOnly(only === state ? null : state)}
          >
            {t(`imports.states.${state}`)} <span className={classes.count}>{counts[state]}</span>
          </UnstyledButton>
        ))}
      </div>
      <FileList files={shown} />
    </section>
  );
}

function refusedIn({ small, blurred, unreadable }: Record<FileState, number>): number {
  return small + blurred + unreadable;
}

const LINE = 30;

/** The files, of which only those in sight are drawn. */
function FileList({ files }: { files: readonly ImportFile[] }) {
  const { t } = useTranslation('galleries');
  const host = useHost();
  const scroller = useRef<HTMLUListElement>(null);
  const virtual = useVirtualizer({
    count: files.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 6,
    getItemKey: (index) => files[index]!.id,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <ul ref={scroller} className={classes.files} aria-label={t('imports.files')} tabIndex={0}>
      <li aria-hidden style={{ height: virtual.getTotalSize() }} className={classes.room} />
      {virtual.getVirtualItems().map(({ index, key, start }) => {
        const file = files[index]!;
        const state = fileState(file);
        return (
          <li
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            className={classes.file}
            style={{ transform: `translateY(${start}px)` }}
          >
            {file.sha256 === null ? (
              <span className={classes.thumbnail} />
            ) : (
              <img
                className={classes.thumbnail}
                src={host.pictureUrl({ kind: 'reference-thumbnail', id: file.sha256 })}
                alt=""
              />
            )}
            <span className={classes.state} data-state={state}>
              {t(`imports.states.${state}`)}
            </span>
            <span className={classes.why}>
              {file.message === null ? (
                file.name
              ) : (
                <RefusalText name={file.name} message={file.message} remedy={file.remedy ?? ''} />
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
