import { Button, Radio, Text } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import { DeviceChoice } from './device-choice.tsx';
import { Section } from './section.tsx';

/** How often the list is asked for while devices are measured. */
const POLL_MS = 700;

/** Which device restores photos, with what was measured on each. */
export function DevicesSection() {
  const { t } = useTranslation('settings');
  const { query, queryClient } = useApi();
  const queryKey = query.settings.devices.queryKey();
  const changed = () => queryClient.invalidateQueries({ queryKey });
  const measure = useMutation(query.settings.measureDevices.mutationOptions({ onSettled: changed }));
  const choose = useMutation(
    query.settings.useDevice.mutationOptions({
      onSettled: () =>
        Promise.all([changed(), queryClient.invalidateQueries({ queryKey: query.about.queryKey() })]),
    }),
  );
  const { data } = useQuery(
    query.settings.devices.queryOptions(undefined, { refetchInterval: measure.isPending ? POLL_MS : false }),
  );
  const chosen = data?.devices.find((device) => device.chosen);
  const cpu = data?.devices.find(({ provider }) => provider === 'cpu');
  return (
    <Section title={t('devices.title')} lead={t('devices.lead')}>
      <Radio.Group
        aria-label={t('devices.group')}
        value={choose.variables?.provider ?? chosen?.provider ?? null}
        onChange={(provider) => choose.mutate({ provider }, { onSettled: () => choose.reset() })}
      >
        {data?.devices.map((device) => (
          <DeviceChoice
            key={device.provider}
            device={device}
            processor={data.processor}
            model={data.model}
            cpu={cpu?.measurement ?? null}
          />
        ))}
      </Radio.Group>
      <div>
        <Button
          variant="default"
          leftSection={<IconGauge size={18} stroke={1.5} aria-hidden />}
          loading={measure.isPending}
          onClick={() => measure.mutate()}
        >
          {t('devices.measure')}
        </Button>
        <Text size="sm" role="status" mt={4}>
          {measure.isPending && t('devices.measuring')}
        </Text>
      </div>
      <Text size="sm" c="dimmed">
        {t('devices.retriever')}
      </Text>
    </Section>
  );
}
