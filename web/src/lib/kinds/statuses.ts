import { useTranslation } from '@/lib/i18n';

/** The statuses of an item in the order of its life, as the kinds package spells them. */
export const statuses = [
  'wanted',
  'watchlist',
  'in_transit',
  'on_hand',
  'on_loan',
  'consigned',
  'sold',
  'traded',
  'lost',
  'removed',
] as const;

export type Status = (typeof statuses)[number];

export const isStatus = (value: string): value is Status =>
  (statuses as readonly string[]).includes(value);

export function useStatusLabel(): (status: string) => string {
  const { t } = useTranslation();
  return (status) => (isStatus(status) ? t(`common.statuses.${status}`) : status);
}
