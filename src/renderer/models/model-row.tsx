import { Badge, Button, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { BundleView } from '../../api/views.ts';
import { useApi } from '../api.ts';
import { refusalInWords } from '../host/engine-words.ts';
import { useFormats } from '../i18n/use-formats.ts';
import { figureTables, headline } from './figures.ts';
import { FileCheck } from './file-check.tsx';
import { ModelFigures } from './model-figures.tsx';
import classes from './models.module.css';

interface ModelRowProps {
  readonly model: BundleView;
  /** How many columns the table has. */
  readonly columns: number;
}

/** One model bundle, with its figures, its check and the way to put it in use. */
export function ModelRow({ model, columns }: ModelRowProps) {
  const { t } = useTranslation('models');
  const formats = useFormats();
  const { query, queryClient } = useApi();
  const [unfolded, { toggle }] = useDisclosure(false);
  const use = useMutation(
    query.models.use.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: query.models.pathKey() }),
    }),
  );
  const pull = useMutation(query.models.pull.mutationOptions());
  const figure = headline(figureTables(model.metrics));
  const fault = model.check?.fault ?? null;
  const told = fault === null ? null : refusalInWords(fault);
  return (
    <>
      <Table.Tr>
        <Table.Td>
          <Text fw={600}>{model.title}</Text>
          <Text size="xs" className={classes.quiet}>
            {model.id}
          </Text>
          {figure && (
            <Text size="sm">
              {figure.kind === 'psnr' ? t('headline.psnr', figure) : t('headline.recall', figure)}
            </Text>
          )}
          <Button
            className={classes.unfold}
            size="compact-xs"
            variant="subtle"
            color="gray"
            rightSection={<IconChevronDown size={14} stroke={1.5} className={classes.chevron} />}
            aria-expanded={unfolded}
            aria-label={t('figures.showOf', { model: model.title })}
            onClick={toggle}
          >
            {t('figures.show')}
          </Button>
          {told && (
            <Text size="sm" role="alert" className={classes.fault}>
              {told.message} {told.remedy}
            </Text>
          )}
          {fault?.code === 'BUNDLE_CORRUPT' && model.pullable && (
            <Button
              size="compact-sm"
              mt="xs"
              variant="default"
              aria-label={t('downloadModelAgain', { model: model.title })}
              onClick={() => pull.mutate({ id: model.id })}
            >
              {t('downloadAgain')}
            </Button>
          )}
        </Table.Td>
        <Table.Td>{t(`kinds.${model.kind}`)}</Table.Td>
        <Table.Td>{model.version}</Table.Td>
        <Table.Td>{model.licence}</Table.Td>
        <Table.Td className={classes.number}>{formats.bytes(model.bytes)}</Table.Td>
        <Table.Td>
          <FileCheck model={model} />
        </Table.Td>
        <Table.Td>
          {model.active ? (
            <Badge variant="light" miw="max-content">
              {t('columns.inUse')}
            </Badge>
          ) : (
            <Button
              size="compact-sm"
              loading={use.isPending}
              aria-label={t('useModel', { model: model.title })}
              onClick={() => use.mutate({ id: model.id })}
            >
              {t('use')}
            </Button>
          )}
        </Table.Td>
      </Table.Tr>
      {unfolded && (
        <Table.Tr>
          <Table.Td colSpan={columns} className={classes.figures}>
            <ModelFigures model={model} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}
