import type { Instant, Share } from '@/lib/brand';

const number = new Intl.NumberFormat('en');
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
const plainDay = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });
let { day, shortDay, moment } = clocks();
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

export const formatNumber = (value: number): string => number.format(value);
export const formatShare = (value: Share): string => percent.format(value);
export const formatDay = (at: Instant): string => day.format(new Date(at));
export const formatShortDay = (at: Instant): string => shortDay.format(new Date(at));
/** A day of the calendar, such as `2024-05-01`: the same day wherever it is read. */
export const formatDate = (date: string): string => plainDay.format(new Date(date));
export const formatMoment = (at: Instant): string => moment.format(new Date(at));

/** From now on, instants are told in this time zone; undefined is the device's own. */
export function tellTimeIn(zone: string | undefined): void {
  ({ day, shortDay, moment } = clocks(zone));
}

/** The time zone that instants are told in. */
export const toldZone = (): string => moment.resolvedOptions().timeZone;

function clocks(timeZone?: string) {
  const zone = timeZone === undefined ? {} : { timeZone };
  const of = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en', { ...options, ...zone });
  return {
    day: of({ day: 'numeric', month: 'long', year: 'numeric' }),
    shortDay: of({ dateStyle: 'medium' }),
    moment: of({ dateStyle: 'medium', timeStyle: 'short' }),
  };
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 hours ago"; anything under a minute is `now`. */
export function formatAgo(at: Instant | number, now: string, at_ = Date.now()): string {
  const seconds = (at_ - new Date(at).getTime()) / 1000;
  for (const [unit, size] of STEPS) {
    if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit);
  }
  return now;
}
