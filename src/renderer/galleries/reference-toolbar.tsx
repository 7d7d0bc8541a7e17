import { ActionIcon, Button, CloseButton, NativeSelect, Text } from '@mantine/core';
import { IconSortAscending, IconSortDescending } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './reference-toolbar.module.css';
import type { ReferenceFilter } from './statistics-dialog.tsx';
import { ORDERS, type OrderChoice } from './use-order.ts';

interface ReferenceToolbarProps {
  readonly order: OrderChoice;
  readonly onOrder: (order: OrderChoice) => void;
  /** How many references are shown. */
  readonly count: number;
  readonly filter: ReferenceFilter | null;
  readonly onEndFilter: () => void;
  readonly onSelect: (ids: readonly number[]) => void;
  readonly onSelectAll: () => void;
}

/** How the references are ordered, and which are shown. */
export function ReferenceToolbar(props: ReferenceToolbarProps) {
  const { order, onOrder, count, filter, onEndFilter, onSelect, onSelectAll } = props;
  const { t } = useTranslation('galleries');
  return (
    <div className={classes.toolbar}>
      {filter === null ? (
        <>
          <NativeSelect
            size="xs"
            aria-label={t('order.label')}
            data={ORDERS.map((by) => ({ value: by, label: t(`order.${by}`) }))}
            value={order.by}
            onChange={({ currentTarget }) =>
              onOrder({ ...order, by: currentTarget.value as OrderChoice['by'] })
            }
          />
          <ActionIcon
            variant="default"
            size={30}
            aria-label={order.descending ? t('order.descending') : t('order.ascending')}
            title={order.descending ? t('order.descending') : t('order.ascending')}
            onClick={() => onOrder({ ...order, descending: !order.descending })}
          >
            {order.descending ? (
              <IconSortDescending size={16} stroke={1.5} />
            ) : (
              <IconSortAscending size={16} stroke={1.5} />
            )}
          </ActionIcon>
        </>
      ) : (
        <>
          <CloseButton size="sm" aria-label={t('filter.end')} title={t('filter.end')} onClick={onEndFilter} />
          <Text size="sm" fw={600} role="status">
            {t(`filter.${filter.kind}`, { count })}
          </Text>
          {filter.kind === 'duplicates' && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => onSelect(filter.groups.flatMap(([, ...worse]) => worse))}
            >
              {t('filter.selectWorse')}
            </Button>
          )}
        </>
      )}
      <Button size="compact-sm" variant="subtle" color="gray" className={classes.all} onClick={onSelectAll}>
        {t('selection.all')}
      </Button>
    </div>
  );
}
