import { Badge, Button, Table, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { BundleView } from '../../api/views.ts';
import { asApiError, useApi } from '../api.ts';
import classes from './models.module.css';
import { sizeWords } from './words.ts';

const KINDS: Record<BundleView['kind'], string> = {
  retriever: 'Retriever',
  generator: 'Generator',
  fusion: 'Fusion',
};

/** One model bundle, with its check and the way to put it in use. */
export function ModelRow({ model }: { model: BundleView }) {
  const { client, query, queryClient } = useApi();
  const use = useMutation(
    query.models.use.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: query.models.pathKey() }),
    }),
  );
  const verify = useMutation({
    mutationFn: () => client.models.verify.mutate({ id: model.id }),
    networkMode: 'always',
    meta: { quiet: true },
  });
  const pull = useMutation(query.models.pull.mutationOptions({ onSuccess: () => verify.reset() }));
  const fault = verify.error === null ? null : asApiError(verify.error);
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>{model.title}</Text>
        <Text size="xs" className={classes.quiet}>
          {model.id}
        </Text>
        {fault && (
          <Text size="sm" role="alert" className={classes.fault}>
            {fault.message} {fault.remedy}
          </Text>
        )}
        {fault?.code === 'BUNDLE_CORRUPT' && model.pullable && (
          <Button
            size="compact-sm"
            mt="xs"
            variant="default"
            aria-label={`Download ${model.title} again`}
            onClick={() => pull.mutate({ id: model.id })}
          >
            Download again
          </Button>
        )}
      </Table.Td>
      <Table.Td>{KINDS[model.kind]}</Table.Td>
      <Table.Td>{model.version}</Table.Td>
      <Table.Td>{model.licence}</Table.Td>
      <Table.Td className={classes.number}>{sizeWords(model.bytes)}</Table.Td>
      <Table.Td>
        {verify.isSuccess ? (
          <span className={classes.intact} role="status">
            <IconCircleCheck size={18} stroke={1.5} aria-hidden />
            Intact
          </span>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={verify.isPending}
            aria-label={`Verify ${model.title}`}
            onClick={() => verify.mutate()}
          >
            Verify
          </Button>
        )}
      </Table.Td>
      <Table.Td>
        {model.active ? (
          <Badge variant="light">In use</Badge>
        ) : (
          <Button
            size="compact-sm"
            loading={use.isPending}
            aria-label={`Use ${model.title}`}
            onClick={() => use.mutate({ id: model.id })}
          >
            Use
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
