import { Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import { useFileDrop } from '../shell/use-file-drop.ts';
import { AvailableModels } from './available-models.tsx';
import { BrokenModels } from './broken-models.tsx';
import { ModelRow } from './model-row.tsx';
import classes from './models.module.css';

const COLUMNS = ['model', 'kind', 'version', 'licence', 'size', 'files', 'inUse'] as const;

/** The model bundles that are installed. */
export function ModelsView() {
  const { t } = useTranslation('models');
  const { query } = useApi();
  const { data: models = [] } = useQuery(query.models.list.queryOptions());
  const { data: about } = useQuery(query.about.queryOptions());
  useFileDrop(null);
  return (
    <>
      <header className={classes.header}>
        <Title order={1} size="1.125rem">
          {t('title')}
        </Title>
        {about && <Text className={classes.quiet}>{t('runsOn', about)}</Text>}
      </header>
      <div className={classes.body}>
        <Text className={classes.quiet} maw={680}>
          {t('lead')}
        </Text>
        <Table verticalSpacing="sm" className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              {COLUMNS.map((column) => (
                <Table.Th key={column}>{t(`columns.${column}`)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {models.map((model) => (
              <ModelRow key={model.id} model={model} columns={COLUMNS.length} />
            ))}
          </Table.Tbody>
        </Table>
        <BrokenModels />
        <AvailableModels />
      </div>
    </>
  );
}
