import { Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './settings.module.css';

interface SectionProps {
  readonly title: string;
  /** What it is about, in a sentence or two. */
  readonly lead?: string;
  readonly children: ReactNode;
}

/** Settings that belong together. */
export function Section({ title, lead, children }: SectionProps) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div>
        <Title order={2} size="1rem" id={id}>
          {title}
        </Title>
        {lead !== undefined && (
          <Text size="sm" className={classes.quiet} mt={4}>
            {lead}
          </Text>
        )}
      </div>
      <div className={classes.fields}>{children}</div>
    </section>
  );
}
