/** Figures as people of one language write them. */
export interface Formats {
  /** A number; without options at most three decimals. */
  number(value: number, options?: Intl.NumberFormatOptions): string;
  /** A number with exactly so many decimals. */
  decimal(value: number, decimals: number): string;
  /** A share 0…1 in whole per cent; a small one that is not 0 does not become 0. */
  percent(share: number): string;
  /** A file size in decimal units, as file managers show it. @param value bytes */
  bytes(value: number): string;
  /** How long something took. @param seconds ≥ 0; from a minute on in minutes and seconds, then in hours and minutes */
  duration(seconds: number): string;
  /** A day and time of day. */
  dateTime(value: Date): string;
  /** "a, b and c" */
  list(items: readonly string[]): string;
}

const UNITS = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** @param locale BCP 47 tag */
function createFormats(locale: string): Formats {
  const numbers = new Map<string, Intl.NumberFormat>();
  const number = (value: number, options: Intl.NumberFormatOptions = {}) => {
    const key = JSON.stringify(options);
    let format = numbers.get(key);
    if (format === undefined) {
      format = new Intl.NumberFormat(locale, options);
      numbers.set(key, format);
    }
    return format.format(value);
  };
  const decimal = (value: number, decimals: number) =>
    number(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });

  return {
    number,
    decimal,
    percent(share) {
      const percent = (value: number) => number(value, { style: 'percent', maximumFractionDigits: 0 });
      return share > 0 && share < 0.005 ? `< ${percent(0.01)}` : percent(share);
    },
    bytes(value) {
      // Kilobytes whole, the others with one decimal; the first in which it stays below 1,000 as written.
      const decimals = (index: number) => (index === 0 ? 0 : 1);
      const written = (index: number) => Number((value / 1000 ** (index + 1)).toFixed(decimals(index)));
      const fitting = UNITS.findIndex((_, index) => written(index) < 1000);
      const index = fitting === -1 ? UNITS.length - 1 : fitting;
      return number(value / 1000 ** (index + 1), {
        style: 'unit',
        unit: UNITS[index]!,
        unitDisplay: 'short',
        minimumFractionDigits: decimals(index),
        maximumFractionDigits: decimals(index),
      });
    },
    // The symbols s, min and h are international.
    duration(seconds) {
      if (seconds < 59.95) return `${decimal(seconds, 1)} s`;
      const whole = Math.round(seconds);
      if (whole < 3600) return `${number(Math.floor(whole / 60))} min ${number(whole % 60)} s`;
      const minutes = Math.round(seconds / 60);
      return `${number(Math.floor(minutes / 60))} h ${number(minutes % 60)} min`;
    },
    dateTime: (value) => dates.format(value),
    list: (items) => lists.format(items),
  };
}

const made = new Map<string, Formats>();

/** The formats of a locale. @param locale BCP 47 tag */
export function formatsOf(locale: string): Formats {
  let formats = made.get(locale);
  if (formats === undefined) {
    formats = createFormats(locale);
    made.set(locale, formats);
  }
  return formats;
}
