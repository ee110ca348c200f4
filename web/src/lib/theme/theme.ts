import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type MantineThemeComponent,
} from '@mantine/core';
import type { MouseEvent } from 'react';

/** Mantine wants ten shades of a color; ours are tokens that already know their theme. */
const ramp = (...tokens: string[]): MantineColorsTuple =>
  tokens.map((token) => `var(--${token})`) as unknown as MantineColorsTuple;

const shades = (token: string): MantineColorsTuple =>
  ramp(...Array.from({ length: 10 }, () => token));

/** Mantine's grays go from pale to dark, its darks from pale to dark too; ours follow. */
const GRAY = [
  'paper-sunken',
  'paper-sunken',
  'line',
  'line',
  'line-strong',
  'ink-faint',
  'ink-soft',
  'ink-soft',
  'ink',
  'ink',
];
const DARK = [
  'ink',
  'ink-soft',
  'ink-faint',
  'ink-faint',
  'line-strong',
  'line',
  'paper-raised',
  'paper',
  'paper-sunken',
  'paper-sunken',
];

const touch = 'var(--touch)';

/** What a component's own `extend` does, without loading every component before the first page. */
const styled = (component: MantineThemeComponent): MantineThemeComponent => component;

export const theme = createTheme({
  primaryColor: 'accent',
  colors: {
    gray: ramp(...GRAY),
    dark: ramp(...DARK),
    accent: shades('accent'),
    danger: shades('danger'),
    gold: shades('gold'),
  },
  fontFamily: 'var(--sans)',
  headings: { fontFamily: 'var(--serif)', fontWeight: '500', textWrap: 'balance' },
  defaultRadius: 'var(--radius)',
  cursorType: 'pointer',
  respectReducedMotion: true,
  // Ink on a filled color is a token of its own: white would not be read on the dark theme's green.
  variantColorResolver: (input) => {
    const found = defaultVariantColorsResolver(input);
    return input.variant === 'filled' ? { ...found, color: 'var(--on-accent)' } : found;
  },
  focusRing: 'auto',
  components: {
    Button: styled({
      defaultProps: { fw: 600 },
      vars: (_theme: unknown, props: { size?: unknown }) => ({
        root: { '--button-height': props.size === 'lg' ? '52px' : touch },
      }),
    }),
    ActionIcon: styled({
      defaultProps: { variant: 'subtle' },
      vars: () => ({ root: { '--ai-size': touch } }),
    }),
    Input: styled({
      vars: () => ({
        wrapper: {
          '--input-height': touch,
          '--input-fz': '1rem',
          '--input-bd': 'var(--line-strong)',
          '--input-bg': 'var(--paper-raised)',
        },
      }),
    }),
    // Or the browser says nothing when the same file is chosen again.
    FileButton: styled({
      defaultProps: {
        inputProps: {
          onClick: ({ currentTarget }: MouseEvent<HTMLInputElement>) => {
            currentTarget.value = '';
          },
        },
      },
    }),
    Card: styled({ defaultProps: { withBorder: true, padding: 'lg' } }),
    Modal: styled({ defaultProps: { centered: true, radius: 'md' } }),
    Loader: styled({ defaultProps: { type: 'dots', size: 'sm' } }),
    Tooltip: styled({
      defaultProps: {
        events: { hover: true, focus: true, touch: true },
        multiline: true,
        maw: 320,
      },
    }),
    NavLink: styled({ styles: { root: { minHeight: touch } } }),
    Menu: styled({ styles: { item: { minHeight: touch } } }),
    // Words that fade from one theme to the other cannot be read on the way.
    SegmentedControl: styled({ defaultProps: { transitionDuration: 0 } }),
    Skeleton: styled({ defaultProps: { radius: 'sm' } }),
  },
});

/** Points Mantine's own variables at our tokens, which switch with the theme by themselves. */
const variables = {
  '--mantine-color-body': 'var(--paper)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-soft)',
  '--mantine-color-placeholder': 'var(--ink-faint)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--danger)',
  '--mantine-color-default': 'var(--paper-raised)',
  '--mantine-color-default-hover': 'var(--paper-sunken)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--paper-sunken)',
  '--mantine-color-disabled-color': 'var(--ink-faint)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  ...Object.fromEntries(
    ['accent', 'danger'].flatMap((name) => [
      [`--mantine-color-${name}-filled`, `var(--${name})`],
      [`--mantine-color-${name}-filled-hover`, `var(--${name}-hover)`],
      [`--mantine-color-${name}-light`, `var(--${name}-wash)`],
      [`--mantine-color-${name}-light-hover`, `var(--${name}-wash)`],
      [`--mantine-color-${name}-light-color`, `var(--${name})`],
      [`--mantine-color-${name}-outline`, `var(--${name})`],
      [`--mantine-color-${name}-outline-hover`, `var(--${name}-wash)`],
      [`--mantine-color-${name}-text`, `var(--${name})`],
      [`--mantine-color-${name}-contrast`, 'var(--on-accent)'],
    ]),
  ),
};

export const variablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...variables, '--mantine-color-white': 'var(--paper-raised)' },
  dark: { ...variables, '--mantine-color-white': 'var(--ink)' },
});
