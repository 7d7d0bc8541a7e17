import { Button, Input, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFolderOpen, IconFolders } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import { OpenLibrary } from './open-library.tsx';
import { Section } from './section.tsx';
import classes from './settings.module.css';

/** Where the library is, and the way to another. */
export function LibrarySection() {
  const { t } = useTranslation('settings');
  const { query } = useApi();
  const { library } = useHost();
  const { data } = useQuery(query.settings.storage.queryOptions());
  const [opening, { open, close }] = useDisclosure(false);
  return (
    <Section title={t('library.title')} lead={t('library.lead')}>
      <div>
        <Input.Label component="div">{t('library.location')}</Input.Label>
        <Text className={classes.path} data-testid="library-folder">
          {data?.library}
        </Text>
      </div>
      <div className={classes.actions}>
        {library.show !== null && (
          <Button
            variant="default"
            leftSection={<IconFolderOpen size={18} stroke={1.5} aria-hidden />}
            onClick={library.show}
          >
            {t('library.show')}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconFolders size={18} stroke={1.5} aria-hidden />}
          onClick={open}
        >
          {t('library.change')}
        </Button>
      </div>
      <OpenLibrary opened={opening} onClose={close} />
    </Section>
  );
}
