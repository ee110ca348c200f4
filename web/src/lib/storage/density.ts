export const densities = ['gallery', 'grid', 'table'] as const;

export type Density = (typeof densities)[number];
