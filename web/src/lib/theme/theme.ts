import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  Card,
  createTheme,
  defaultVariantColorsResolver,
  Input,
  Loader,
  type MantineColorsTuple,
  Menu,
  Modal,
  NavLink,
  Skeleton,
  Tooltip,
} from '@mantine/core';

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
    Button: Button.extend({
      defaultProps: { fw: 600 },
      vars: (_theme, props) => ({
        root: { '--button-height': props.size === 'lg' ? '52px' : touch },
      }),
    }),
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: 'subtle' },
      vars: () => ({ root: { '--ai-size': touch } }),
    }),
    Input: Input.extend({
      vars: () => ({
        wrapper: {
          '--input-height': touch,
          '--input-fz': '1rem',
          '--input-bd': 'var(--line-strong)',
          '--input-bg': 'var(--paper-raised)',
        },
      }),
    }),
    Card: Card.extend({ defaultProps: { withBorder: true, padding: 'lg' } }),
    Modal: Modal.extend({ defaultProps: { centered: true, radius: 'md' } }),
    Loader: Loader.extend({ defaultProps: { type: 'dots', size: 'sm' } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        events: { hover: true, focus: true, touch: true },
        multiline: true,
        maw: 320,
      },
    }),
    NavLink: NavLink.extend({ styles: { root: { minHeight: touch } } }),
    Menu: Menu.extend({ styles: { item: { minHeight: touch } } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: 'sm' } }),
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
