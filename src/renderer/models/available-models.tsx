import { Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { AvailableModel } from './available-model.tsx';
import classes from './available-models.module.css';
import { usePulls } from './use-pulls.ts';

/** The models that can be downloaded; nothing where all of them are installed. */
export function AvailableModels() {
  const { t } = useTranslation('models');
  const pulls = usePulls();
  if (pulls.length === 0) return null;
  return (
    <section className={classes.section} aria-labelledby="available-models">
      <Title order={2} size="1rem" id="available-models">
        {t('available.title')}
      </Title>
      <Text size="sm" className={classes.quiet}>
        {t('available.lead')}
      </Text>
      <ul className={classes.list}>
        {pulls.map((model) => (
          <AvailableModel key={model.id} model={model} />
        ))}
      </ul>
    </section>
  );
}
