/** Lengths and weights as a person would rather read them; they are kept in mm and grams. */
export const lengths = ['mm', 'cm', 'in'] as const;
export const weights = ['g', 'oz'] as const;

export type Length = (typeof lengths)[number];
export type Weight = (typeof weights)[number];

/** How many of what is kept make one of what is shown. */
const SIZES: Record<Length | Weight, number> = { mm: 1, cm: 10, in: 25.4, g: 1, oz: 28.349523125 };

let chosen: { length: Length; weight: Weight } = { length: 'mm', weight: 'g' };

/** From now on, sizes are told and asked for in these. */
export function measureIn(length: Length, weight: Weight): void {
  chosen = { length, weight };
}

export interface Measure {
  unit: string;
  /** From what is kept. */
  shown: (kept: number) => number;
  /** Back again, to hundredths of what is kept. */
  kept: (shown: number) => number;
}

/** How to show and to take a value of a kept unit; one that nobody converts stays as it is. */
export function measureOf(unit: string): Measure {
  const told = unit === 'mm' ? chosen.length : unit === 'g' ? chosen.weight : null;
  if (told === null || told === unit)
    return { unit, shown: (value) => value, kept: (value) => value };
  const size = SIZES[told];
  return {
    unit: told,
    shown: (kept) => round(kept / size, 1000),
    kept: (shown) => round(shown * size, 100),
  };
}

const round = (value: number, steps: number): number => Math.round(value * steps) / steps;
