import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { BundleView } from '../../api/views.ts';
import type { Formats } from '../i18n/format.ts';
import { useFormats } from '../i18n/use-formats.ts';
import { type FigureTable, figureTables, isShare, nameInWords } from './figures.ts';
import { en } from './messages/en.ts';
import classes from './models.module.css';

const PROVENANCE = ['data', 'weights', 'hardware', 'hours', 'date', 'notes'] as const;

/** What was measured on a model and how it was made, as its manifest has it. */
export function ModelFigures({ model: { metrics, provenance } }: { model: BundleView }) {
  const { t } = useTranslation('models');
  const formats = useFormats();
  const tables = figureTables(metrics);
  return (
    <>
      <Text size="sm" className={classes.quiet}>
        {t(tables.length === 0 ? 'figures.none' : 'figures.source')}
      </Text>
      <div className={classes.tables}>
        {tables.map((table) => (
          <Figures key={`${table.path.join()} ${table.columns.join()}`} table={table} />
        ))}
      </div>
      <dl className={classes.provenance}>
        {PROVENANCE.map((name) => {
          const value = provenance[name];
          if (typeof value !== 'string' && typeof value !== 'number') return null;
          return (
            <div key={name}>
              <dt>{t(`figures.${name}`)}</dt>
              <dd>{typeof value === 'number' ? formats.number(value) : value}</dd>
            </div>
          );
        })}
      </dl>
    </>
  );
}

function Figures({ table: { path, columns, rows } }: { table: FigureTable }) {
  const named = useNames();
  const formats = useFormats();
  return (
    <Table className={classes.figureTable} verticalSpacing={4} withRowBorders={false}>
      {path.length > 0 && <Table.Caption>{path.map(named).join(' · ')}</Table.Caption>}
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          {columns.map((column) => (
            <Table.Th key={column} className={classes.figure}>
              {named(column)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ name, values }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" className={classes.rowName}>
              {named(name)}
            </Table.Th>
            {columns.map((column) => (
              <Table.Td key={column} className={classes.figure}>
                {figureWords(column, values[column], formats)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function figureWords(name: string, value: number | undefined, formats: Formats): string {
  if (value === undefined) return '–';
  if (isShare(name)) return formats.percent(value);
  return Number.isInteger(value)
    ? formats.number(value)
    : formats.number(value, { minimumSignificantDigits: 4, maximumSignificantDigits: 4 });
}

/** Names of figures in the window's language, where they are known. */
function useNames(): (name: string) => string {
  const { t } = useTranslation('models');
  return (name) => (isKnown(name) ? t(`names.${name}`) : nameInWords(name));
}

function isKnown(name: string): name is keyof typeof en.names {
  return Object.hasOwn(en.names, name);
}
