/** Writes numbers and times for the viewer. Pure: the hooks in values.tsx bind it to who is looking. */

/** How a figure or a chart writes its numbers; `percent` takes a ratio. */
export type ValueFormat = 'count' | 'percent' | 'bytes' | 'duration' | { money: string };

export type Numeric = string | number;

export interface FormatsFor {
  /** BCP 47; the browser's where undefined. */
  locale?: string;
  /** IANA zone for instants; the browser's where undefined. */
  zone?: string;
  /** Currency where none is given. */
  currency: string;
}

export interface NumberStyle {
  /** 1.2M instead of 1,234,567. */
  compact?: boolean;
  /** Digits after the point. */
  digits?: number;
  /** Writes a plus before what is above zero. */
  signed?: boolean;
}

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

function numberFormat(locale: string | undefined, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}${JSON.stringify(options)}`;
  let format = numbers.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      roundingMode: 'halfEven',
      ...options,
    } as Intl.NumberFormatOptions);
    numbers.set(key, format);
  }
  return format;
}

function dateFormat(locale: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}${JSON.stringify(options)}`;
  let format = dates.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    dates.set(key, format);
  }
  return format;
}

/** Decimal strings are formatted as they are, never through a float. */
function write(format: Intl.NumberFormat, value: Numeric): string {
  return format.format(value as number);
}

function sign({ signed }: NumberStyle): Intl.NumberFormatOptions {
  return signed ? { signDisplay: 'exceptZero' } : {};
}

function shape({ compact, digits }: NumberStyle): Intl.NumberFormatOptions {
  if (digits !== undefined) {
    const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return compact ? { notation: 'compact', ...fixed } : fixed;
  }
  return compact ? { notation: 'compact', maximumFractionDigits: 1 } : {};
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Small shares keep a digit that tells them from nothing. */
function digitsOf(ratio: number): number {
  const size = Math.abs(ratio);
  if (size === 0 || size >= 0.0995) return 0;
  return size >= 0.001 ? 1 : 2;
}

export type Formats = ReturnType<typeof formatsFor>;

export function formatsFor({ locale, zone, currency }: FormatsFor) {
  const money = (value: Numeric, code: string = currency, style: NumberStyle = {}) =>
    write(
      numberFormat(locale, {
        style: 'currency',
        currency: code,
        currencyDisplay: 'narrowSymbol',
        ...shape(style),
        ...(style.compact ? { minimumFractionDigits: 0 } : {}),
        ...sign(style),
      }),
      value,
    );
  const count = (value: Numeric, style: NumberStyle = {}) =>
    write(numberFormat(locale, { ...shape(style), ...sign(style) }), value);
  const percent = (ratio: number, style: NumberStyle = {}) =>
    write(
      numberFormat(locale, {
        style: 'percent',
        maximumFractionDigits: style.digits ?? digitsOf(ratio),
        minimumFractionDigits: style.digits ?? 0,
        ...sign(style),
      }),
      ratio,
    );
  const bytes = (value: number) => {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
    let step = 0;
    let left = value;
    while (left >= 1000 && step < units.length - 1) {
      left /= 1000;
      step += 1;
    }
    const digits = step === 0 || left >= 100 ? 0 : 1;
    return numberFormat(locale, {
      style: 'unit',
      unit: units[step],
      unitDisplay: step === 0 ? 'long' : 'short',
      maximumFractionDigits: digits,
    }).format(left);
  };
  const unit = (value: number, name: string, digits = 0) =>
    numberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'narrow',
      maximumFractionDigits: digits,
    }).format(value);
  const duration = (ms: number) => {
    if (ms < 1000) return unit(ms, 'millisecond', ms < 10 ? 1 : 0);
    if (ms < 10_000) return unit(ms / 1000, 'second', 1);
    if (ms < minute) return unit(Math.round(ms / 1000), 'second');
    if (ms < hour) return pair(ms, minute, 'minute', 1000, 'second');
    if (ms < day) return pair(ms, hour, 'hour', minute, 'minute');
    return pair(ms, day, 'day', hour, 'hour');
  };
  const pair = (ms: number, large: number, largeName: string, small: number, smallName: string) => {
    const whole = Math.floor(ms / large);
    const rest = Math.floor((ms % large) / small);
    return rest === 0 ? unit(whole, largeName) : `${unit(whole, largeName)} ${unit(rest, smallName)}`;
  };
  /** An instant to the minute, with its year only when it is another one. */
  const time = (at: string | Date, options: { zone?: string; seconds?: boolean; now?: Date } = {}) => {
    const date = new Date(at);
    const sameYear = date.getFullYear() === (options.now ?? new Date()).getFullYear();
    return dateFormat(locale, {
      timeZone: options.zone ?? zone,
      day: 'numeric',
      month: 'short',
      ...(sameYear ? {} : { year: 'numeric' }),
      hour: '2-digit',
      minute: '2-digit',
      ...(options.seconds ? { second: '2-digit' } : {}),
    }).format(date);
  };
  /** An instant in full, with its zone. */
  const exactTime = (at: string | Date, in_?: string) =>
    dateFormat(locale, {
      timeZone: in_ ?? zone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short',
    }).format(new Date(at));
  /** "3 min ago" within a day, the time itself before and after. */
  const when = (at: string | Date, now = new Date()) => {
    const ago = now.getTime() - new Date(at).getTime();
    const size = Math.abs(ago);
    if (size >= day) return time(at, { now });
    const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
    if (size < 45_000) return relative.format(0, 'second');
    if (size < 59.5 * minute) return relative.format(-Math.round(ago / minute), 'minute');
    return relative.format(-Math.round(ago / hour), 'hour');
  };
  /** A business day, `YYYY-MM-DD`; it has no zone. */
  const writeDay = (value: string, form: 'long' | 'short' | 'weekday' | 'month' = 'long') => {
    const options: Record<typeof form, Intl.DateTimeFormatOptions> = {
      long: { day: 'numeric', month: 'short', year: 'numeric' },
      short: { day: 'numeric', month: 'short' },
      weekday: { weekday: 'short', day: 'numeric', month: 'short' },
      month: { month: 'short', year: 'numeric' },
    };
    const [year = 1970, month = 1, dayOfMonth = 1] = value.slice(0, 10).split('-').map(Number);
    return dateFormat(locale, { ...options[form], timeZone: 'UTC' }).format(
      Date.UTC(year, month - 1, dayOfMonth),
    );
  };
  /** A number as a {@link ValueFormat} says. */
  const value = (v: Numeric, format: ValueFormat = 'count', style: NumberStyle = {}) => {
    if (typeof format === 'object') return money(v, format.money, style);
    if (format === 'percent') return percent(Number(v), style);
    if (format === 'bytes') return bytes(Number(v));
    if (format === 'duration') return duration(Number(v));
    return count(v, style);
  };
  /** The whole amount with its currency's code, for a tooltip. */
  const exactMoney = (v: Numeric, code: string = currency) =>
    write(
      numberFormat(locale, {
        style: 'currency',
        currency: code,
        currencyDisplay: 'code',
        maximumFractionDigits: 4,
      }),
      v,
    );
  return { money, exactMoney, count, percent, bytes, duration, time, exactTime, when, day: writeDay, value };
}
