import { Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api.ts';
import { useFileDrop } from '../shell/use-file-drop.ts';
import { AvailableModels } from './available-models.tsx';
import { ModelRow } from './model-row.tsx';
import classes from './models.module.css';

/** The model bundles that are installed. */
export function ModelsView() {
  const { query } = useApi();
  const { data: models = [] } = useQuery(query.models.list.queryOptions());
  const { data: about } = useQuery(query.about.queryOptions());
  useFileDrop(null);
  return (
    <>
      <header className={classes.header}>
        <Title order={1} size="1.125rem">
          Models
        </Title>
        {about && (
          <Text className={classes.quiet}>
            {about.tool} · runs on {about.device}
          </Text>
        )}
      </header>
      <div className={classes.body}>
        <Text className={classes.quiet} maw={680}>
          The retriever finds references that look like the photo; the generator restores the photo with them.
          The fusion network takes over where a reference shows this very object. One of each is in use.
        </Text>
        <Table verticalSpacing="sm" className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Model</Table.Th>
              <Table.Th>Kind</Table.Th>
              <Table.Th>Version</Table.Th>
              <Table.Th>Licence</Table.Th>
              <Table.Th>Size</Table.Th>
              <Table.Th>Files</Table.Th>
              <Table.Th>In use</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {models.map((model) => (
              <ModelRow key={model.id} model={model} />
            ))}
          </Table.Tbody>
        </Table>
        <AvailableModels />
      </div>
    </>
  );
}
