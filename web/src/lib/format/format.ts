import type { Instant, Share } from '@/lib/brand';

const number = new Intl.NumberFormat('en');
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric' });
const shortDay = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

export const formatNumber = (value: number): string => number.format(value);
export const formatShare = (value: Share): string => percent.format(value);
export const formatDay = (at: Instant): string => day.format(new Date(at));
export const formatShortDay = (at: Instant): string => shortDay.format(new Date(at));
export const formatMoment = (at: Instant): string => moment.format(new Date(at));

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
