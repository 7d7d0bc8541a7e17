import { Button, Text } from '@mantine/core';
import { IconEraser } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import { useFormats } from '../i18n/use-formats.ts';
import { Section } from './section.tsx';
import classes from './settings.module.css';

/** How much is kept only to be faster, and the way to be rid of it. */
export function CacheSection() {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const { query, queryClient } = useApi();
  const { data } = useQuery(query.settings.storage.queryOptions());
  const clear = useMutation(
    query.settings.clearCache.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.settings.storage.queryKey() }),
    }),
  );
  const kinds = ['previews', 'features'] as const;
  return (
    <Section title={t('cache.title')} lead={t('cache.lead')}>
      {data && (
        <dl className={classes.sizes}>
          {kinds.map((kind) => (
            <div key={kind}>
              <dt>{t(`cache.${kind}`)}</dt>
              <dd>{formats.bytes(data.cache[kind])}</dd>
            </div>
          ))}
          <div>
            <dt>{t('cache.total')}</dt>
            <dd data-testid="cache-size">{formats.bytes(data.cache.previews + data.cache.features)}</dd>
          </div>
        </dl>
      )}
      <div>
        <Button
          variant="default"
          leftSection={<IconEraser size={18} stroke={1.5} aria-hidden />}
          loading={clear.isPending}
          onClick={() => clear.mutate()}
        >
          {t('cache.clear')}
        </Button>
        <Text size="sm" role="status" mt={4}>
          {clear.isSuccess && t('cache.cleared')}
        </Text>
      </div>
    </Section>
  );
}
